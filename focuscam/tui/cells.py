"""A drawing as characters: half blocks, two pixels a cell, or plain characters by their darkness."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from focuscam.messages import Luma
from focuscam.tui.drawing import COLOURS, GREY, REGION, REGION_SHARP, SHARP, Drawing, indexed
from focuscam.tui.grid import REVERSE, Depth, Grid, Styles, styles

DEAD_BAND = 5
"""Grey levels by which a pixel must change to be sent again: noise changes it by less."""

CELL_BYTES = 34
"""What a cell costs, at most, in a picture of which everything changed; half of it with 256 colours."""

_UPPER = ord("▀")
RAMP = " .:-=+*#%@"


class Blocks:
    """Half blocks, of which only those that changed go into the grid, the most changed ones first."""

    def __init__(self, depth: Depth) -> None:
        self._colours = _table(depth)
        self._shown: Luma | None = None
        self._palette: Luma | None = None

    def forget(self) -> None:
        """The screen was cleared: nothing is shown."""
        self._shown = None

    def place(self, drawing: Drawing, grid: Grid, row: int, column: int, most: int) -> int:
        """Put a drawing of (2 * rows, columns) px into the grid; returns how many cells changed.

        most: cells that may change; the rest keeps what it showed and has its turn with the next drawing.
        """
        new = drawing.luma.astype(np.int16)
        if self._shown is None or self._palette is None or self._shown.shape != new.shape:
            self._shown, self._palette = drawing.luma.copy(), drawing.palette.copy()
            changed = np.ones((new.shape[0] // 2, new.shape[1]), bool)
        else:
            by = np.abs(new - self._shown)
            by[by <= DEAD_BAND] = 0
            by[drawing.palette != self._palette] = 256
            cell = np.maximum(by[::2], by[1::2])
            changed = cell > 0
            if np.count_nonzero(changed) > most:
                changed &= cell >= np.partition(cell.ravel(), -most)[-most]
            pixels = np.repeat(changed, 2, axis=0)
            self._shown[pixels] = drawing.luma[pixels]
            self._palette[pixels] = drawing.palette[pixels]
        colours = self._colours[self._palette, self._shown]
        upper, lower = colours[::2], colours[1::2]
        rows, columns = upper.shape
        there = slice(row, row + rows), slice(column, column + columns)
        grid.char[there] = np.where(upper == lower, ord(" "), _UPPER)
        grid.look[there] = styles(upper, lower)
        return int(np.count_nonzero(changed))


def _table(depth: Depth) -> Styles:
    """The colour of each palette and luma: (palettes, 256)."""
    if depth == "rgb":
        # In steps of 4: as many as the eye tells apart in a picture this small, and neighbours are often alike.
        red, green, blue = np.moveaxis(COLOURS.astype(np.int64) & 0xFC, -1, 0)
        table: Styles = (1 << 24) | red << 16 | green << 8 | blue
        return table
    return 1 + indexed().astype(np.int64)


def place_characters(drawing: Drawing, grid: Grid, row: int, column: int, dark: bool) -> None:
    """Put a drawing of (rows, columns) px into the grid as plain characters.

    dark: whether the background is dark, so that a bright pixel needs much ink.
    """
    ramp: npt.NDArray[np.uint32] = np.array([ord(each) for each in (RAMP if dark else RAMP[::-1])], np.uint32)
    chars = ramp[drawing.luma.astype(np.int32) * len(ramp) // 256]
    frame = (drawing.palette == REGION) | (drawing.palette == REGION_SHARP)
    chars[frame] = ord("#") if not dark else ord("o")
    rows, columns = chars.shape
    there = slice(row, row + rows), slice(column, column + columns)
    grid.char[there] = chars
    grid.look[there] = np.where(drawing.palette == GREY, 0, np.where(drawing.palette == SHARP, REVERSE, 0))
