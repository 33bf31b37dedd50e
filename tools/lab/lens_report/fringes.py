"""A colour photo through a lens of known lateral chromatic aberration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lab.lens_report.flat import SOFT, coloured

SIZE = 1200, 900
WAYS = ("plain", "JPEG 4:2:0", "Bayer and JPEG 4:2:0")

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Fringed:
    """A photo, and what is true of its lens: outwards above 0, px in a corner."""

    photo: npt.NDArray[np.uint8]
    red: float
    blue: float
    way: str


def fringed(random: np.random.Generator) -> Fringed:
    """One case: a flat coloured target, red and blue a little larger or smaller than green."""
    width, height = SIZE
    over = 2
    light = coloured(random, width * over, height * over)
    half = float(np.hypot(width, height)) / 2
    red, blue = random.uniform(-3, 3, 2)
    askew = random.normal(0, 0.15, 2)
    y, x = np.mgrid[0 : height * over, 0 : width * over].astype(np.float32)
    x, y = (x + 0.5) / over - width / 2, (y + 0.5) / over - height / 2
    r2 = (x**2 + y**2) / half**2
    softness = SOFT + random.uniform(0, 0.6)
    seen = []
    for channel, corner in enumerate((red, 0.0, blue)):
        third = random.uniform(-0.5, 0.5) * corner
        out = (corner - third + third * r2) / half
        move = askew * (channel - 1)
        # What is seen at a place comes from where it was before it was displaced; displacements are small.
        from_x, from_y = x - out * x - move[0], y - out * y - move[1]
        moved = cv2.remap(
            light[..., channel],
            ((from_x + width / 2) * over - 0.5).astype(np.float32),
            ((from_y + height / 2) * over - 0.5).astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        # Blue and red are a little softer than green: no lens focuses all colours in one plane.
        moved = cv2.GaussianBlur(moved, (0, 0), over * (softness + 0.2 * (channel != 1)))
        seen.append(cv2.resize(moved, SIZE, interpolation=cv2.INTER_AREA))
    picture: Floats = np.stack(seen, -1)
    noise = random.choice([0.002, 0.005, 0.01])
    picture = picture + np.sqrt(np.maximum(picture, 0.01)) * noise * random.standard_normal(picture.shape) * 3
    way = str(random.choice(WAYS))
    if way == WAYS[2]:
        picture = _demosaiced(picture)
    grey = np.rint(np.clip(picture, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)
    if way != WAYS[0]:
        _, packed = cv2.imencode(".jpg", grey[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
        grey = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)[..., ::-1]
    return Fringed(np.ascontiguousarray(grey), red, blue, way)


def _demosaiced(picture: Floats) -> Floats:
    """One colour a pixel, as a sensor has it, and the others filled in from its neighbours."""
    raw = np.rint(np.clip(picture, 0, 1) * 65535).astype(np.uint16)
    mosaic = raw[..., 1].copy()
    mosaic[::2, ::2] = raw[::2, ::2, 0]
    mosaic[1::2, 1::2] = raw[1::2, 1::2, 2]
    # OpenCV names a pattern by its second row and column: this one begins with red, green.
    colours: Floats = cv2.cvtColor(mosaic, cv2.COLOR_BayerBG2RGB).astype(np.float32) / 65535
    return colours
