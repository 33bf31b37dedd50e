"""Pictures of lights made by arithmetic: stars faint and bright, a town's lamps, the moon, at any blur.

Light adds up, is spread by the lens and then cut off at white, in this order: that is what makes a bright star out of
focus a disc with a sharp rim.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

from focuscam.cameras.scales import two_scales
from focuscam.messages import Frame

KINDS = ("faint", "bright", "mirror", "lamps", "moon")
SIZE = (1014, 760)
"""Width and height, px."""

Floats = npt.NDArray[np.float32]


class Sky:
    """One of KINDS, decided by a seed. `frame` gives it at a blur; the radius of the blur disc, px."""

    def __init__(self, kind: str, seed: int) -> None:
        rng = np.random.default_rng([KINDS.index(kind), seed])
        self._seed, self._kind = seed, kind
        width, height = SIZE
        count = int(rng.integers(25, 90))
        self._places = rng.uniform((0, 0), (width, height), (count, 2))
        self._sharp = float(rng.uniform(0.7, 1.2))
        self._ground = float(rng.uniform(3, 30))
        self._noise = float(rng.uniform(1, 4))
        self._hole = float(rng.uniform(0.3, 0.5)) if kind == "mirror" else 0.0
        self._blades = int(rng.choice([0, 0, 6, 7])) if kind in ("bright", "lamps") else 0
        self._size = np.zeros(count)
        law = rng.pareto(1.2, count) + 1  # many faint ones for each bright one
        if kind == "faint":
            peak = np.clip(40 * law, 0, 200)
        elif kind == "lamps":
            peak = rng.uniform(300, 6000, count)
            self._size = rng.uniform(0.5, 3.0, count)
        else:
            peak = np.clip(80 * law, 0, 12000)
        self._light = peak * (2 * math.pi * self._sharp**2 + math.pi * self._size**2)
        self._moon = self._made_moon(rng) if kind == "moon" else None

    def _made_moon(self, rng: np.random.Generator) -> Floats:
        width, height = SIZE
        radius = float(rng.uniform(60, 200))
        x, y = rng.uniform(0.4, 0.6) * width, rng.uniform(0.4, 0.6) * height
        canvas = np.zeros((height, width), np.float32)
        cv2.circle(canvas, (int(x), int(y)), int(radius), (1.0,), cv2.FILLED, cv2.LINE_AA)
        texture = np.ones_like(canvas)
        for scale, depth in ((40, 0.35), (12, 0.2), (1.5, 0.2)):
            grain = cv2.GaussianBlur(rng.normal(0, 1, canvas.shape).astype(np.float32), (0, 0), scale)
            texture -= depth * np.clip(grain / grain.std(), -1, 1)
        # Stars are too faint beside it.
        self._light = self._light * 0
        return canvas * texture * np.float32(rng.uniform(120, 220))

    def frame(self, blur: float, number: int = 0) -> Frame:
        """The picture at a blur, with a noise of its own for each number."""
        width, height = SIZE
        light = np.full((height, width), self._ground, np.float32)
        for (x, y), amount, size in zip(self._places, self._light, self._size, strict=True):
            if amount > 0:
                self._stamp(light, x, y, amount * self._point(blur, size, x % 1, y % 1))
        if self._moon is not None:
            light += cv2.filter2D(self._moon, -1, self._point(blur, 0.0, 0.0, 0.0))
        chance = np.random.default_rng([self._seed, number, round(blur * 100)])
        shot = chance.standard_normal(light.shape).astype(np.float32)
        light += shot * (self._noise * np.sqrt(0.5 + np.clip(light, 0, 255) / 128))
        fine, coarse = two_scales(np.clip(np.rint(light), 0, 255).astype(np.uint8))
        return Frame(number, number / 30, fine, coarse, 0.0)

    def _point(self, blur: float, size: float, x: float, y: float) -> Floats:
        """What the lens makes of one light of this radius, px, at this part of a pixel; its sum is 1."""
        reach = math.ceil(blur + size + 4 * self._sharp) + 1
        at = np.arange(-reach, reach + 1, dtype=np.float32)
        across, down = np.meshgrid(at - np.float32(x), at - np.float32(y))
        spread: MatLike | None = self._aperture(across, down, blur) if blur > 0.3 else None
        if size > 0:
            disc = np.clip(size + 0.5 - np.hypot(across, down), 0, 1)
            spread = disc if spread is None else cv2.filter2D(spread, -1, disc)
        if spread is None:
            spread = np.exp(-(across**2 + down**2) / (2 * self._sharp**2))
        else:
            spread = cv2.GaussianBlur(spread, (0, 0), self._sharp)
        return np.asarray(spread / spread.sum(), np.float32)

    def _aperture(self, across: Floats, down: Floats, blur: float) -> Floats:
        from_middle = np.hypot(across, down)
        if self._blades:
            turn = np.arctan2(down, across) % (2 * math.pi / self._blades) - math.pi / self._blades
            from_middle = from_middle * np.cos(turn) / math.cos(math.pi / self._blades) ** 0.5
        disc = np.clip(blur + 0.5 - from_middle, 0, 1)
        if self._hole:
            disc *= np.clip(from_middle - self._hole * blur + 0.5, 0, 1)
        return disc.astype(np.float32)

    @staticmethod
    def _stamp(light: Floats, x: float, y: float, spot: Floats) -> None:
        reach = spot.shape[0] // 2
        left, top = int(x) - reach, int(y) - reach
        right, bottom = left + spot.shape[1], top + spot.shape[0]
        height, width = light.shape
        cut = spot[max(-top, 0) : spot.shape[0] - max(bottom - height, 0)]
        cut = cut[:, max(-left, 0) : spot.shape[1] - max(right - width, 0)]
        light[max(top, 0) : bottom, max(left, 0) : right] += cut
