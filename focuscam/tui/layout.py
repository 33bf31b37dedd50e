"""Where everything goes on a screen of any size."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_PANEL = 14
"""Columns of the panel beside the picture, at least."""
BEST_PANEL = 30
WIDEST_PANEL = 46


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of the screen. The header is its first row, the keys its last."""

    picture: Area
    """Room for the picture, which need not fill it."""
    panel: Area
    bar: Area
    """Of one or two rows."""


def arrange(rows: int, columns: int, shape: float) -> Layout:
    """Divide a screen. shape: width by height of the picture, in cells (a square one is about 2).

    Beside each other where the screen is wide, one above the other where it is high, as on a phone.
    """
    bar_rows = 2 if rows >= 16 else 1
    free = max(rows - 2 - bar_rows, 1)
    bar = Area(1 + free, 0, bar_rows, columns)
    if columns < 60 and rows > columns * 0.55:
        high = min(max(round(columns / shape), 1), max(free - 9, free // 2, 1))
        return Layout(Area(1, 0, high, columns), Area(1 + high, 0, free - high, columns), bar)
    wanted = min(max(BEST_PANEL, columns // 3), WIDEST_PANEL)
    panel = max(LEAST_PANEL, min(wanted, columns // 2))
    # What the picture can't use is better used by the panel.
    wide = min(columns - panel - 1, max(round(free * shape), 1))
    panel = min(columns - wide - 1, WIDEST_PANEL)
    wide = max(columns - panel - 1, 1)
    return Layout(Area(1, 0, free, wide), Area(1, wide + 1, free, panel), bar)


def fitted(area: Area, shape: float) -> Area:
    """The largest picture of a shape (width by height, in cells) in the middle of an area."""
    columns = min(area.columns, max(1, round(area.rows * shape)))
    rows = min(area.rows, max(1, round(columns / shape)))
    return Area(area.row + (area.rows - rows) // 2, area.column + (area.columns - columns) // 2, rows, columns)
