"""A terminal's screen as a picture."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import matplotlib
import pyte
from PIL import Image, ImageDraw, ImageFont
from pyte.screens import Char

CELL = 7, 14
"""(width, height) of a character, px."""

_NAMED = {
    "black": "000000", "red": "e05050", "green": "40c060", "brown": "d8b030", "blue": "5080e0",
    "magenta": "c060c0", "cyan": "40b0c0", "white": "d0d0d0",
}  # fmt: skip
_PAPER, _INK = "101010", "d0d0d0"


def drawn(screen: pyte.Screen) -> Image.Image:
    """What is on it, in colour, a CELL for each character: text in DejaVu Sans Mono, half blocks to the pixel."""
    width, height = CELL
    picture = Image.new("RGB", (screen.columns * width, screen.lines * height), f"#{_PAPER}")
    pen = ImageDraw.Draw(picture)
    for row in range(screen.lines):
        for column in range(screen.columns):
            cell = screen.buffer[row][column]
            ink, paper = _colour(cell.fg, _INK), _colour(cell.bg, _PAPER)
            if cell.reverse:
                ink, paper = paper, ink
            _put(pen, cell, column * width, row * height, ink, paper)
    return picture


def _put(pen: ImageDraw.ImageDraw, cell: Char, x: int, y: int, ink: str, paper: str) -> None:
    width, height = CELL
    pen.rectangle((x, y, x + width - 1, y + height - 1), fill=paper)
    if cell.data == "▀":
        pen.rectangle((x, y, x + width - 1, y + height // 2 - 1), fill=ink)
    elif "▁" <= cell.data <= "█":
        high = (ord(cell.data) - ord("▁") + 1) * height // 8
        pen.rectangle((x, y + height - high, x + width - 1, y + height - 1), fill=ink)
    elif "▉" <= cell.data <= "▏":
        wide = max((ord("▐") - ord(cell.data)) * width // 8, 1)
        pen.rectangle((x, y, x + wide - 1, y + height - 1), fill=ink)
    elif cell.data.strip():
        pen.text((x, y), cell.data, fill=ink, font=_font(cell.bold))


def _colour(name: str, default: str) -> str:
    """Of pyte, which has names and hexadecimal numbers."""
    if name == "default":
        return f"#{default}"
    return f"#{_NAMED.get(name.removeprefix('bright'), name)}"


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    # matplotlib brings the font, so that the picture is the same on every machine.
    name = "DejaVuSansMono-Bold.ttf" if bold else "DejaVuSansMono.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts/ttf" / name), 11)
