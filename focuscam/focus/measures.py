"""Classical measures of luma: what the patches are chosen by, how they are brought to one brightness, the contrast.

Pure: numpy and OpenCV in, numbers out.
"""

from __future__ import annotations

import functools
import math
from typing import Any, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.messages import CONTRAST_OFFSET, Luma

Floats = npt.NDArray[np.float32]

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


Picture = TypeVar("Picture", Luma, Floats)


def halved(picture: Picture) -> Picture:
    """The picture at half its size, rounded down, at least one pixel: means of two by two, which is cheap anywhere."""
    height, width = picture.shape
    size = max(width // 2, 1), max(height // 2, 1)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(picture.dtype, copy=False)


def folded(patches: Luma, fold: int) -> Luma:
    """Patches as the network takes them: `fold` by `fold` pixels as the channels of one, row by row.

    patches: uint8, (n, height, width), sides multiples of `fold`. Returns uint8,
    (n, height / fold, width / fold, fold * fold).
    """
    if fold == 1:
        return patches[..., None]
    count, height, width = patches.shape
    # Neighbours of a row stay side by side, so that they are moved together, as one number.
    together = np.ascontiguousarray(patches).view(_TOGETHER[fold])
    rows = together.reshape(count, height // fold, fold, width // fold).swapaxes(2, 3)
    return np.ascontiguousarray(rows).view(np.uint8).reshape(count, height // fold, width // fold, fold * fold)


_TOGETHER: dict[int, type[np.unsignedinteger[Any]]] = {2: np.uint16, 4: np.uint32}


def structure(small: Luma) -> Floats:
    """Standard deviation of each of a few small pictures around its shading, grey levels: (n,).

    small: uint8, (n, height, width). Shading is what a lamp or the lens's vignetting makes on a bare wall: a surface
    of the second degree.
    """
    count, height, width = small.shape
    flat = small.reshape(count, -1).astype(np.float32)
    total = np.einsum("ij,ij->i", flat, flat)
    shading = np.square(flat @ _shading(height, width)).sum(1)
    result: Floats = np.sqrt(np.maximum(total - shading, 0) / flat.shape[1])
    return result


@functools.lru_cache(maxsize=4)
def _shading(height: int, width: int) -> Floats:
    """The six surfaces up to the second degree, made orthonormal: (height * width, 6)."""
    y, x = (axis.ravel() for axis in np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j])
    surfaces = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], -1)
    return np.linalg.qr(surfaces)[0].astype(np.float32)


TILE = 32
"""Side of the tiles that stand for a region, px of the picture that contrast is measured in."""
TILES = 160
"""At most so many tiles: contrast then costs the same for any frame, about 160,000 pixels."""
ENOUGH = 80
"""Tiles that are enough to know the noise by."""
RIM = 3
"""Rim of a tile, px, that its filters must not be read from: next to it lies a tile from elsewhere."""
LONGEST = 1100
"""A frame longer than this, px, is measured at a half of its size, or a third: no lens and no demosaicing fills the
pixels of a large frame with detail, only the noise does. Half of 2028 still shows what 640 hides."""
PLACES = (6, 8)
"""Rows and columns of places whose noise is told apart: enough for some to be without texture."""
FLUCTUATION = 1.2
"""How far the quieter fifth of places falls short, times the root of a place's pixels: measured on white noise."""
KNOWN = 0.9
"""Share of the noise's energy that is taken off: the estimate wavers by a few percent, and the root of a difference
near nothing would waver widely."""


def reduction(longest: int) -> int:
    """By how much a frame of this longest side, px, is made smaller before its contrast is measured."""
    return max(1, math.ceil(longest / LONGEST))


def tiles(luma: Luma, side: int) -> Luma:
    """Tiles of `side` px spread evenly over the luma: uint8, (rows, columns, side, side), at most TILES of them.

    Always the same places for the same size, so that frames can be compared. A luma too small for
    tiles is one tile of its own size.
    """
    height, width = luma.shape
    if height <= side or width <= side:
        return luma[None, None, : TILES * side, : TILES * side]
    rows, columns = height // side, width // side
    if rows * columns > TILES:
        rows = max(1, min(rows, round(math.sqrt(TILES * rows / columns))))
        columns = min(columns, TILES // rows)
    step_y = (height - side) // max(rows - 1, 1)
    step_x = (width - side) // max(columns - 1, 1)
    y, x = luma.strides
    return np.lib.stride_tricks.as_strided(
        luma, (rows, columns, side, side), (step_y * y, step_x * x, y, x), writeable=False
    )


def noise_and_contrast(luma: Luma, smaller: int = 1) -> tuple[float, float]:
    """Standard deviation of the noise of a region, grey levels, and its contrast, without a unit.

    luma: the region, uint8, (height, width). smaller: the `reduction` of its frame.
    Noise: the fast estimate of Immerkaer (1996) in each tile, of which the quieter ones count, since
    texture looks like noise and noise is everywhere. Contrast: the root mean square of the Laplacian
    after a little smoothing, less most of what the noise adds to it, over the mean brightness.
    """
    spread = tiles(luma, TILE * smaller)
    rows, columns, height, width = spread.shape
    mosaic: npt.NDArray[Any] = np.ascontiguousarray(spread.swapaxes(1, 2)).reshape(rows * height, columns * width)
    height, width = max(height // smaller, 1), max(width // smaller, 1)
    if smaller > 1:
        mosaic = cv2.resize(mosaic, (columns * width, rows * height), interpolation=cv2.INTER_AREA)
    noise = _noise(mosaic, rows, columns)
    # Float from here: rounding the smoothed picture to grey levels would be noise of its own. It is made before the
    # filter, which has no vectors for bytes on a Pi.
    edges = cv2.Laplacian(cv2.sepFilter2D(mosaic.astype(np.float32), cv2.CV_32F, _SMOOTH, _SMOOTH), cv2.CV_32F)
    y, x = _rim(height, RIM), _rim(width, RIM)
    inner = edges.reshape(rows, height, columns, width)[:, y : height - y, :, x : width - x]
    energy = float(np.einsum("ijkl,ijkl->", inner, inner)) / inner.size
    own = max(energy - KNOWN * (_GAIN * noise) ** 2, 0.0)
    return noise * smaller, math.sqrt(own) / (float(cv2.mean(mosaic)[0]) + CONTRAST_OFFSET)


def _noise(mosaic: npt.NDArray[Any], rows: int, columns: int) -> float:
    """The noise of the quieter tiles of a mosaic."""
    # The middle half of a tile is enough to know its noise, and a quarter of the work.
    height, width = mosaic.shape[0] // rows, mosaic.shape[1] // columns
    split = mosaic.reshape(rows, height, columns, width)
    if rows * columns > ENOUGH:  # noise is everywhere, and alike: every other tile of each row tells it
        split = split[:, :, ::2]
        columns = split.shape[2]
    middle = split[:, height // 4 : height - height // 4, :, width // 4 : width - width // 4]
    height, width = middle.shape[1], middle.shape[3]
    small = middle.astype(np.float32, order="C").reshape(rows * height, columns * width)
    inner, share = _inner(rows, columns, height, width)
    # The difference of two Laplacians (Immerkaer 1996): blind to edges, not to noise.
    rough = cv2.multiply(np.abs(cv2.sepFilter2D(small, cv2.CV_32F, _SECOND, _SECOND)), inner)
    size = min(columns, PLACES[1]), min(rows, PLACES[0])
    means = np.sort(cv2.resize(rough, size, interpolation=cv2.INTER_AREA), axis=None)
    # The quieter of some places lie below their mean, the more so the fewer pixels each has.
    short = 1 - FLUCTUATION / math.sqrt(max(inner.size * share / means.size, 4 * FLUCTUATION))
    return math.sqrt(math.pi / 2) / 6 / share / short * float(means[len(means) // 5])


@functools.lru_cache(maxsize=8)
def _inner(rows: int, columns: int, height: int, width: int) -> tuple[Floats, float]:
    """A mask, 1 but for the pixel at the edges of the tiles of a mosaic, 0 there; and the share of ones."""
    tile = np.zeros((height, width), np.float32)
    y, x = _rim(height, 1), _rim(width, 1)
    tile[y : height - y, x : width - x] = 1
    return np.tile(tile, (rows, columns)), float(tile.mean())


def _rim(side: int, rim: int) -> int:
    """The rim of a tile of this side, px, that leaves at least its middle."""
    return min(rim, (side - 1) // 2)


_SECOND = np.array([1, -2, 1], np.float32)
"""A second difference."""
_SMOOTH = np.array([1, 4, 6, 4, 1], np.float32) / 16
"""The smoothing before the Laplacian: a standard deviation of one pixel."""


def _gain() -> float:
    """By how much smoothing and Laplacian multiply the standard deviation of white noise."""
    point = np.zeros((33, 33), np.float32)
    point[16, 16] = 1
    return float(
        np.sqrt(np.square(cv2.Laplacian(cv2.sepFilter2D(point, cv2.CV_32F, _SMOOTH, _SMOOTH), cv2.CV_32F)).sum())
    )


_GAIN = _gain()
