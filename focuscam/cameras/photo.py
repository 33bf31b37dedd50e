"""One photo from a file, upright, as luma at the two scales. Pillow decodes: it refuses what is cut short."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError

from focuscam.cameras.scales import size_within, two_scales
from focuscam.errors import FocuscamError
from focuscam.frame import FINE_SIDE, Luma

_COMMON = ("jpg", "jpeg", "jpe", "jfif", "mpo", "png", "apng", "tif", "tiff", "webp", "avif")
_OTHERS = ("bmp", "dib", "gif", "jp2", "pbm", "pgm", "ppm", "pnm")
SUFFIXES: Final = frozenset(f".{name}" for name in _COMMON + _OTHERS)
"""What is taken for an image in a folder, in lower case."""

MOST_PIXELS: Final = 2**28
"""Photos of more px than this (268 megapixels) are refused before they are decoded.

The largest phone photos have 200 megapixels and are read; in colour, Pillow needs 4 bytes a px for a
PNG of that size, so the limit is 1 GiB of memory. A small file can ask for far more than that.
"""

_opening = threading.Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photo as it is looked at: turned upright, in luma."""

    fine: Luma
    """uint8, (height, width), at most FINE_SIDE px on its longest side."""
    coarse: Luma
    """uint8, (height, width), at most COARSE_SIDE px on its longest side."""
    width: int
    """px of the whole picture, upright."""
    height: int
    """px of the whole picture, upright."""


def read_photo(path: Path) -> Photo:
    """Decode a photo: 8-bit grey, colour (with or without alpha), palette, CMYK, or 16-bit grey.

    Colour becomes the Y of JPEG and of libcamera's YUV420: BT.601, full range. Alpha is ignored. EXIF
    orientation is honoured. Of a file with several pictures the first is taken.

    Raises FocuscamError with one sentence that names the file: absent, empty, no picture, cut short,
    over MOST_PIXELS.
    """
    with decoding(path) as image:
        return _upright(image, path.name)


@contextmanager
def decoding(path: Path) -> Iterator[Image.Image]:
    """The picture with its header read; what goes wrong within becomes a FocuscamError with one sentence."""
    if not path.is_file():
        raise FocuscamError(f"{path.name} {'is not a file' if path.exists() else 'does not exist: check the path'}.")
    try:
        with _opened(path) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise FocuscamError(
                    f"{path.name} has {width} x {height} px, over the limit of {MOST_PIXELS // 1_000_000} megapixels: "
                    "make it smaller first."
                )
            yield image
    except FocuscamError:
        raise
    except UnidentifiedImageError:
        trouble = "is empty" if path.stat().st_size == 0 else "is not a picture in a format that can be read"
        raise FocuscamError(f"{path.name} {trouble}: replace or remove it.") from None
    except MemoryError:
        raise FocuscamError(f"{path.name} does not fit into memory: make it smaller first.") from None
    except PermissionError:
        raise FocuscamError(f"{path.name} may not be read: check its permissions.") from None
    except Exception as error:  # on damaged files Pillow raises OSError, SyntaxError, ValueError, struct.error, ...
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FocuscamError(f"{path.name} is damaged or cut short ({reason}): replace or remove it.") from error


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The picture with its header read and nothing decoded. Pillow's own limit, 179 megapixels, gives way to ours."""
    # From an open file: given a name, Pillow maps an uncompressed TIFF, and garbles it where its tag says to turn it.
    with path.open("rb") as file:
        with _opening, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata, which nobody here looks at
            limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
            try:
                image = Image.open(file)
            finally:
                Image.MAX_IMAGE_PIXELS = limit
        with image:
            yield image


def _upright(image: Image.Image, name: str) -> Photo:
    width, height = image.size
    if image.format in ("JPEG", "MPO"):
        # Y as it is stored, without the way over RGB; and a large picture halved as it is decoded, down to
        # no less than twice what is needed, so that area averaging still does the last step.
        needed = size_within(FINE_SIDE, width, height)
        image.draft("L", (2 * needed[0], 2 * needed[1]))
        image.load()
    else:
        image.load()
        width, height = image.size  # some formats (TIFF) turn the picture themselves as they decode it
    turn = orientation(image)
    fine, coarse = two_scales(_luma(image, name))
    upright = turned(fine, turn)
    if turn >= 5:
        width, height = height, width
    return Photo(upright, upright if coarse is fine else turned(coarse, turn), width, height)


def _luma(image: Image.Image, name: str) -> npt.NDArray[Any]:
    """(height, width), uint8, or uint16 with white at 65535."""
    if image.mode.startswith("I"):  # I;16 and its byte orders; or I, with which some versions read 16 bits
        values = np.asarray(image)
        if values.min() < 0 or values.max() > 65535:
            raise FocuscamError(f"{name} has more than 16 bits a pixel: save it with 8 or 16.")
        return values.astype(np.uint16)
    if image.mode == "F":
        raise FocuscamError(f"{name} has floating-point pixels, whose white is unknown: save it with 8 or 16 bits.")
    image.info.pop("transparency", None)  # of a palette: ignored as all alpha is, and Pillow would warn of it
    if image.mode in ("CMYK", "LAB", "HSV"):
        image = image.convert("RGB")
    return np.asarray(image if image.mode == "L" else image.convert("L"))


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none or it cannot be read: no reason to lose the picture."""
    try:
        turn = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        return 1
    return turn if isinstance(turn, int) and 1 <= turn <= 8 else 1


def turned(picture: Luma, turn: int) -> Luma:
    """Turned and mirrored as EXIF 2.32, tag 274, says: 1 as it is, 3 upside down, 6 a quarter clockwise, ..."""
    if turn >= 5:
        picture = picture.swapaxes(0, 1)
    if turn in (3, 4, 7, 8):
        picture = picture[::-1]
    if turn in (2, 3, 6, 7):
        picture = picture[:, ::-1]
    return np.ascontiguousarray(picture)
