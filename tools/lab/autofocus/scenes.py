"""Simulated scenes before three lenses: rendered at some places of the ring, read between them."""

from __future__ import annotations

import bisect
from dataclasses import replace

import cv2
import numpy as np

from focuscam.cameras.scales import two_scales
from focuscam.focus.scorer import Scorer
from focuscam.simulation.defocus import Blurred, Plane, composed
from focuscam.simulation.optics import ThinLens
from focuscam.simulation.sensor import Exposure, Sensor
from lab.autofocus.seen import Shot, measured
from lab.coaching.views import BLURS, SENSOR_MM, SIZE, between, on_the_way, planes

LENSES = (
    (ThinLens(), 150),
    (ThinLens(focal_mm=25.0, f_number=2.0, nearest_m=0.4), 300),
    (ThinLens(focal_mm=8.0, f_number=1.4, nearest_m=0.2), 100),
)
"""Each with the steps of its motor over the ring's travel: half a pixel of blur a step, about, which is a quarter of
the circle of confusion."""
MOST_BACKLASH = 20
"""Steps."""
KINDS = ("plain",) * 6 + ("weak",) * 2 + ("fence",)
"""How often each kind of scene comes."""
EMPTY = ("wall", "cap", "too near", "too near")
"""Scenes with nothing to focus on: a wall with a lamp's shading, a lens cap, a subject before the near end."""
TOO_NEAR_PX = (16, 60)
"""Blur, px, that such a subject has at the near end: eight times the circle of confusion, and more."""
DRAWS = 2
"""Frames of the same place: each with its own noise."""


class Scene:
    """A scene: a shot for any place of the ring, in steps."""

    def __init__(self, seed: int, number: int, scorer: Scorer, empty: bool = False) -> None:
        random = np.random.default_rng([seed, number, int(empty)])
        self.lens, self.steps = LENSES[number % len(LENSES)]
        kinds = EMPTY if empty else KINDS
        kind = kinds[(number // len(LENSES)) % len(kinds)]
        light = 0.0 if kind == "cap" else float(np.exp(random.uniform(np.log(0.02), 0.0)))
        self.name = f"{self.lens.focal_mm:g} mm, {kind}"
        self.kind = kind
        self.low = MOST_BACKLASH
        stage = self._stage(kind, random)
        # The subject is the second; of the fence and the board either is one.
        subjects = [] if empty else stage[1:3] if kind == "fence" else stage[1:2]
        self.bests = [self.lens.ring(p.distance) * (self.steps - 1) for p in subjects]
        rings = {0.0, 1.0}
        for p in stage:
            best = self.lens.ring(p.distance)
            rings |= {r for b in BLURS for s in (-1, 1) if 0 <= (r := best + s * b / self._px_per_ring()) <= 1}
        if kind in ("wall", "cap"):
            rings = {0.0, 0.5, 1.0}
        elif kind != "fence":  # what lies behind and before the subject is not in the region
            best = self.lens.ring(stage[1].distance)
            rings = {r for r in rings if r in (0.0, 1.0) or self._near_ladder(abs(r - best) * self._px_per_ring())}
        self._places = sorted(rings)
        blurred = [Blurred(p, max(self._radius(p.distance, r) for r in (0.0, 1.0))) for p in stage]
        middle = composed(blurred, [self._radius(p.distance, 0.5) for p in stage])
        sensor = Sensor(*SIZE, mean=float(middle.mean()) / 65535, random=random)
        total = 0.01 / max(light, 1e-3)
        time = min(total, 1 / 30)
        exposure = Exposure(time, min(max(total / time, 1.0), 16.0))
        upside_down = bool(random.random() < 0.5)
        self._shots: list[list[Shot]] = []
        for ring in self._places:
            view = composed(blurred, [self._radius(p.distance, ring) for p in stage])
            draws = []
            for _ in range(DRAWS):
                luma = sensor.luma(view, light, exposure, random)
                fine, coarse = two_scales(np.ascontiguousarray(luma[::-1]) if upside_down else luma)
                draws.append(measured(fine, coarse, scorer))
            self._shots.append(draws)

    def shot(self, place: float, random: np.random.Generator) -> Shot:
        """What is seen at a place, in steps: between two rendered ones, between their numbers, each in a noise."""
        ring = min(max(place / (self.steps - 1), 0.0), 1.0)
        high = min(max(bisect.bisect_left(self._places, ring), 1), len(self._places) - 1)
        here, there = self._places[high - 1], self._places[high]
        part = (ring - here) / (there - here)
        one = self._shots[high - 1][random.integers(DRAWS)]
        other = self._shots[high][random.integers(DRAWS)]
        return Shot(
            between(one.reading, other.reading, part),
            on_the_way(one.raw, other.raw, part),
            round(on_the_way(one.jpeg, other.jpeg, part)),
        )

    def blur(self, place: float) -> float:
        """Diameter, px of the fine luma, of the sharpest subject's disc."""
        return min(abs(place - best) for best in self.bests) * self._px_per_ring() / (self.steps - 1)

    def _near_ladder(self, px: float) -> bool:
        return any(abs(px - b) < 1e-6 for b in BLURS)

    def _px_per_ring(self) -> float:
        return 2 * (self._radius(1e6, 1.0) - self._radius(1e6, 0.0))

    def _radius(self, distance: float, ring: float) -> float:
        return self.lens.circle_of_confusion(distance, ring) / 2 * SIZE[0] / SENSOR_MM

    def _distance(self, ring: float) -> float:
        """The distance, m, that is sharp at a place of the ring."""
        extension = ring * self.lens.focal_mm**2 / (self.lens.nearest_m * 1000 - self.lens.focal_mm)
        return (self.lens.focal_mm + self.lens.focal_mm**2 / extension) / 1000

    def _stage(self, kind: str, random: np.random.Generator) -> list[Plane]:
        """The planes, the subject at any place of the ring that backlash leaves within reach."""
        if kind in ("wall", "cap"):
            return [_wall(random)]
        made = planes(kind if kind in ("weak", "fence") else "plain", random)
        if kind == "too near":
            rings = [1 + px / self._px_per_ring() for px in sorted(random.uniform(*TOO_NEAR_PX, len(made)))]
        else:
            reach = (MOST_BACKLASH + 1) / (self.steps - 1)
            subject = random.uniform(reach, 1 - reach)
            rings = [subject * random.uniform(0.3, 0.45), subject, subject + random.uniform(0.25, 0.4)][: len(made)]
            if kind == "fence":
                rings[1:3] = [0.65 * subject, 0.65 * subject + random.uniform(0.25, 0.33)]
        return [replace(p, distance=self._distance(ring)) for p, ring in zip(made, rings, strict=True)]


def _wall(random: np.random.Generator) -> Plane:
    """A bare wall that is lit from a side."""
    width, height = SIZE
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    lamp = np.exp(-((x - random.uniform(-0.2, 1.2)) ** 2 + (y - random.uniform(-0.2, 1.2)) ** 2))
    return Plane(1.0, np.asarray(np.rint(cv2.GaussianBlur(lamp, (0, 0), 3) * 30000), np.uint16), None)
