"""What the camera sees at each place of the ring: rendered and scored once, played many times."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.cameras.scales import two_scales
from focuscam.focus.region import crop
from focuscam.focus.scorer import Scorer
from focuscam.messages import Frame, Luma, Reading
from focuscam.region import SPOT
from focuscam.simulation.defocus import Blurred, Plane, composed
from focuscam.simulation.optics import ThinLens
from focuscam.simulation.scene import make_scene
from focuscam.simulation.sensor import Exposure, Sensor

SENSOR_MM = 6.287
"""Width of the HQ Camera's sensor."""
SIZE = (1352, 1014)
"""Fine luma, px: two thirds of the HQ Camera's, for speed; the circle of confusion is told in its pixels."""
CONFUSION = 2.0
"""Diameter, px of the fine luma, of the circle of confusion: what counts as in focus."""
BLURS = (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 10, 13, 16, 20, 26, 33, 42, 54, 70)
"""Diameters, px, at which the scene is rendered on either side of each best place."""
TURNS = (np.s_[:, :], np.s_[::-1], np.s_[:, ::-1])
VARIANTS = ("still", "still again", "shaken", "dim")
SHAKE_PX = 12
GLASSES = ("good", "end stop", "soft", "breathing")
"""Kinds of lenses: best at the very end of its ring; never sharper than SOFTEST; with another field of view at each
place of the ring."""
SOFTEST = 3.0
"""Diameter, px, of the disc that a soft lens makes of a point at its best."""
BREATHES = 1.1
"""Times the size that things have at the near end of a breathing ring: strong, but sold."""


@dataclass(frozen=True)
class Shot:
    """One frame, as everybody sees it."""

    reading: Reading
    raw: float
    """Variance of the Laplacian of the coarse luma in the spot: what a plain contrast light has."""
    blur: float = math.nan
    """Diameter of the subject's disc, px: the truth, which nobody is shown."""


class View:
    """A scene through a lens: a shot for any place of the ring, 0 to 1."""

    def __init__(
        self, name: str, seed: int, lens: ThinLens, light: float, kind: str, scorer: Scorer, glass: str = "good"
    ) -> None:
        """kind: plain; weak: a subject of little contrast before a strong background; fence: bars before the board.

        glass: one of GLASSES.
        """
        self.name = name
        self.glass = glass
        # All boards are alike from afar: turned, each next one is another subject, as it should be.
        self._turned = TURNS[seed % len(TURNS)]
        random = np.random.default_rng(seed)
        stage = planes(kind, random)
        self.lens = replace(lens, nearest_m=stage[1].distance) if glass == "end stop" else lens
        lens = self.lens
        self._subjects = [stage[1].distance, *([stage[2].distance] if kind == "fence" else [])]
        self.best = lens.ring(stage[1].distance)
        tops = [lens.ring(distance) for distance in self._subjects]
        steps = [sign * blur / self._px_per_ring() for blur in BLURS for sign in (-1, 1)]
        places = {place for top in tops for step in steps if 0 <= (place := top + step) <= 1}
        self._places = sorted({0.0, *places, 1.0})
        largest = [max(self._seen_radius(p.distance, ring) for ring in (0.0, 1.0)) for p in stage]
        blurred = [Blurred(plane, radius) for plane, radius in zip(stage, largest, strict=True)]
        seen = composed(blurred, [self._seen_radius(p.distance, self.best) for p in stage])
        sensor = Sensor(*SIZE, mean=float(seen.mean()) / 65535, random=random)
        self._shots: list[dict[str, Shot]] = []
        for ring in self._places:
            seen = self.framed(composed(blurred, [self._seen_radius(p.distance, ring) for p in stage]), ring)
            self._shots.append({v: self._shot(v, seen, sensor, light, scorer, random) for v in VARIANTS})

    def blur(self, ring: float) -> float:
        """Diameter, px of the fine luma, of the disc that a point of the subject becomes because it is out of focus.

        What a soft lens adds at its best is not counted: nobody can turn it away. Of the fence or the board behind it
        the sharper one counts: only the photographer knows which is meant.
        """
        return min(2 * self._radius(distance, ring) for distance in self._subjects)

    def shot(self, ring: float, variant: str) -> Shot:
        """What is seen at a place of the ring: between two rendered places, between their numbers."""
        high = min(max(bisect.bisect_left(self._places, ring), 1), len(self._places) - 1)
        here, there = self._places[high - 1], self._places[high]
        part = min(max((ring - here) / (there - here), 0.0), 1.0)
        one, other = self._shots[high - 1][variant], self._shots[high][variant]
        thumbnail = _mixed(one.reading.thumbnail, other.reading.thumbnail, part)
        reading = replace(between(one.reading, other.reading, part), thumbnail=thumbnail)
        return Shot(reading, on_the_way(one.raw, other.raw, part), self.blur(ring))

    def all_shots(self) -> Sequence[tuple[float, Shot]]:
        """(blur, shot) of every place, still."""
        return [(self.blur(p), shots["still"]) for p, shots in zip(self._places, self._shots, strict=True)]

    def _px_per_ring(self) -> float:
        return 2 * (self._radius(1e6, 1.0) - self._radius(1e6, 0.0))

    def _radius(self, distance: float, ring: float) -> float:
        return self.lens.circle_of_confusion(distance, ring) / 2 * SIZE[0] / SENSOR_MM

    def _seen_radius(self, distance: float, ring: float) -> float:
        return math.hypot(self._radius(distance, ring), SOFTEST / 2 if self.glass == "soft" else 0.0)

    def framed(self, seen: npt.NDArray[np.uint16], ring: float) -> npt.NDArray[np.uint16]:
        """What is seen, with the field of view that the lens has at this place."""
        if self.glass != "breathing":
            return seen
        height, width = seen.shape
        larger = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 0, BREATHES**ring)
        return np.asarray(cv2.warpAffine(seen, larger, (width, height), flags=cv2.INTER_CUBIC), np.uint16)

    def _shot(
        self,
        variant: str,
        seen: npt.NDArray[np.uint16],
        sensor: Sensor,
        light: float,
        scorer: Scorer,
        random: np.random.Generator,
    ) -> Shot:
        if variant == "shaken":
            seen = np.asarray(cv2.blur(seen, (SHAKE_PX, 1)), np.uint16)
        # The exposure follows the light, up to 1/30 s and gain 16; a cloud is there before the exposure is.
        total = 0.01 / light
        time = min(total, 1 / 30)
        exposure = Exposure(time, min(max(total / time, 1.0), 16.0))
        luma = sensor.luma(seen, light * (0.45 if variant == "dim" else 1.0), exposure, random)
        fine, coarse = two_scales(np.ascontiguousarray(luma[self._turned]))
        reading = scorer.score(Frame(0, 0.0, fine, coarse, 0.0))
        return Shot(reading, variance_of_laplacian(crop(coarse, SPOT)))


def variance_of_laplacian(luma: Luma) -> float:
    """The contrast that most people compute."""
    return float(cv2.Laplacian(luma, cv2.CV_64F).var())


def between(one: Reading, other: Reading, part: float) -> Reading:
    """What is read at this part of the way, 0 to 1, from one place to the other: score, blur and contrast lie between,
    the rest is that of the nearer place.
    """
    near = one if part < 0.5 else other
    score, blur = near.score, near.blur_px
    if one.score is not None and other.score is not None:
        score = (1 - part) * one.score + part * other.score
    if one.blur_px is not None and other.blur_px is not None:
        blur = (1 - part) * one.blur_px + part * other.blur_px
    return replace(near, score=score, blur_px=blur, contrast=on_the_way(one.contrast, other.contrast, part))


def on_the_way(one: float, other: float, part: float) -> float:
    """A contrast at this part of the way: its logarithm lies between."""
    return math.exp((1 - part) * math.log(one + 1e-6) + part * math.log(other + 1e-6))


def _mixed(one: bytes, other: bytes, part: float) -> bytes:
    first, second = (np.frombuffer(each, np.uint8).astype(np.float64) for each in (one, other))
    return np.rint((1 - part) * first + part * second).astype(np.uint8).tobytes()


def planes(kind: str, random: np.random.Generator) -> list[Plane]:
    """Far, subject, and what is near; the subject is the second."""
    far, board, twig = make_scene(random, *SIZE)
    width, height = SIZE
    if kind == "weak":
        # A grey card with a little of the board's drawing on it fills the spot; the leaves around it are strong.
        cover = np.zeros((height, width), np.uint16)
        cover[round(0.35 * height) : round(0.65 * height), round(0.35 * width) : round(0.65 * width)] = 65535
        pale = (0.25 * board.light + 0.75 * 12000).astype(np.uint16)
        return [far, Plane(board.distance, np.where(cover > 0, pale, 0).astype(np.uint16), cover)]
    if kind == "fence":
        bars = (np.arange(width) % (width // 18) < width // 72).astype(np.uint16) * 65535
        cover = np.ascontiguousarray(np.broadcast_to(bars, (height, width)))
        wood = np.where(cover > 0, (0.5 * far.light + 4000).astype(np.uint16), 0).astype(np.uint16)
        return [far, board, Plane(twig.distance, wood, cover)]
    return [far, board, twig]
