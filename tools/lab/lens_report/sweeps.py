"""A lens of known tilt and field curvature, swept over a flat target: frames, positions, and the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.messages import Luma
from focuscam.simulation.camera import Simulated
from focuscam.simulation.defocus import Blurred, Light, Plane
from focuscam.simulation.optics import ThinLens
from focuscam.simulation.sensor import Exposure, Sensor
from lab.lens_report.flat import target

SIZE = 960, 720
SENSOR_MM = 6.287
"""Width of the HQ Camera's sensor."""
LENSES = (
    ThinLens(),
    ThinLens(focal_mm=25.0, f_number=2.0, nearest_m=0.4),
    ThinLens(focal_mm=8.0, f_number=1.4, nearest_m=0.2),
)

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Swept:
    """A sweep and what is true of its lens, in the sweep's own positions unless another unit is named."""

    frames: list[Luma]
    positions: list[float]
    centre: float
    across: float
    """Right edge less left edge."""
    down: float
    """Bottom edge less top edge."""
    curvature: float
    """Corners less centre."""
    disc: float
    """Growth of the blur disc's diameter, px for one position."""
    degrees: float
    """Tilt of the sensor times 1 / f-number (the working one)."""


def swept(random: np.random.Generator, kind: str = "flat", photos: Sequence[Path] = ()) -> Swept:
    """One case. kind: flat; beyond, where focus lies past an end of the sweep in the middle and at most places around
    it; or a scene with depth: step or relief. photos: see `flat.target`.
    """
    width, height = SIZE
    lens = LENSES[int(random.integers(len(LENSES)))]
    distance = lens.nearest_m * random.uniform(1.2, 4)
    pitch = SENSOR_MM / width
    sharp = lens.ring(distance)
    # The disc's diameter grows in proportion to the way from the sharp position.
    disc_a_ring = lens.circle_of_confusion(distance, sharp + 1) / pitch
    tilt, direction = random.uniform(0, 12), random.uniform(0, 2 * np.pi)
    across, down = tilt * np.cos(direction), tilt * np.sin(direction) * height / width
    curvature = random.uniform(-8, 8)
    step, count = random.uniform(1.0, 3.0), int(random.integers(15, 36))
    reach = step * (count - 1)
    middle: float
    if kind == "beyond":
        middle = random.choice((-1, 1)) * (reach / 2 + 12 + random.uniform(2, 8))
    else:
        middle = random.uniform(-0.5, 0.5) * max(reach - 36, 0)
    discs = np.linspace(-reach / 2, reach / 2, count)  # on the sharp side and on the other, px
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5
    r2 = 4 * ((x * width) ** 2 + (y * height) ** 2) / (width**2 + height**2)
    surface = middle + across * x + down * y + curvature * r2
    surface = surface + _depth(kind, random, x, y)
    ladder = _Ladder(target(random, width, height, photos), float(np.abs(discs).max() + np.abs(surface).max()) / 2 + 1)
    noise = Sensor(width, height, ladder.mean, random)
    gain = float(random.choice([1, 2, 4, 8]))
    exposure = Exposure(0.01 * random.uniform(0.6, 1.2) / gain, gain)
    corner = random.uniform(0.5, 1.0)
    breathing = np.float64(random.choice([0.0, 1.0])) * pitch * lens.f_number / lens.focal_mm
    units = np.float64(random.choice([1.0, 100.0, 360.0])) / disc_a_ring  # positions for one px of disc
    jitter = np.float64(random.choice([0.0, 0.1]))
    frames = []
    for disc in discs:
        disc = disc + random.normal() * jitter * step  # a hand does not stop just where it says
        seen = ladder.through(np.abs(disc - surface) / 2) * (1 + (corner - 1) * r2)
        if breathing:
            scale = 1 + breathing * disc
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), 0, scale)
            seen = cv2.warpAffine(seen, turn, SIZE, flags=cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REFLECT)
        light = np.clip(seen, 0, 65535).astype(np.uint16)
        frames.append(noise.luma(light, 1.0, exposure, random))
    begin = sharp * units * disc_a_ring
    return Swept(
        frames,
        [begin + disc * units for disc in discs],
        centre=float(begin + middle * units),
        across=across * units,
        down=down * units,
        curvature=float(curvature * units),
        disc=float(1 / units),
        degrees=float(np.degrees(np.arctan(np.hypot(across / width, down / height)))),
    )


def _depth(kind: str, random: np.random.Generator, x: Floats, y: Floats) -> Floats | float:
    """What a scene with depth adds to the surface of focus, px of disc."""
    height = random.uniform(4, 12)
    turn, phase = random.uniform(0, np.pi), random.uniform(0, 2 * np.pi, 2)
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    if kind == "step":  # a box before a wall
        box: Floats = height * (np.abs(along - random.uniform(-0.2, 0.2)) < random.uniform(0.1, 0.25))
        return box
    if kind == "relief":
        waves = np.sin(2 * np.pi * 1.7 * along + phase[0]), np.sin(2 * np.pi * 1.3 * across + phase[1])
        relief: Floats = height / 2 * waves[0] * waves[1]
        return relief
    return 0.0


def in_depth(random: np.random.Generator) -> tuple[list[Luma], list[float]]:
    """A sweep over the simulated camera's scene, a wall, a board and leaves one before the other."""
    camera = Simulated(int(random.integers(2**31)), SIZE, hand=lambda seconds: seconds, fps=30, paced=False)
    near = camera.lens.ring(0.36)
    camera.hand = lambda seconds: seconds * near
    return [camera.frame(number).fine for number in range(31)], [float(number) for number in range(31)]


class _Ladder:
    """A flat target through a disc whose size changes from place to place."""

    def __init__(self, light: Light, largest: float) -> None:
        blurred = Blurred(Plane(1.0, light, None), largest)
        self.mean = float(light.mean()) / 65535
        radii = [0.0, 0.5]
        while radii[-1] < largest:
            radii.append(radii[-1] * 1.12)
        self._squares = np.square(radii).astype(np.float32)
        self._levels = np.stack([blurred.at(radius)[0] for radius in radii])

    def through(self, radii: Floats) -> Floats:
        """radii: px, (height, width). Between two rungs their blurs are mixed so that the variance is right."""
        wanted = np.square(radii).astype(np.float32)
        above = np.clip(np.searchsorted(self._squares, wanted), 1, len(self._squares) - 1)
        low, high = self._squares[above - 1], self._squares[above]
        share = np.clip((wanted - low) / (high - low), 0, 1)
        one, other = (np.take_along_axis(self._levels, n[None], axis=0)[0] for n in (above - 1, above))
        seen: Floats = one + (other.astype(np.float32) - one) * share
        return seen
