"""What is drawn of a picture, for any kind of terminal: grey, with cells in focus tinted and the region framed.

Everything ends as two arrays of the size that the terminal shows: luma, and which palette each pixel uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.messages import Luma
from focuscam.region import Box

GREY, SHARP, REGION, REGION_SHARP = range(4)
"""The palettes: plain; a cell in focus; the region's frame while the light is off, and while it is on."""

PALETTES = 4

Focus = tuple[Sequence[Sequence[float | None]], float]
"""A focus map, scores by row and column of a grid over the whole frame, None where it can't be told; and the score
from which on a cell is in focus."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A picture as it is to be seen."""

    luma: Luma
    """(height, width)"""
    palette: Luma
    """(height, width): GREY, SHARP, REGION or REGION_SHARP."""


def draw(
    luma: Luma,
    size: tuple[int, int],
    part: Box,
    region: Box | None,
    lit: bool,
    focus: Focus | None = None,
    thick: int = 1,
) -> Drawing:
    """Draw a picture at a size.

    luma: the picture; part: what it shows, in fractions of the frame. size: (width, height), px.
    region: what the light looks at, in fractions of the frame; None: not framed. lit: whether the light is on.
    thick: of the region's frame, px.
    """
    width, height = size
    shrinks = width < luma.shape[1] or height < luma.shape[0]
    small = cv2.resize(luma, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    palette = np.zeros((height, width), np.uint8)
    if focus is not None:
        cells, threshold = focus
        sharp = np.array([[cell is not None and cell >= threshold for cell in row] for row in cells], np.uint8)
        if sharp.size:
            left, top, right, bottom = _pixels((0.0, 0.0, 1.0, 1.0), part, size)
            x = (np.arange(width) - left) * sharp.shape[1] // max(right - left, 1)
            y = (np.arange(height) - top) * sharp.shape[0] // max(bottom - top, 1)
            inside_x, inside_y = (x >= 0) & (x < sharp.shape[1]), (y >= 0) & (y < sharp.shape[0])
            palette[np.ix_(inside_y, inside_x)] = sharp[np.ix_(y[inside_y], x[inside_x])] * SHARP
    if region is not None and region[2] * region[3] < 1:
        _frame(palette, _pixels(region, part, size), thick, REGION_SHARP if lit else REGION)
    return Drawing(np.asarray(small, np.uint8), palette)


def _frame(palette: Luma, box: tuple[int, int, int, int], thick: int, colour: int) -> None:
    """Frame a box (left, top, right, bottom); of a very small one only the corners, so that something is seen of it."""
    left, top, right, bottom = box
    sides = [(left, left + thick), (right - thick, right)]
    ends = [(top, top + thick), (bottom - thick, bottom)]
    small = right - left < 4 * thick or bottom - top < 4 * thick
    for x in sides:
        for y in ends if small else [(top, bottom)]:
            palette[max(y[0], 0) : max(y[1], 0), max(x[0], 0) : max(x[1], 0)] = colour
    for y in [] if small else ends:
        palette[max(y[0], 0) : max(y[1], 0), max(left, 0) : max(right, 0)] = colour


def _pixels(box: Box, part: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """left, top, right, bottom of a box of the frame in a drawing of a part of it, px; may lie outside."""
    width, height = size
    left = (box[0] - part[0]) / part[2] * width
    top = (box[1] - part[1]) / part[3] * height
    right = left + box[2] / part[2] * width
    bottom = top + box[3] / part[3] * height
    return round(left), round(top), round(right), round(bottom)


def colours() -> npt.NDArray[np.uint8]:
    """red, green, blue of each palette and luma: (PALETTES, 256, 3)."""
    level = np.arange(256)
    table = np.zeros((PALETTES, 256, 3), np.uint8)
    table[GREY] = level[:, None]
    # Green enough to be told from grey in the dark and in the light, and the picture still shows through.
    table[SHARP, :, 0] = table[SHARP, :, 2] = level * 0.45
    table[SHARP, :, 1] = 70 + level * 0.7
    table[REGION] = 255, 200, 0
    table[REGION_SHARP] = 0, 230, 90
    return table


COLOURS = colours()


def indexed() -> npt.NDArray[np.uint8]:
    """The nearest of the 256 colours that terminals agree on, for each palette and luma: (PALETTES, 256)."""
    steps = np.array([0, 95, 135, 175, 215, 255])
    cube = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3)
    greys = np.repeat((8 + 10 * np.arange(24))[:, None], 3, axis=1)
    known = np.concatenate([cube, greys])
    far = np.square(COLOURS[:, :, None, :].astype(int) - known).sum(-1)
    nearest: npt.NDArray[np.uint8] = (16 + far.argmin(-1)).astype(np.uint8)
    return nearest
