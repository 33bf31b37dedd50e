"""The picture on the screen: the best way that the terminal has to show it, and only when it changed."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from focuscam.ipc.client import Message
from focuscam.messages import Luma
from focuscam.region import Box
from focuscam.tui.answers import Able, Way
from focuscam.tui.cells import CELL_BYTES, Blocks, place_characters
from focuscam.tui.drawing import Drawing, Focus, draw
from focuscam.tui.graphics import Graphics, ITerm, Kitty, Sixel
from focuscam.tui.grid import NOTHING, Grid
from focuscam.tui.layout import Area, fitted

_NOISE = 4
"""Grey levels by which the mean of a sixteenth of the picture's side may move without being worth a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture as it came from the daemon."""

    luma: Luma
    box: Box
    """What it shows, in fractions of the frame."""
    taken: float
    """time.monotonic() of its exposure, s."""

    @classmethod
    def from_message(cls, message: Message) -> Seen | None:
        """Decode it; None where it is none."""
        try:
            luma = cv2.imdecode(np.frombuffer(base64.b64decode(message["jpeg"]), np.uint8), cv2.IMREAD_GRAYSCALE)
        except (ValueError, cv2.error):
            return None
        if luma is None:
            return None
        x, y, width, height = message["box"]
        return cls(np.asarray(luma, np.uint8), (x, y, width, height), float(message.get("taken") or 0))


class Picture:
    """Draws what was seen into an area of the screen."""

    def __init__(self, way: Way, able: Able) -> None:
        self.way = way
        self._able = able
        self._blocks = Blocks(able.depth)
        self._graphics: Graphics | None = None
        if way == "kitty":
            self._graphics = Kitty()
        elif way == "iterm":
            self._graphics = ITerm()
        elif way == "sixel":
            self._graphics = Sixel()
        self._last: tuple[Area, Luma, Luma] | None = None
        self._cells: tuple[Area, Any, Any] | None = None

    @property
    def pixels(self) -> bool:
        """Whether the terminal shows pixels, not characters."""
        return self._graphics is not None

    def cell(self) -> tuple[float, float]:
        """Pixels of a cell across and down: of the terminal, or of what is drawn with characters."""
        if self._graphics is not None:
            return self._able.cell or (8, 16)
        return (1, 2) if self.way == "blocks" else (1, 1)

    def shape(self, luma: Luma) -> float:
        """Width by height of a picture, in cells."""
        width, height = self._able.cell or (1, 2)
        return float(luma.shape[1] / luma.shape[0] * height / width)

    def wanted_width(self, area: Area, scale: float) -> int:
        """Width in px that a picture for an area should have."""
        return max(64, round(area.columns * self.cell()[0] * (scale if self._graphics else 1)))

    def forget(self) -> None:
        """The screen was cleared."""
        self._last = self._cells = None
        self._blocks.forget()

    def clear(self) -> str:
        """What to send so that no picture is left on the screen."""
        return self._graphics.clear() if self._graphics else ""

    def keep(self, grid: Grid) -> None:
        """Put the last picture into a new grid, or leave the place where the terminal shows it."""
        if self._last is not None and self._graphics is not None:
            area = self._last[0]
            grid.char[area.row : area.row + area.rows, area.column : area.column + area.columns] = NOTHING
        if self._cells is not None:
            area, char, look = self._cells
            there = slice(area.row, area.row + area.rows), slice(area.column, area.column + area.columns)
            grid.char[there], grid.look[there] = char, look

    def place(
        self, seen: Seen, grid: Grid, room: Area, region: Box | None, lit: bool, focus: Focus | None,
        *, allowance: int, scale: float,
    ) -> str:  # fmt: skip
        """Draw a picture: into the grid, or as what is to be sent after the grid's changes.

        allowance: bytes that it may take, where that can be chosen; scale: of its pixels, where the terminal scales.
        """
        area = fitted(room, self.shape(seen.luma))
        if self.way == "none" or area.rows < 1 or area.columns < 1:
            return ""
        across, down = self.cell()
        if self._graphics is not None and self._graphics.scales:
            across, down = across * scale, down * scale
        size = max(1, round(area.columns * across)), max(1, round(area.rows * down))
        thick = 1 if self._graphics is None else max(2, size[1] // 200)
        drawing = draw(seen.luma, size, seen.box, region, lit, focus, thick)
        if self._graphics is None:
            self._place_cells(drawing, grid, area, allowance)
            return ""
        moved = self._last is None or self._last[0] != area
        little, palette = _summary(drawing)
        if self._last is not None and not moved and _same(self._last, little, palette):
            self.keep(grid)
            return ""
        self._last = area, little, palette
        self.keep(grid)
        return f"\x1b[{area.row + 1};{area.column + 1}H" + self._graphics.show(drawing, area.columns, area.rows)

    def _place_cells(self, drawing: Drawing, grid: Grid, area: Area, allowance: int) -> None:
        if self._cells is None or self._cells[0] != area:
            self._blocks.forget()
        if self.way == "blocks":
            cost = CELL_BYTES if self._able.depth == "rgb" else CELL_BYTES // 2
            self._blocks.place(drawing, grid, area.row, area.column, max(allowance // cost, 1))
        else:
            place_characters(drawing, grid, area.row, area.column, self._able.dark)
        there = slice(area.row, area.row + area.rows), slice(area.column, area.column + area.columns)
        self._cells = area, grid.char[there].copy(), grid.look[there].copy()


def _summary(drawing: Drawing) -> tuple[Luma, Luma]:
    little = cv2.resize(drawing.luma, (48, 36), interpolation=cv2.INTER_AREA)
    return np.asarray(little, np.uint8), drawing.palette


def _same(last: tuple[Area, Luma, Luma], little: Luma, palette: Luma) -> bool:
    if last[2].shape != palette.shape or not np.array_equal(last[2], palette):
        return False
    return bool(np.abs(last[1].astype(np.int16) - little).max() <= _NOISE)
