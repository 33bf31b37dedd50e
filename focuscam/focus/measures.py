"""Classical measures of luma: what the patches are chosen by, how they are brought to one brightness, the contrast.

Pure: numpy and OpenCV in, numbers out.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.frame import Luma

MEAN = 128.0
"""Mean of a normalised patch, grey levels."""
SPREAD = 48.0
"""Standard deviation of a normalised patch, grey levels: most of a patch stays inside 0..255."""
MOST_GAIN = 8.0
"""A patch flatter than SPREAD / MOST_GAIN (6 grey levels) is not stretched further: that would show quantisation steps."""


def normalised(patches: Luma) -> Luma:
    """Bring each patch to one mean and spread, so that exposure and scene contrast do not reach the network.

    patches: uint8, (n, height, width). Returns the same shape and type. The network is trained on
    what this returns; the noise of a patch is stretched with its picture, as it must be.
    """
    levels = np.arange(256, dtype=np.float32)
    result = np.empty(patches.shape, np.uint8)
    for patch, out in zip(patches, result, strict=True):
        mean, spread = cv2.meanStdDev(patch)
        gain = min(SPREAD / max(float(spread[0, 0]), 1e-6), MOST_GAIN)
        table: npt.NDArray[np.uint8] = np.clip(np.rint((levels - float(mean[0, 0])) * gain + MEAN), 0, 255).astype(
            np.uint8
        )
        cv2.LUT(patch, table, dst=out)
    return result


TILE = 64
"""Side of the tiles that stand for a region, px."""
TILES = 64
"""At most so many tiles: contrast then costs the same for any frame, about a quarter of a million pixels."""
RIM = 4
"""Rim of a tile, px, that its filters must not be read from: next to it lies a tile from elsewhere."""
DARK = 24.0
"""Grey levels added to the mean brightness that contrast is divided by: black frames must not win."""


def tiles(luma: Luma) -> Luma:
    """Tiles spread evenly over the luma: uint8, (rows, columns, tile height, tile width), at most TILES of them.

    Always the same places for the same size, so that frames can be compared. A luma too small for
    tiles is one tile.
    """
    height, width = luma.shape
    if height <= TILE or width <= TILE:
        return luma[None, None, : TILES * TILE, : TILES * TILE]
    rows, columns = height // TILE, width // TILE
    if rows * columns > TILES:
        rows = max(1, min(rows, round(math.sqrt(TILES * rows / columns))))
        columns = min(columns, TILES // rows)
    step_y = (height - TILE) // max(rows - 1, 1)
    step_x = (width - TILE) // max(columns - 1, 1)
    y, x = luma.strides
    return np.lib.stride_tricks.as_strided(
        luma, (rows, columns, TILE, TILE), (step_y * y, step_x * x, y, x), writeable=False
    )


def noise_and_contrast(spread: Luma) -> tuple[float, float]:
    """Standard deviation of the noise, grey levels, and the contrast, without a unit, of `tiles`.

    Noise: the fast estimate of Immerkaer (1996) in each tile, of which the quieter ones count, since
    texture looks like noise and noise is everywhere. Contrast: the root mean square of the Laplacian
    after a little smoothing, less what the noise adds to it, over the mean brightness.
    """
    rows, columns, height, width = spread.shape
    mosaic = np.ascontiguousarray(spread.swapaxes(1, 2)).reshape(rows * height, columns * width)
    rough = np.abs(_inner(cv2.filter2D(mosaic, cv2.CV_16S, _NOISE), rows, columns)).mean(axis=(1, 3))
    noise = math.sqrt(math.pi / 2) / 6 * float(np.percentile(rough, 20))
    smooth = cv2.GaussianBlur(mosaic, (0, 0), _SMOOTH)
    edges = _inner(cv2.Laplacian(smooth, cv2.CV_16S), rows, columns)
    energy = float(np.square(edges, dtype=np.int32).mean())
    own = max(energy - (_GAIN * noise) ** 2, 0.0)
    return noise, math.sqrt(own) / (float(cv2.mean(mosaic)[0]) + DARK)


def _inner(filtered: npt.NDArray[np.int16], rows: int, columns: int) -> npt.NDArray[np.int16]:
    """The filtered mosaic as (row, y, column, x), without the rims of its tiles."""
    height, width = filtered.shape[0] // rows, filtered.shape[1] // columns
    rim_y, rim_x = min(RIM, (height - 1) // 2), min(RIM, (width - 1) // 2)
    return filtered.reshape(rows, height, columns, width)[:, rim_y : height - rim_y, :, rim_x : width - rim_x]


_NOISE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
"""The difference of two Laplacians (Immerkaer 1996): blind to edges, not to noise."""
_SMOOTH = 1.0
"""Standard deviation of the smoothing before the Laplacian, px."""


def _gain() -> float:
    """By how much smoothing and Laplacian multiply the standard deviation of white noise."""
    point = np.zeros((33, 33), np.float32)
    point[16, 16] = 1
    return float(np.sqrt(np.square(cv2.Laplacian(cv2.GaussianBlur(point, (0, 0), _SMOOTH), cv2.CV_32F)).sum()))


_GAIN = _gain()
