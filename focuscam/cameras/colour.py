"""One photo from a file, upright, in colour and at its own size: for what only colour shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from focuscam.cameras.photo import decoding, load, orientation, turned
from focuscam.errors import FocuscamError
from focuscam.system.saying import shortened

Colour = npt.NDArray[np.uint8]
"""(height, width, 3): red, green, blue."""

MOST_PIXELS = 64_000_000
"""What is measured on it takes 13 bytes a px."""


def read_colour(path: Path) -> Colour:
    """Decode a photo in 8-bit colour; alpha is ignored, EXIF orientation honoured.

    Raises FocuscamError with one sentence that names the file, as `cameras.photo.read_photo` does; one in grey is
    refused too.
    """
    name = shortened(path.name)
    with decoding(path) as image:
        if image.mode in ("1", "L", "LA", "F") or image.mode.startswith("I"):
            raise FocuscamError(f"{name} is in grey: take it in colour.")
        if image.width * image.height > MOST_PIXELS:
            raise FocuscamError(
                f"{name} has {image.width}x{image.height} px, over the limit of {MOST_PIXELS // 1_000_000} megapixels "
                "where colours are measured: make it smaller first."
            )
        load(image)
        return turned(np.asarray(image.convert("RGB")), orientation(image))
