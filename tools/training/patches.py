"""Patches to learn from: cut where a photo is sharp, taken again by the simulated camera, and labelled with their blur.

A label is physics, not opinion: `blur` in px (see optics), and which part of it is motion. Where
the line between sharp and soft lies is decided later, in networks.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.focus.measures import normalised
from training import optics
from training.photos import Grey, cells, shrunk

SIDE = 64
"""Side of a patch, px."""

SHARP_SOFTNESS = 0.7
"""A place in a photo is sharp enough to start from where its softness (photos.cells) is below this, px squared."""
USUAL_SOFTNESS = 0.3
"""What a sharp picture's softness usually is: the part above it counts as blur."""


ADDED = ("tremor", "lamps", "glow", "haze", "bands", "borders", "late-noise")
"""What the simulated camera does for the sake of one failure each. Any can be left out, to see what it brings."""

Spread = tuple[float, float, float]
"""As a row of Patches.spread."""


@dataclass
class Patches:
    """Patches and their labels, all of the same length n."""

    luma: npt.NDArray[np.uint8]
    """(n, 64, 64), as the network will see them: normalised."""
    spread: npt.NDArray[np.float32]
    """(n, 3): how a point was spread, as variances in px squared: across, across and down together, down."""
    motion: npt.NDArray[np.float32]
    """1 where the blur is motion, 0 where it is defocus, NaN where there is none or it is both."""
    scene: npt.NDArray[np.int32]
    """Which photo or series the patch is from: splits are by scene."""

    def __len__(self) -> int:
        return len(self.spread)

    @property
    def blur(self) -> npt.NDArray[np.float32]:
        """Blur of each patch along its worst axis, px: 0 is as sharp as the pixels allow. (n,)"""
        across, both, down = self.spread.T
        largest = (across + down) / 2 + np.hypot((across - down) / 2, both)
        result: npt.NDArray[np.float32] = 2 * np.sqrt(np.maximum(largest, 0))
        return result

    def along(self, degrees: float) -> npt.NDArray[np.float32]:
        """Blur of each patch along one axis, px: 0 degrees is across, 90 down. (n,)"""
        across, both, down = self.spread.T
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        result: npt.NDArray[np.float32] = 2 * np.sqrt(np.maximum(c * c * across + 2 * c * s * both + s * s * down, 0))
        return result

    def where(self, keep: npt.NDArray[np.bool_]) -> Patches:
        """The patches of a boolean mask or an index."""
        return Patches(self.luma[keep], self.spread[keep], self.motion[keep], self.scene[keep])


def none() -> Patches:
    """No patches."""
    empty = np.empty(0, np.float32)
    return Patches(np.empty((0, SIDE, SIDE), np.uint8), np.empty((0, 3), np.float32), empty, np.empty(0, np.int32))


def joined(parts: list[Patches]) -> Patches:
    """Several sets as one."""
    return Patches(
        *(np.concatenate([getattr(p, name) for p in parts]) for name in ("luma", "spread", "motion", "scene"))
    )


def places(luma: Grey, rng: np.random.Generator, count: int, sharp: bool = False) -> list[tuple[int, int, float]]:
    """Centres (x, y) of up to `count` sharp places of a photo, and the softness of each.

    Most are among the most telling ones, as the light will choose them; the rest come from weaker
    texture, so that the network is not lost there. sharp: the picture is known to be so everywhere.
    """
    if min(luma.shape) < SIDE + 16:
        return []
    stride = 16
    detail, softness = cells(luma, SIDE, stride)
    if sharp:
        softness = np.full_like(softness, USUAL_SOFTNESS)
    rows, columns = np.nonzero((softness < SHARP_SOFTNESS) & (detail > (0.3 if sharp else 0.8)))
    if not len(rows):
        return []
    strength = detail[rows, columns].argsort().argsort() / max(len(rows) - 1, 1)
    weight = np.where(rng.random(len(rows)) < 0.75, strength**3, 0.3) + 1e-3
    chosen = rng.choice(len(rows), min(count, len(rows)), replace=False, p=weight / weight.sum())
    half = SIDE // 2
    return [
        (int(columns[i]) * stride + half, int(rows[i]) * stride + half, float(softness[rows[i], columns[i]]))
        for i in chosen
    ]


def cut(luma: Grey, x: int, y: int, side: int) -> Grey:
    """A square around a centre; the photo is mirrored beyond its rim."""
    half = side // 2
    top, left = y - half, x - half
    rows, columns = np.arange(top, top + side), np.arange(left, left + side)
    height, width = luma.shape

    def mirror(index: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
        index = np.abs(index) % (2 * size - 2)
        return np.where(index >= size, 2 * size - 2 - index, index)

    return luma[np.ix_(mirror(rows, height), mirror(columns, width))]


def lens(rng: np.random.Generator, without: str = "") -> tuple[Grey, Spread, float]:
    """What one exposure does to a point: its picture, its spread and its motion as in Patches.

    without: one of ADDED that is left out.
    """
    kind = rng.random()
    radius, length = 0.0, 0.0
    if kind < 0.25:
        radius = rng.uniform(0, 1.0)
    elif kind < 0.43:
        radius = rng.uniform(0.8, 4.0)
    elif kind < 0.61:
        radius = float(np.exp(rng.uniform(np.log(3.0), np.log(32.0))))
    elif kind < 0.92:
        length = float(np.exp(rng.uniform(np.log(2.0), np.log(36.0))))
        radius = rng.uniform(0, 0.8)
    else:
        length, radius = rng.uniform(2.0, 20.0), rng.uniform(0.5, 6.0)
    softness = rng.uniform(0, 0.7) if rng.random() < 0.5 else 0.0
    psf = optics.aperture(radius, rng)
    moved = None
    if length:
        moved = optics.tremor(length, rng) if rng.random() < 0.5 and without != "tremor" else optics.shake(length, rng)
    share = optics.variances(moved)[0] / (optics.variances(psf)[0] + 1e-6) if moved is not None else 0.0
    for other in (moved, optics.gaussian(softness)):
        if other is not None and other.size > 1:
            grown = cv2.copyMakeBorder(psf, *([other.shape[0] // 2] * 4), cv2.BORDER_CONSTANT, value=0)
            psf = cv2.filter2D(grown, -1, other[::-1, ::-1], borderType=cv2.BORDER_CONSTANT)
    blur = 2 * optics.variances(psf)[0] ** 0.5
    spread = optics.covariance(psf)
    if blur < 1.3:
        motion = np.nan
    elif share > 3:
        motion = 1.0
    elif not length:
        motion = 0.0
    else:
        motion = np.nan
    return psf, spread, motion


def exposure(picture: Grey, psf: Grey, rng: np.random.Generator, without: str = "") -> Grey:
    """The picture (encoded luma) through the lens, in another light, encoded again."""
    gamma = rng.uniform(1.8, 2.4)
    light = optics.linear(picture, gamma)
    if rng.random() < 0.3 and without != "lamps":
        # What was clipped in the photo was brighter than it says: lamps and glints grow into discs of light.
        light = (
            light + np.float32(rng.uniform(0.5, 6)) * np.clip(light - np.float32(rng.uniform(0.7, 0.95)), 0, None) * 4
        )
    light = optics.through(psf, light)
    if rng.random() < 0.12 and without != "glow":
        light = optics.glowing(light, rng.uniform(0.05, 0.4), rng.uniform(3, 12))
    if rng.random() < 0.25 and without != "haze":
        light = optics.hazy(light, float(np.exp(rng.uniform(np.log(0.05), 0))), rng.uniform(0.05, 0.9))
    if rng.random() < 0.06 and without != "bands":
        light = optics.banded(light, rng)
    stops = rng.uniform(-2, 1) if rng.random() < 0.6 else 0.0
    return optics.encoded(light * np.float32(2.0**stops), gamma)


def sensor(luma: Grey, rng: np.random.Generator) -> tuple[Grey, float]:
    """Noise, and what a camera's processor does against it and for the looks; and the noise's sigma, grey levels."""
    strength, sigma = rng.random(), 0.0
    if strength > 0.3:
        sigma = float(np.exp(rng.uniform(np.log(0.5), np.log(4)))) if strength < 0.65 else rng.uniform(3, 20)
        grain = rng.uniform(0.3, 1.0) if sigma < 6 and rng.random() < 0.3 else 0.0
        luma = optics.noisy(luma, sigma, rng.uniform(0, 1), grain, rng)
    if rng.random() < 0.08:
        luma = cv2.bilateralFilter(luma, 5, rng.uniform(5, 25), 1.5)
    if rng.random() < 0.05:
        luma = cv2.medianBlur(np.clip(luma, 0, 255).astype(np.uint8), 3).astype(np.float32)
    if rng.random() < 0.3:
        luma = optics.sharpened(luma, rng.uniform(0.2, 1.5), rng.uniform(0.6, 1.6))
    if rng.random() < 0.3:
        bend = rng.uniform(-0.6, 0.6)  # an S-curve, or its inverse
        v = np.clip(luma, 0, 255) / 255
        luma = (v + bend * (v - 0.5) * v * (1 - v) * 4) * 255
    return luma, sigma


def written(
    luma: Grey, sigma: float, rng: np.random.Generator, without: str = ""
) -> tuple[npt.NDArray[np.uint8], float]:
    """To whole grey levels and through a file, as pictures reach us; sometimes in less light, or with noise on top."""
    if rng.random() < 0.15:
        light = rng.uniform(0.25, 0.7)
        luma, sigma = luma * np.float32(light), sigma * light
    picture = np.clip(np.rint(luma), 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        picture = optics.jpeg(picture, int(rng.integers(50, 99)))
    if rng.random() < 0.2 and without != "late-noise":
        late = rng.uniform(2, 18)
        picture = np.clip(np.rint(optics.noisy(picture.astype(np.float32), late, 0.0, 0.0, rng)), 0, 255).astype(
            np.uint8
        )
        sigma = float(np.hypot(sigma, late))
    return picture, sigma


def telling(patch: npt.NDArray[np.uint8], sigma: float) -> bool:
    """Whether there is structure that noise of `sigma` does not explain: the light asks about no other patches."""
    small = cv2.resize(patch, (SIDE // 4, SIDE // 4), interpolation=cv2.INTER_AREA)
    return float(small.std()) > 1.2 + 0.4 * sigma


def taken(
    photo: Grey, x: int, y: int, softness: float, rng: np.random.Generator, without: str = ""
) -> tuple[npt.NDArray[np.uint8], Spread, float] | None:
    """One patch of a photo, taken again: (64, 64) uint8 as seen by the network, its spread, its motion.

    without: one of ADDED that is left out. None, nine times of ten, where noise has left nothing to see.
    """
    psf, (across, both, down), motion = lens(rng, without)
    enlarged = rng.uniform(1.0, 1.5) if rng.random() < 0.2 else 1.0
    inner = int(np.ceil(SIDE / enlarged)) + 16
    picture = cut(photo, x, y, inner + psf.shape[0] + 1)
    turn = int(rng.integers(4))
    picture = np.ascontiguousarray(np.rot90(picture, turn))
    if rng.random() < 0.5:
        picture = np.ascontiguousarray(picture[:, ::-1])
    if rng.random() < 0.05:
        picture = 255 - picture
    luma = exposure(picture, psf, rng, without)
    if rng.random() < 0.05 and without != "borders":
        luma = optics.masked(luma, rng)
    luma, sigma = sensor(luma, rng)
    extra = max(softness - USUAL_SOFTNESS, 0.0)
    if enlarged > 1.0:
        side = round(luma.shape[0] * enlarged)
        luma = cv2.resize(luma, (side, side), interpolation=cv2.INTER_LINEAR if rng.random() < 0.5 else cv2.INTER_CUBIC)
        extra = extra * enlarged**2 + 0.3 * (enlarged**2 - 1)
    spread = enlarged**2 * across + extra, enlarged**2 * both, enlarged**2 * down + extra
    out, sigma = written(luma, sigma, rng, without)
    # Anywhere inside, so that JPEG's blocks do not always fall on the patch's corner.
    slack = (out.shape[0] - SIDE) // 2
    top, left = (slack + int(rng.integers(-3, 4)) for _ in "yx")
    patch = out[top : top + SIDE, left : left + SIDE]
    if not telling(patch, sigma) and rng.random() < 0.9:
        return None
    return normalised(patch[None])[0], spread, motion


def from_photo(photo: Grey, scene: int, count: int, seed: int, sharp: bool = False, without: str = "") -> Patches:
    """Up to `count` patches of one photo, at several sizes of it. The seed decides everything.

    sharp: the picture is known to be so everywhere. without: one of ADDED that is left out.
    """
    rng = np.random.default_rng([seed, scene])
    found: list[tuple[npt.NDArray[np.uint8], Spread, float]] = []
    rounds = 6
    for _ in range(rounds):
        # A photo shown smaller is sharper, and another scene; the smallest still has something on it.
        smallest = min(1.0, 256 / min(photo.shape))
        view = shrunk(photo, float(np.exp(rng.uniform(np.log(max(smallest, 0.2)), 0)))) if smallest < 1 else photo
        spots = places(view, rng, max(1, count // (2 * rounds)), sharp)
        for x, y, softness in spots:
            found += [patch for _ in range(2) if (patch := taken(view, x, y, softness, rng, without))]
    if not found:
        return none()
    luma, spread, motion = zip(*found, strict=True)
    return Patches(
        np.stack(luma), np.array(spread, np.float32), np.array(motion, np.float32), np.full(len(found), scene, np.int32)
    )
