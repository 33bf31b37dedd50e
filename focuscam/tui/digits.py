"""A number in digits large enough to be read from the other side of the room."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_DIGITS = {
    "0": ("###", "#.#", "#.#", "#.#", "###"),
    "1": (".#.", "##.", ".#.", ".#.", "###"),
    "2": ("###", "..#", "###", "#..", "###"),
    "3": ("###", "..#", ".##", "..#", "###"),
    "4": ("#.#", "#.#", "###", "..#", "..#"),
    "5": ("###", "#..", "###", "..#", "###"),
    "6": ("###", "#..", "###", "#.#", "###"),
    "7": ("###", "..#", "..#", ".#.", ".#."),
    "8": ("###", "#.#", "###", "#.#", "###"),
    "9": ("###", "#.#", "###", "..#", "###"),
    ".": (".", ".", ".", ".", "#"),
    "-": ("...", "...", "###", "...", "..."),
}
HEIGHT = 5
"""Of a digit at scale 1, half blocks."""


def width(text: str, scale: int) -> int:
    """Cells that a number takes."""
    return scale * (sum(len(_DIGITS[each][0]) + 1 for each in text) - 1)


def rows(scale: int) -> int:
    """Rows of cells that a number takes."""
    return (HEIGHT * scale + 1) // 2


def large(text: str, scale: int, unicode: bool = True) -> list[str]:
    """The number in half blocks, each pixel of a digit `scale` of them wide and high; without Unicode in # signs."""
    joined = [".".join(_DIGITS[each][line] for each in text) for line in range(HEIGHT)]
    pixels: npt.NDArray[np.bool_] = np.array([[each == "#" for each in line] for line in joined])
    pixels = np.repeat(np.repeat(pixels, scale, axis=0), scale, axis=1)
    if len(pixels) % 2:
        pixels = np.pad(pixels, ((0, 1), (0, 0)))
    # Without half blocks a cell is full where either half is: the digits stay legible.
    signs = " ▀▄█" if unicode else " ###"
    return ["".join(signs[upper + 2 * lower] for upper, lower in zip(*pair, strict=True)) for pair in _pairs(pixels)]


def _pairs(pixels: npt.NDArray[np.bool_]) -> list[tuple[list[int], list[int]]]:
    whole = pixels.astype(int).tolist()
    return [(whole[line], whole[line + 1]) for line in range(0, len(whole), 2)]
