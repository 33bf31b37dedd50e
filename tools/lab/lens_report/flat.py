"""Flat targets to photograph, in light and in colour."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from focuscam.cameras.recorded import read_photo
from focuscam.simulation.defocus import Light
from focuscam.simulation.scene import make_scene
from lab.training import scenes
from lab.training.photos import Grey

SOFT = 0.6
"""px, standard deviation: what a lens in focus does to a point."""


def target(random: np.random.Generator, width: int, height: int, photos: Sequence[Path] = ()) -> Light:
    """A wall of leaves as in the simulated camera, posters side by side, or one of the photos: (height, width)."""
    if photos:
        luma = read_photo(photos[int(random.integers(len(photos)))]).fine
        share = max(width / luma.shape[1], height / luma.shape[0])
        enlarged = np.asarray(cv2.resize(luma, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)
        return _light(np.asarray(enlarged[:height, :width] / np.float32(255), np.float32))
    if random.random() < 0.5:
        return make_scene(random, width, height)[0].light
    return _light(_posters(random, width, height))


def _light(grey: Grey) -> Light:
    return np.asarray(cv2.GaussianBlur(grey ** np.float32(2.2) * 65535, (0, 0), SOFT).round(), np.uint16)


def _posters(random: np.random.Generator, width: int, height: int) -> Grey:
    """Grey levels, 0 to 1."""
    kinds = [scenes.page, scenes.board, scenes.leaves]
    wall = np.full((height, width), 128, np.uint8)
    side = int(random.integers(width // 4, width // 2))
    for top in range(0, height, side):
        for left in range(0, width, side):
            poster = kinds[int(random.integers(len(kinds)))](random)
            if side > len(poster):
                poster = np.asarray(cv2.resize(poster, (side, side), interpolation=cv2.INTER_CUBIC), np.float32)
            part = poster[: min(side, height - top), : min(side, width - left)]
            wall[top : top + part.shape[0], left : left + part.shape[1]] = part
    return np.asarray(wall / np.float32(255), np.float32)


def coloured(random: np.random.Generator, width: int, height: int) -> Grey:
    """Leaves of many colours, pale or strong, or posters under a coloured lamp: (height, width, 3), light, 0 to 1."""
    if random.random() < 0.5:
        lamp = np.clip(random.normal(0.75, 0.1, 3), 0.4, 1).astype(np.float32)
        return _posters(random, width, height)[..., None] ** np.float32(2.2) * lamp
    canvas = np.full((height, width, 3), 0.3, np.float32)
    sizes = np.clip(3 / np.sqrt(1 - random.random(12000) * 0.999), 3, width / 10)
    strength = random.choice([0.05, 0.15, 0.3])
    for size in sizes:
        place = int(random.integers(width)), int(random.integers(height))
        colour = np.clip(random.uniform(0.03, 0.9) * np.exp(random.normal(0, strength, 3)), 0.01, 0.98)
        axes = (int(size), max(2, int(size * random.uniform(0.3, 1))))
        cv2.ellipse(canvas, place, axes, random.uniform(0, 180), 0, 360, [float(c) for c in colour], -1)
    return canvas
