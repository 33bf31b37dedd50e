"""Photos made from sharp ones as the Kaggle set has them, for choosing the thresholds of rivals.

Only what is in focus, and how much not, is known exactly here; the pictures are real.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from focuscam.cameras.photo import read_photo
from focuscam.cameras.recorded import images_in
from focuscam.messages import Luma
from lab.evaluation.pictures import Photo, no_larger
from lab.training import optics
from lab.training.optics import Grey

GAMMA = 2.2


def _blurred(luma: Luma, psf: Grey) -> Luma:
    light = optics.through(psf, optics.linear(luma.astype(np.float32), GAMMA))
    return np.asarray(np.rint(255 * np.power(np.clip(light, 0, 1), 1 / GAMMA)), np.uint8)


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
