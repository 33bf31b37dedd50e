"""A screen as an array of cells, and the shortest way to turn one such screen into the next.

A cell is a character of one column and a style: two colours and a few attributes in one integer.
"""

from __future__ import annotations

import functools
from typing import Literal

import numpy as np
import numpy.typing as npt
from prompt_toolkit.utils import get_cwidth

Styles = npt.NDArray[np.int64]

DEFAULT = 0
"""The terminal's own colour. Others: 1 + a palette's index, or rgb()."""
_RGB = 1 << 24
_BACK = 25
_COLOUR = (1 << 25) - 1

BOLD, DIM, REVERSE = 1 << 50, 1 << 51, 1 << 52
_ATTRIBUTES = BOLD | DIM | REVERSE

RED, GREEN, YELLOW = 2, 3, 4
"""As the terminal's theme has them: to be read on dark and on light."""

NOTHING = np.uint32(0)
"""The character of a cell whose content is unknown or not ours: it is never equal to one that is wanted."""

Depth = Literal["rgb", "256", "none"]


def rgb(red: int, green: int, blue: int) -> int:
    """A colour of 24 bits."""
    return _RGB | red << 16 | green << 8 | blue


def style(ink: int = DEFAULT, paper: int = DEFAULT, attributes: int = 0) -> int:
    """A style of two colours and attributes."""
    return ink | paper << _BACK | attributes


def styles(ink: Styles, paper: Styles) -> Styles:
    """The same for whole arrays of colours."""
    return ink | paper << _BACK


def printable(text: str) -> str:
    """Text with what does not take just one column, or would steer the terminal, replaced."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(each if each.isprintable() and get_cwidth(each) == 1 else "?" for each in text)


class Grid:
    """Characters and styles of a screen: `char` (rows, columns), uint32, and `look`, int64."""

    def __init__(self, rows: int, columns: int) -> None:
        self.char = np.full((rows, columns), ord(" "), np.uint32)
        self.look: Styles = np.zeros((rows, columns), np.int64)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.char.shape[0]

    @property
    def columns(self) -> int:
        """Number of columns."""
        return self.char.shape[1]

    def put(self, row: int, column: int, text: str, look: int = 0, width: int | None = None) -> int:
        """Write text, cut at the edges and at `width`; returns the column after it."""
        text = printable(text)
        end = min(self.columns, column + (len(text) if width is None else min(width, len(text))))
        if not 0 <= row < self.rows or column < 0 or end <= column:
            return column
        self.char[row, column:end] = np.frombuffer(text[: end - column].encode("utf-32-le"), np.uint32)
        self.look[row, column:end] = look
        return end


def unknown(rows: int, columns: int) -> Grid:
    """The screen before anything was drawn on it."""
    grid = Grid(rows, columns)
    grid.char[:] = NOTHING
    return grid


def changes(before: Grid, after: Grid, depth: Depth) -> str:
    """What to send to a terminal that shows `before`, so that it shows `after`.

    Cells of `after` that are NOTHING are left as they are.
    """
    differ = (before.char != after.char) | (before.look != after.look)
    differ &= after.char != NOTHING
    places = np.flatnonzero(differ)
    if not len(places):
        return ""
    chars = after.char.ravel()[places].tolist()
    looks = after.look.ravel()[places].tolist()
    columns = after.columns
    out = ["\x1b[0m"]
    ink = paper = attributes = 0
    expected = -1
    for place, char, look in zip(places.tolist(), chars, looks, strict=True):
        if place != expected:
            row, column = divmod(place, columns)
            # Forward on the same line is the shorter way.
            near = expected >= 0 and row == expected // columns
            out.append(f"\x1b[{place - expected}C" if near else f"\x1b[{row + 1};{column + 1}H")
        # After the last column the cursor stays where it is.
        expected = place + 1 if (place + 1) % columns else -1
        wanted = look & _ATTRIBUTES
        if wanted != attributes:
            out.append("\x1b[0" + _attributes(wanted) + "m")
            ink, paper, attributes = 0, 0, wanted
        back = look >> _BACK & _COLOUR
        # The ink of a space is not seen; half of a picture is made of such.
        front = ink if char == 32 and not attributes else look & _COLOUR
        if front != ink and back != paper:
            out.append(f"\x1b[{_code(front, depth, 30)};{_code(back, depth, 40)}m")
        elif front != ink:
            out.append(f"\x1b[{_code(front, depth, 30)}m")
        elif back != paper:
            out.append(f"\x1b[{_code(back, depth, 40)}m")
        ink, paper = front, back
        out.append(chr(char))
    out.append("\x1b[0m")
    return "".join(out)


def _attributes(wanted: int) -> str:
    codes = ((BOLD, ";1"), (DIM, ";2"), (REVERSE, ";7"))
    return "".join(code for bit, code in codes if wanted & bit)


@functools.lru_cache(maxsize=4096)
def _code(colour: int, depth: Depth, base: int) -> str:
    """The SGR parameters of a colour. base: 30 for ink, 40 for paper."""
    if colour == DEFAULT or depth == "none":
        return str(base + 9)
    if colour & _RGB:
        return f"{base + 8};2;{colour >> 16 & 255};{colour >> 8 & 255};{colour & 255}"
    index = colour - 1
    return str(base + index) if index < 8 else f"{base + 8};5;{index}"
