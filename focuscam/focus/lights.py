"""Points of light on darkness: stars, lamps, the rings of a mirror telescope.

A point out of focus is a disc or a ring whose rim stays as sharp as ever, and a bright one's contrast is
highest beside focus. So nothing that looks for sharp edges can tell, and lights are measured by their size,
as astronomers do. Out of focus all points of a picture are equally large; in focus the bright ones are larger than the
faint ones, since they outshine what the sensor can hold: so the smaller ones count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.focus.measures import halved
from focuscam.messages import Luma

Floats = npt.NDArray[np.float32]
Sized = tuple[float, float]
"""Blur of a light, fine px, and its area, px."""
Window = tuple[slice, slice]

DARK = 70
"""Grey level of the ground under which a picture may be one of lights."""
GROUND = 0.3
"""Share of the pixels that are ground, at least."""
PIXELS = 260_000
"""Lights are looked for in a picture of no more pixels than so; a larger one is made smaller first."""
MOST = 40
"""Lights that are measured, at most."""
ABOVE = 10
"""Grey levels that a light has above the ground, at least; and times the noise that is left after smoothing, 7."""
FAINTER, ABOVE_FAINTLY, SEEN_FAINTLY = 4, 3, 2.0
"""Where there are none, faint discs are looked for in a picture so many times smaller still, where noise is less:
so many grey levels above the ground, and of so many px of that picture."""
NEXT_TO_NOTHING = 0.02
"""Share of the faint picture above its ground that is no scene, whatever it is."""
EMPTY = 3.0
"""Standard deviation of the ground, grey levels, that compression and a sky's glow may make beside noise."""
UNEVEN = 2.0
"""Times EMPTY, or the noise, that the ground of a small picture may deviate: dim lights blur into it."""
ALONE = 0.3
"""Share of the bright things' area that lights must make up."""
OF_ALL = 0.15
"""And of all that is bright, what the region's rim cuts included: gleams beside a tool on a dark wall are no stars."""
LARGEST = 50.0
"""Radius, fine px, of what may still be a light out of focus: a larger disc is the moon, or a thing."""
GLARE = 2.5
"""Radius, px, by which a light that is brighter than white outgrows its blur."""
WHITE = 245
"""Grey level from which a light may be brighter than white."""
POINT = 0.6
"""A single pixel with more of a light than this share is the sensor's own: no lens makes points as small."""
ROUND = 1.16
"""Times the area of the greatest circle in it that a round thing's own area may be; and its length over its width."""
UNLIKE = 0.3
"""How far a light may differ from itself turned by half a turn, as a share of its brightness."""
SMALLER = 0.3
"""Share of the lights' area that the smaller ones have which count."""
ERROR = 0.25
"""Standard deviation of the logarithm of the blur of one light; that of many is less, and no less than LEAST_ERROR."""
LEAST_ERROR = 0.1
WIDE = 8.0
"""Radius, px, from which discs are told one by one although they touch."""
FREE = 0.25
"""Share of the way around a disc that must lie in the dark without a break: around a square are four short breaks."""
BRIGHT = 0.12
"""Contrast that lights would have without any blur: about what they have by the classical measure, in focus."""
TOLD = 0.5
"""Share of what is bright that such discs must make up."""
SMOOTHED = 0.28
"""What the smoothing before the search leaves of white noise."""
LONGEST = 900
"""Longest side, px, of a frame from which its lights are allowed no more blur: a point shows what a surface hides."""
FALL = 1.5
"""Blur, px, from which the contrast of lights falls with the square of it."""


@dataclass(frozen=True, slots=True)
class Lights:
    """What lights say of a region."""

    blur_px: float | None
    """As Reading.blur_px; None: next to nothing but darkness, with something in it that can't be measured."""
    error: float
    """As Reading.blur_error."""
    count: int
    """How many were measured."""

    @property
    def contrast(self) -> float:
        """What takes the place of the classical contrast, which is highest beside focus."""
        return BRIGHT / (1 + ((self.blur_px or LARGEST) / FALL) ** 2)


def may_be(coarse: Luma, noise: float = 0.0) -> bool:
    """Whether a look for lights is worth its cost. coarse: the region, made small; noise: as for `measured`.

    Most pictures that are dark enough have a ground that is far from even, and that shows in a small one as well.
    """
    few = halved(halved(coarse))
    ground = int(np.partition(few, int(GROUND * few.size), axis=None)[int(GROUND * few.size)])
    if ground > DARK:
        return False
    around = cv2.dilate((few > ground + ABOVE).astype(np.uint8), np.ones((3, 3), np.uint8))
    return float(cv2.meanStdDev(few, mask=1 - around)[1][0, 0]) <= UNEVEN * max(EMPTY, noise)


def of(coarse: Luma, fine: Luma, noise: float) -> Lights | None:
    """The lights of a region at its two scales, looked for where it is dark; None where it is no picture of lights."""
    return measured(fine, noise) if may_be(coarse, noise) else None


def measured(view: Luma, noise: float) -> Lights | None:
    """The lights of a region, uint8 fine luma with noise of this deviation; None where it is no picture of lights."""
    smaller = math.ceil(math.sqrt(view.size / PIXELS))
    return _measured(view, noise, smaller, ABOVE) or _measured(view, noise, FAINTER * smaller, ABOVE_FAINTLY)


def _measured(view: Luma, noise: float, smaller: int, least: float) -> Lights | None:
    """The lights that rise so many grey levels, at least, above the ground of a picture made so many times smaller."""
    height, width = view.shape[0] // smaller, view.shape[1] // smaller
    if min(height, width) < 16:
        return None
    small: Luma = cv2.resize(view, (width, height), interpolation=cv2.INTER_AREA) if smaller > 1 else view  # type: ignore[assignment]
    smooth = cv2.GaussianBlur(small, (0, 0), 1.0)
    histogram = cv2.calcHist([smooth], [0], None, [256], [0, 256]).ravel()
    ground = int(np.searchsorted(np.cumsum(histogram), GROUND * smooth.size))
    if ground > DARK:
        return None
    level = ground + max(least, 7 * noise * SMOOTHED / smaller)
    above = (smooth > level).astype(np.uint8)
    if cv2.countNonZero(above) > (1 - GROUND) * smooth.size:
        return None
    around = cv2.dilate(above, np.ones((7, 7), np.uint8))
    spread = float(cv2.meanStdDev(smooth, mask=1 - around)[1][0, 0])
    if cv2.countNonZero(above) == 0 or spread > max(EMPTY, noise):
        return None
    lights, share = _apart(view, small, above, smaller, ground, noise)
    faintly = least == ABOVE_FAINTLY
    if faintly and lights and max(lights)[0] < SEEN_FAINTLY * smaller:
        lights = []
    if share < ALONE:
        lights = [(each * smaller, each**2) for each in _touching(above, LARGEST / smaller)]
    if not lights:
        little = cv2.countNonZero(above) < NEXT_TO_NOTHING * above.size
        return Lights(None, 1.0, 0) if faintly and little else None
    # By area: of a faint ring only pieces may be seen, and those look small.
    lights.sort()
    area = np.cumsum([pixels for _, pixels in lights])
    blur = max(lights[int(np.searchsorted(area, SMALLER * area[-1]))][0], 0.5)
    return Lights(blur, max(LEAST_ERROR, ERROR / math.sqrt(len(lights))), len(lights))


def _apart(
    view: Luma, small: Luma, above: npt.NDArray[np.uint8], smaller: int, ground: int, noise: float
) -> tuple[list[Sized], float]:
    """Each light that stands alone, and the share of them in the area of all bright things that stand alone."""
    height, width = above.shape
    _, _, found, _ = cv2.connectedComponentsWithStats(above, connectivity=8)
    lights, area, others = [], 0, 0
    inner = [each for each in found[1:] if _inside(each, width, height)]
    for left, top, wide, high, pixels in sorted(inner, key=lambda each: -each[cv2.CC_STAT_AREA])[:MOST]:
        # Where the picture was made smaller, a small light is looked at in the finer one.
        finer = smaller if max(wide, high) <= 24 else 1
        size = smaller // finer
        place = _around(left * finer, top * finer, wide * finer, high * finer, 3)
        window = (view if size == 1 else small)[place]
        light = _light(window, ground, noise / size)
        if light is None:
            others += pixels
        elif light > 0 and light * size <= LARGEST:
            lights.append((light * size, pixels))
            area += pixels
    share = area / max(area + others, 1)
    return lights, share if area >= OF_ALL * cv2.countNonZero(above) else 0.0


def _touching(above: npt.NDArray[np.uint8], largest: float) -> list[float]:
    """Radius, px, of the wide discs, none larger than the largest, that stand in the dark for a good part of their rim.

    None at all where they are only a small part of what is bright.
    """
    outlines, _ = cv2.findContours(above, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not any(max(cv2.boundingRect(each)[2:]) > 2 * WIDE for each in outlines):
        return []
    inside = cv2.distanceTransform(above, cv2.DIST_L2, 5)
    peaks = (inside >= cv2.dilate(inside, np.ones((9, 9), np.uint8))) & (inside > WIDE)
    height, width = above.shape
    around = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    radii, taken = [], np.zeros_like(above)
    places = np.argwhere(peaks)
    for y, x in places[np.argsort(-inside[peaks])]:
        radius = float(inside[y, x])
        if radius > largest or taken[y, x]:
            continue
        cv2.circle(taken, (int(x), int(y)), int(radius / 2), (1.0,), cv2.FILLED)
        out = max(1.06 * radius, radius + 1.5)
        rim_y, rim_x = np.rint(y + out * np.sin(around)).astype(int), np.rint(x + out * np.cos(around)).astype(int)
        seen = (rim_y >= 0) & (rim_y < height) & (rim_x >= 0) & (rim_x < width)
        dark = seen.copy()
        dark[seen] = above[rim_y[seen], rim_x[seen]] == 0
        if _longest_run(dark) >= FREE * len(dark):
            radii.append(radius)
    covered = sum(math.pi * each**2 for each in radii)
    return radii if covered > TOLD * float(cv2.countNonZero(above)) else []


def _longest_run(flags: npt.NDArray[np.bool_]) -> int:
    """Length of the longest run of true ones around a circle."""
    if flags.all():
        return len(flags)
    runs = np.flatnonzero(~np.concatenate([flags, flags]))
    return int(np.diff(runs, prepend=-1).max()) - 1


def _inside(found: npt.NDArray[np.int32], width: int, height: int) -> bool:
    """Whether a component lies wholly inside the picture."""
    left, top, wide, high, _ = found
    return bool(left > 0 and top > 0 and left + wide < width and top + high < height)


def _around(left: int, top: int, wide: int, high: int, margin: int) -> Window:
    return slice(max(top - margin, 0), top + high + margin), slice(max(left - margin, 0), left + wide + margin)


def _light(window: Luma, ground: int, noise: float) -> float | None:
    """Blur, px of this picture, of the one light in a window; None where it is none, 0 where it is one pixel's own."""
    smooth = cv2.GaussianBlur(window, (0, 0), 1.0)
    own = smooth.astype(np.float32) - ground
    peak = float(np.quantile(own, 1 - min(0.25, 4 / own.size)))
    if peak < 4 * noise * SMOOTHED:
        return None
    mask = (own > peak / 2).astype(np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=lambda each: float(cv2.boundingRect(each)[2] * cv2.boundingRect(each)[3]))
    filled = np.zeros_like(mask)
    cv2.drawContours(filled, [outline], -1, (1.0,), cv2.FILLED)
    area = float(cv2.countNonZero(filled))
    raw = window.astype(np.float32) - ground
    if area <= 25 and float(np.max(raw)) > POINT * float(np.maximum(raw * filled, 0).sum()):
        return 0.0
    left, top, wide, high = cv2.boundingRect(outline)
    if max(wide, high) > ROUND * min(wide, high) + 1.5:
        return None
    framed = cv2.copyMakeBorder(filled, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    inscribed = float(np.max(cv2.distanceTransform(framed, cv2.DIST_L2, 5)))
    if area > ROUND * math.pi * (inscribed + 0.5) ** 2:
        return None
    radius = math.sqrt(area / math.pi)
    if radius > LARGEST:
        return None
    part = own[top : top + high, left : left + wide] * filled[top : top + high, left : left + wide]
    if radius > 4:
        unlike = float(np.abs(part - part[::-1, ::-1]).mean()) / max(float(part.mean()), 1e-6)
        if unlike > UNLIKE + noise / max(peak, 1):
            return None
    if int(np.max(window)) >= WHITE:
        # Less the glare; of one that is all glare, a part, so that smaller is always better.
        return radius - GLARE if radius > 2 * GLARE else radius**2 / (4 * GLARE)
    # The smoothing has a part in a small spot, and its width at half its height is less than its blur.
    return math.sqrt(max(radius**2 - 1.4, 0.25)) * 1.3 if radius <= 4 else radius
