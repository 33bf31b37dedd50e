"""One photo from a file, upright, as luma at the two scales. Pillow decodes: it refuses what is cut short."""

from __future__ import annotations

import contextlib
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from focuscam.cameras.content import kind_of
from focuscam.cameras.limits import MOST_BYTES, too_large
from focuscam.cameras.scales import size_within, two_scales
from focuscam.errors import FocuscamError
from focuscam.messages import FINE_SIDE, Luma
from focuscam.system.files import opened
from focuscam.system.saying import others_quiet, shortened

_COMMON = ("jpg", "jpeg", "jpe", "jfif", "mpo", "png", "apng", "tif", "tiff", "webp", "avif")
_OTHERS = ("bmp", "dib", "gif", "jp2", "pbm", "pgm", "ppm", "pnm")
SUFFIXES: Final = frozenset(f".{name}" for name in _COMMON + _OTHERS)
"""What is taken for an image in a folder, in lower case."""

FORMATS: Final = ("JPEG", "MPO", "PNG", "TIFF", "WEBP", "AVIF", "BMP", "DIB", "GIF", "JPEG2000", "PPM")
"""Pillow's names of those that are read. It knows thirty more, of which EPS starts Ghostscript."""

_RAW = "a raw file, whose small preview says nothing about focus"
_BIT_DEPTHS = (10, 12, 14, 16)
_STRIP = 2**20
"""Pixels that are converted at a time."""

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

    Raises FocuscamError with one sentence that names the file: absent, empty, no picture, raw, cut short, too large.
    """
    with decoding(path) as image:
        return _upright(image, shortened(path.name))


@contextmanager
def decoding(path: Path) -> Iterator[ImageFile]:
    """The picture with its header read; what goes wrong within becomes a FocuscamError with one sentence."""
    name = shortened(path.name or str(path))
    try:
        with opened(path, most=MOST_BYTES, follow=True) as file, _decoder(file, path) as image:
            if trouble := too_large(image):
                raise FocuscamError(f"{name} {trouble}: make it smaller first.")
            yield image
    except FocuscamError:
        raise
    except UnidentifiedImageError:
        raise FocuscamError(f"{name} is not a picture in a format that can be read: replace or remove it.") from None
    except MemoryError:
        raise FocuscamError(f"{name} does not fit into memory: make it smaller first.") from None
    except FileNotFoundError:
        raise FocuscamError(f"{name} does not exist: check the path.") from None
    except PermissionError:
        raise FocuscamError(f"{name} may not be read: check its permissions.") from None
    except Exception as error:  # on damaged files Pillow raises OSError, SyntaxError, ValueError, struct.error, ...
        if isinstance(error, OSError) and error.filename is not None:
            raise FocuscamError(f"{name} can't be read ({error.strerror}): name a file with a picture.") from None
        reason = shortened(" ".join(str(error).split())) or type(error).__name__
        raise FocuscamError(f"{name} is damaged or cut short ({reason}): replace or remove it.") from error


@contextmanager
def _decoder(file: BinaryIO, path: Path) -> Iterator[ImageFile]:
    """The picture with its header read and nothing decoded. Pillow's own limit, 179 megapixels, gives way to ours."""
    if not file.seek(0, os.SEEK_END):
        raise FocuscamError(f"{shortened(path.name)} is empty: replace or remove it.")
    if kind_of(file, path.name) == "raw":
        beside = f"give {shortened(jpeg.name)}" if (jpeg := _jpeg_beside(path)) else "give the JPEG beside it"
        raise FocuscamError(f"{shortened(path.name)} is {_RAW}: {beside}.")
    # From an open file: given a name, Pillow maps an uncompressed TIFF, and garbles it where its tag says to turn it.
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd metadata, which nobody here looks at
        with _opening:
            limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
            try:
                Image.init()
                image = Image.open(file, formats=[name for name in FORMATS if name in Image.OPEN])
            finally:
                Image.MAX_IMAGE_PIXELS = limit
        with image:
            yield image


def _jpeg_beside(raw: Path) -> Path | None:
    """The JPEG of the same name, which cameras write beside a raw file; None where there is none."""
    for suffix in (".jpg", ".JPG", ".jpeg", ".JPEG"):
        with contextlib.suppress(OSError, ValueError):
            jpeg = raw.with_suffix(suffix)
            if jpeg != raw and jpeg.is_file():
                return jpeg
    return None


def _upright(image: ImageFile, name: str) -> Photo:
    width, height = image.size
    deep_colours = bool(image.tile) and "16" in str(image.tile[0][3])  # of which Pillow keeps the upper 8 bits
    if image.format in ("JPEG", "MPO"):
        # Y as it is stored, without the way over RGB; and a large picture halved as it is decoded, down to
        # no less than twice what is needed, so that area averaging still does the last step.
        needed = size_within(FINE_SIDE, width, height)
        image.draft("L", (2 * needed[0], 2 * needed[1]))
        load(image)
    else:
        load(image)
        width, height = image.size  # some formats (TIFF) turn the picture themselves as they decode it
    oriented = orientation(image)
    fine, coarse = two_scales(_luma(image, name, deep_colours))
    upright = turned(fine, oriented)
    if oriented >= 5:
        width, height = height, width
    return Photo(upright, upright if coarse is fine else turned(coarse, oriented), width, height)


def load(image: ImageFile) -> None:
    """Decode it; what libtiff would write to stderr about damage comes as an exception as well."""
    with others_quiet():
        image.load()


def _luma(image: Image.Image, name: str, deep_colours: bool) -> npt.NDArray[Any]:
    """(height, width), uint8, or uint16 with white at 65535. Made in strips: a second copy in colour would be dear."""
    deep = image.mode.startswith("I")  # I;16 and its byte orders; or I, with which some versions read 16 bits
    if image.mode == "F":
        raise FocuscamError(f"{name} has floating-point pixels, whose white is unknown: save it with 8 or 16 bits.")
    image.info.pop("transparency", None)  # of a palette: ignored as all alpha is, and Pillow would warn of it
    width, height = image.size
    luma = np.empty((height, width), np.uint16 if deep else np.uint8)
    rows = max(1, _STRIP // width)
    for top in range(0, height, rows):
        part = image if rows >= height else image.crop((0, top, width, min(height, top + rows)))
        if deep:
            values = np.asarray(part)
            if values.min() < 0 or values.max() > 65535:
                raise FocuscamError(f"{name} has more than 16 bits a pixel: save it with 8 or 16.")
        else:
            if part.mode in ("CMYK", "LAB", "HSV"):
                part = part.convert("RGB")
            values = np.asarray(part if part.mode == "L" else part.convert("L"))
        luma[top : top + rows] = values
    if deep:
        np.left_shift(luma, 16 - _depth(image, int(luma.max())), out=luma)
    elif deep_colours and luma.max() < 64:
        raise FocuscamError(
            f"{name} has colours of 16 bits that use few of them, such as 12: save it with 8, or with all 16."
        )
    return luma


def _depth(image: Image.Image, brightest: int) -> int:
    """How many of 16 bits are used: as the file says, else as many as a sensor has that gives no brighter pixel.

    One that is as good as black stays so: it has nothing to tell.
    """
    if image.format == "TIFF":
        said = getattr(image, "tag_v2", {}).get(281)  # MaxSampleValue
        said = said[0] if isinstance(said, tuple) and said else said
        if isinstance(said, int) and brightest <= said <= 65535:
            return max(8, said.bit_length())
    return 16 if brightest < 256 else next(bits for bits in _BIT_DEPTHS if brightest < 1 << bits)


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none or it cannot be read: no reason to lose the picture."""
    try:
        oriented = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        return 1
    return oriented if isinstance(oriented, int) and 1 <= oriented <= 8 else 1


def turned(picture: Luma, oriented: int) -> Luma:
    """Turned and mirrored as EXIF 2.32, tag 274, says: 1 as it is, 3 upside down, 6 a quarter clockwise, ..."""
    if oriented >= 5:
        picture = picture.swapaxes(0, 1)
    if oriented in (3, 4, 7, 8):
        picture = picture[::-1]
    if oriented in (2, 3, 6, 7):
        picture = picture[:, ::-1]
    return np.ascontiguousarray(picture)
