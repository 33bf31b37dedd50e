"""Classical measures of luma: what the patches are chosen by, how they are brought to one brightness, the contrast.

Pure: numpy and OpenCV in, numbers out.
"""

from __future__ import annotations

import functools
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
"""A patch flatter than SPREAD / MOST_GAIN (6 grey levels) is stretched no further: quantisation would show."""


def normalised(patches: Luma) -> Luma:
    """Bring each patch to one mean and spread, so that exposure and scene contrast do not reach the network.

    patches: uint8, (n, height, width). Returns the same shape and type. The network is trained on
    what this returns; the noise of a patch is stretched with its picture, as it must be.
    """
    moments = np.array([cv2.meanStdDev(patch) for patch in patches], np.float32).reshape(-1, 2, 1)
    gain = np.minimum(SPREAD / np.maximum(moments[:, 1], 1e-6), MOST_GAIN)
    tables = np.clip(np.rint((_LEVELS - moments[:, 0]) * gain + MEAN), 0, 255).astype(np.uint8)
    result = np.empty(patches.shape, np.uint8)
    for patch, table, out in zip(patches, tables, result, strict=True):
        cv2.LUT(patch, table, dst=out)
    return result


_LEVELS = np.arange(256, dtype=np.float32)

TILE = 32
"""Side of the tiles that stand for a region, px."""
TILES = 192
"""At most so many tiles: contrast then costs the same for any frame, about 200,000 pixels."""
RIM = 3
"""Rim of a tile, px, that its filters must not be read from: next to it lies a tile from elsewhere."""
PLACES = (6, 8)
"""Rows and columns of places whose noise is told apart: enough for some to be without texture."""
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
    # The middle half of a tile is enough to know its noise, and a quarter of the work.
    height, width = spread.shape[2:]
    middle = spread[:, :, height // 4 : height - height // 4, width // 4 : width - width // 4]
    mosaic, inner = _mosaic(middle, 1)
    # The difference of two Laplacians (Immerkaer 1996): blind to edges, not to noise.
    rough = cv2.sepFilter2D(mosaic, cv2.CV_16S, _SECOND * _FINER, _SECOND)
    np.abs(rough, out=rough)
    rough *= inner
    rows, columns = (min(count, most) for count, most in zip(spread.shape, PLACES, strict=False))
    means = cv2.resize(rough, (columns, rows), interpolation=cv2.INTER_AREA)
    scale = math.sqrt(math.pi / 2) / 6 / _FINER * inner.size / max(np.count_nonzero(inner), 1)
    noise = scale * float(np.percentile(means, 20))

    mosaic, inner = _mosaic(spread, RIM)
    # Sixteenths of a grey level: rounding to whole ones would be noise of its own, and 16 x 255 x 8 just fits.
    edges = cv2.Laplacian(cv2.GaussianBlur(mosaic.astype(np.int16) << 4, _SMOOTH, 0), cv2.CV_16S)
    edges *= inner
    energy = cv2.norm(edges, cv2.NORM_L2SQR) / 256 / max(np.count_nonzero(inner), 1)
    own = max(energy - (_GAIN * noise) ** 2, 0.0)
    return noise, math.sqrt(own) / (float(cv2.mean(mosaic)[0]) + DARK)


def _mosaic(spread: Luma, rim: int) -> tuple[Luma, npt.NDArray[np.int16]]:
    """The tiles side by side in one picture, and a mask, 1 where it lies further than `rim` px from their edges."""
    rows, columns, height, width = spread.shape
    picture = np.ascontiguousarray(spread.swapaxes(1, 2)).reshape(rows * height, columns * width)
    return picture, _inner(rows, columns, height, width, rim)


@functools.lru_cache(maxsize=8)
def _inner(rows: int, columns: int, height: int, width: int, rim: int) -> npt.NDArray[np.int16]:
    tile = np.zeros((height, width), np.int16)
    y, x = min(rim, (height - 1) // 2), min(rim, (width - 1) // 2)
    tile[y : height - y, x : width - x] = 1
    return np.tile(tile, (rows, columns))


_SECOND = np.array([1, -2, 1], np.float32)
"""A second difference."""
_FINER = 8
"""Its results are kept in eighths, since their means are rounded to whole numbers."""
_SMOOTH = (5, 5)
"""The smoothing before the Laplacian: 1 4 6 4 1 both ways, a standard deviation of one pixel."""


def _gain() -> float:
    """By how much smoothing and Laplacian multiply the standard deviation of white noise."""
    point = np.zeros((33, 33), np.float32)
    point[16, 16] = 1
    return float(np.sqrt(np.square(cv2.Laplacian(cv2.GaussianBlur(point, _SMOOTH, 0), cv2.CV_32F)).sum()))


_GAIN = _gain()
