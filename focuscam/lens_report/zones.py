"""The zones of a picture, and the contrast of each."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.focus.measures import noise_and_contrast, reduction
from focuscam.messages import Luma

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


def middles(height: int, width: int) -> Floats:
    """Where the zones' middles lie: (zones, 2), x and y.

    In widths and heights of the picture from its middle, -0.5 to 0.5, right and down.
    """
    return np.array(
        [
            ((columns.start + columns.stop) / 2 / width - 0.5, (rows.start + rows.stop) / 2 / height - 0.5)
            for rows, columns in boxes(height, width)
        ]
    )


def place(luma: Luma, zone: int) -> Floats:
    """Where the detail of a zone lies, whose focus is measured: (3,), the means of x, y and r squared over it.

    luma: the whole frame, sharp in that zone. x and y as `middles` has them; r is the distance from the middle in half
    diagonals, 1 in a corner. Detail is energy of the smoothed picture's Laplacian; noise is everywhere, and so it only
    draws towards the middle of the zone.
    """
    height, width = luma.shape
    rows, columns = boxes(height, width)[zone]
    soft = cv2.GaussianBlur(luma[rows, columns].astype(np.float32), (0, 0), reduction(max(luma.shape)))
    energy = np.square(cv2.Laplacian(soft, cv2.CV_32F)).astype(np.float64) + 1e-9
    energy /= energy.sum()
    x = (np.arange(columns.start, columns.stop) + 0.5) / width - 0.5
    y = (np.arange(rows.start, rows.stop) + 0.5) / height - 0.5
    across, down = energy.sum(axis=0), energy.sum(axis=1)
    squares = square_radius(x[None, :], y[:, None], height, width)
    return np.array([across @ x, down @ y, float((energy * squares).sum())])


def square_radius(x: Floats, y: Floats, height: int, width: int) -> Floats:
    """Square of the distance from the middle, in half diagonals; x and y as `middles` has them."""
    return np.asarray(4 * (np.square(x * width) + np.square(y * height)) / (height**2 + width**2))
