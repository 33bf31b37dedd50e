"""A drawing as a picture, for terminals that show pictures: kitty (PNG), iTerm2 (JPEG), sixel. All are compressed."""

from __future__ import annotations

import base64
import ctypes
import io
from typing import Any, Protocol

import cv2
import numpy as np
from PIL import Image

from focuscam.tui.drawing import COLOURS, GREY, Drawing

_CHUNK = 4096
"""Bytes of base64 that kitty's protocol allows in one sequence."""
_IDS = 7301, 7302
"""Two kitty images in turn, so that the old one stays until the new one is there."""
LEVELS = 32
"""Greys of a PNG and of a sixel picture: half the bytes of 64, and hardly to be told apart."""


class Graphics(Protocol):
    """A way to show pictures."""

    scales: bool
    """Whether the terminal scales a picture to its cells; else it is shown pixel by pixel."""

    def show(self, drawing: Drawing, columns: int, rows: int) -> str:
        """What to send with the cursor at the top left cell, for a picture of that many cells."""
        ...

    def clear(self) -> str:
        """What to send so that no picture is left; clearing the screen does the rest."""
        ...


class Kitty:
    """kitty's protocol, also spoken by Ghostty, WezTerm and Konsole."""

    scales = True

    def __init__(self) -> None:
        self._turn = 0

    def show(self, drawing: Drawing, columns: int, rows: int) -> str:
        """A PNG of few greys, in chunks."""
        self._turn = 1 - self._turn
        data = base64.b64encode(_png(drawing)).decode()
        control = f"a=T,f=100,q=2,C=1,i={_IDS[self._turn]},p=1,c={columns},r={rows},"
        parts = []
        for start in range(0, len(data), _CHUNK):
            more = int(start + _CHUNK < len(data))
            parts.append(f"\x1b_G{control}m={more};{data[start : start + _CHUNK]}\x1b\\")
            control = ""
        return "".join(parts) + f"\x1b_Ga=d,d=I,q=2,i={_IDS[1 - self._turn]}\x1b\\"

    def clear(self) -> str:
        """Delete both images, and free their memory."""
        return "".join(f"\x1b_Ga=d,d=I,q=2,i={each}\x1b\\" for each in _IDS)


class ITerm:
    """iTerm2's inline images."""

    scales = True

    def show(self, drawing: Drawing, columns: int, rows: int) -> str:
        """A JPEG, in grey while nothing is tinted."""
        pixels = _rgb(drawing)[:, :, ::-1] if drawing.palette.any() else drawing.luma
        _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 75])
        data = base64.b64encode(jpeg.tobytes()).decode()
        return (
            f"\x1b]1337;File=inline=1;size={len(jpeg)};width={columns};height={rows};"
            f"preserveAspectRatio=0;doNotMoveCursor=1:{data}\x07"
        )

    def clear(self) -> str:
        """It goes with the text that it stands in."""
        return ""


class Sixel:
    """Sixel, by chafa."""

    scales = False

    def __init__(self) -> None:
        """Raises ImportError where chafa can't be had."""
        import chafa

        self._chafa: Any = chafa
        self._terminal = chafa.TermDb().get_fallback_info()

    def show(self, drawing: Drawing, columns: int, rows: int) -> str:
        """As many pixels as the drawing has."""
        chafa = self._chafa
        height, width = drawing.luma.shape
        config = chafa.CanvasConfig()
        config.width, config.height = columns, rows
        # A cell that is not of whole pixels would make chafa scale; the drawing has been scaled to whole ones.
        config.cell_width, config.cell_height = width // columns, height // rows
        config.pixel_mode = chafa.PixelMode.CHAFA_PIXEL_MODE_SIXELS
        canvas = chafa.Canvas(config)
        pixels = np.ascontiguousarray(_rgb(drawing))
        memory = (ctypes.c_uint8 * pixels.size).from_buffer(pixels.data)
        canvas.draw_all_pixels(chafa.PixelType.CHAFA_PIXEL_RGB8, memory, width, height, width * 3)
        sent: bytes = canvas.print(self._terminal)
        return sent.decode("ascii", "replace").rstrip("\n")

    def clear(self) -> str:
        """It goes with the text that it stands in."""
        return ""


def _rgb(drawing: Drawing) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """(height, width, 3), of few greys."""
    step = np.uint8(256 // LEVELS)
    pixels: np.ndarray[Any, np.dtype[np.uint8]] = COLOURS[drawing.palette, drawing.luma // step * step + step // 2]
    return pixels


def _png(drawing: Drawing) -> bytes:
    """A PNG with a palette: grey levels, and where something is tinted, those of the tints."""
    step = 256 // LEVELS
    used = [GREY, *(int(each) for each in np.unique(drawing.palette) if each != GREY)]
    place = np.zeros(len(COLOURS), np.uint8)
    place[used] = np.arange(len(used))
    image = Image.fromarray(place[drawing.palette] * np.uint8(LEVELS) + drawing.luma // step)
    image = image.convert("L")
    image.putpalette(np.concatenate([COLOURS[each, step // 2 :: step] for each in used]).tobytes())
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()
