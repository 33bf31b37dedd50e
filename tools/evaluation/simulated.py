"""Photos and sweeps made from sharp photos, for choosing thresholds: with growing blur, or as the Kaggle set has it.

Only what is in focus, and how much not, is known exactly here; the pictures are real.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from training import optics

from evaluation.pictures import Photo, Sweep, as_sweep, no_larger
from focuscam.cameras.photo import read_photo
from focuscam.cameras.recorded import images_in
from focuscam.frame import Luma

RADII = (9, 7, 5.5, 4.2, 3.2, 2.4, 1.8, 1.3, 0.9, 0.5, 0, 0.5, 1.2, 2.2, 3.6, 5.5)
"""Radii of the blur disc along a sweep, px of a frame 640 px long."""
SIDES = (640, 800, 960, 1280, 2028)
GAMMA = 2.2


def _blurred(luma: Luma, psf: np.ndarray) -> Luma:
    light = optics.through(psf, optics.linear(luma.astype(np.float32), GAMMA))
    return np.rint(255 * np.power(np.clip(light, 0, 1), 1 / GAMMA)).astype(np.uint8)


def sweeps(folder: Path, count: int, seed: int = 5) -> list[Sweep]:
    """Sweeps of `count` photos of a folder, spread over it: each at a size of its own, through a lens of its own."""
    rng = np.random.default_rng(seed)
    files = images_in(folder)
    made = []
    for path in files[:: max(1, len(files) // count)][:count]:
        luma = no_larger(read_photo(path).fine, int(rng.choice(SIDES)))
        scale = max(luma.shape) / 640
        # No lens is perfect: a blur that stays, of up to half a pixel.
        sharp = _blurred(luma, optics.gaussian(rng.uniform(0, 0.5) * scale / 2))
        lumas = [_blurred(sharp, optics.aperture(radius * scale, np.random.default_rng(seed))) for radius in RADII]
        made.append(as_sweep(path.stem, [f"{radius:g}" for radius in RADII], lumas))
    return made


def photos(folder: Path, seed: int = 6, side: int = 400) -> list[Photo]:
    """Each photo of a folder three times, small: sharp, out of focus, shaken."""
    rng = np.random.default_rng(seed)
    made = []
    for path in images_in(folder):
        sharp = no_larger(read_photo(path).fine, side)
        defocused = _blurred(sharp, optics.aperture(float(rng.uniform(1.2, 6)), rng))
        moved = _blurred(sharp, optics.shake(float(rng.uniform(5, 25)), rng))
        for kind, luma in (("none", sharp), ("defocus", defocused), ("motion", moved)):
            made.append(Photo(path.name, path.stem, kind, luma))
    return made
