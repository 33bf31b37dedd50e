"""The zones of a picture, and the contrast of each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from focuscam.focus.measures import noise_and_contrast, reduction
from focuscam.frame import Luma

Floats = npt.NDArray[np.float64]

ROWS, COLUMNS = 5, 7
"""Odd, so that one lies in the middle; few, so that each has several tiles of the measure in a picture of 640 px."""


def boxes(height: int, width: int) -> list[tuple[slice, slice]]:
    """Rows and columns of each zone in px, row by row."""
    tops = np.linspace(0, height, ROWS + 1).round().astype(int)
    lefts = np.linspace(0, width, COLUMNS + 1).round().astype(int)
    return [
        (slice(int(tops[y]), int(tops[y + 1])), slice(int(lefts[x]), int(lefts[x + 1])))
        for y in range(ROWS)
        for x in range(COLUMNS)
    ]


def contrasts(luma: Luma) -> Floats:
    """The contrast of each zone, without a unit: (ROWS * COLUMNS,). See `focus.measures.noise_and_contrast`."""
    smaller = reduction(max(luma.shape))
    return np.array([noise_and_contrast(luma[box], smaller)[1] for box in boxes(*luma.shape)])


def places(height: int, width: int) -> Floats:
    """Where the zones' middles lie: (zones, 3), x, y and r.

    x and y in widths and heights of the picture from its middle, -0.5 to 0.5, right and down; r in half
    diagonals, 0 in the middle and 1 in a corner.
    """
    spread = boxes(height, width)
    x = np.array([(columns.start + columns.stop) / 2 / width - 0.5 for _, columns in spread])
    y = np.array([(rows.start + rows.stop) / 2 / height - 0.5 for rows, _ in spread])
    return np.column_stack([x, y, radius(x, y, height, width)])


def radius(x: Floats, y: Floats, height: int, width: int) -> Floats:
    """Distance from the middle in half diagonals; x and y as `places` has them."""
    return np.asarray(2 * np.hypot(x * width, y * height) / np.hypot(width, height))
