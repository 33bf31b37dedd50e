"""How large a photo may be: none may take more than 1 GiB of memory, or minutes, whatever its header asks for."""

from __future__ import annotations

from typing import Any, Final

from PIL.ImageFile import ImageFile

from focuscam.messages import FINE_SIDE

MOST_BYTES: Final = 400_000_000
"""Of a file."""

MOST_MEMORY: Final = 800_000_000
"""Bytes that decoding may take: with the program itself that is less than 1 GiB."""

MOST_PIXELS: Final = 2**28
"""268 megapixels; less for what takes more than MOST_MEMORY. The largest phone photos have 200, as JPEG."""

SLOW_PIXELS: Final = 2**24
"""The same for encodings that Pillow decodes in Python."""

_SLOW = ("bmp_rle", "ppm", "ppm_plain")


def too_large(image: ImageFile) -> str | None:
    """Why a picture with its header read is too large to be decoded, as the end of a sentence; None where it is not."""
    width, height = image.size
    pixels = max(width * height, _tile(image))
    name = "JPEG" if image.format == "MPO" else image.format
    limit = min(MOST_PIXELS, int(MOST_MEMORY / _bytes_a_pixel(image)))
    if image.tile and image.tile[0][0] in _SLOW:
        limit, name = min(limit, SLOW_PIXELS), f"{name} of this kind"
    if pixels <= limit:
        return None
    what = f"has {width} x {height} px" if pixels == width * height else "is stored in vast tiles"
    return f"{what}, over the limit of {limit // 1_000_000} megapixels for a {name}"


def _bytes_a_pixel(image: ImageFile) -> float:
    """Memory that decoding takes at its height, as measured; our luma is part of it."""
    deep = image.mode.startswith("I;16")
    stored = 2 if deep else 1 if image.mode in ("1", "L", "P") else 4
    own = stored + (2 if deep or image.mode == "I" else 1)
    match image.format:
        case "JPEG" | "MPO":
            # What comes in several scans is kept whole, 2 bytes a sample, before any of it can be halved.
            return 2 * _samples_kept(image) + (own if max(image.size) < 4 * FINE_SIDE else own / 4)
        case "WEBP" | "AVIF":
            return 17.0
        case "JPEG2000":
            return 30.0
        case "TIFF":
            return stored + own  # libtiff's own strip, or the picture turned
        case "GIF":
            return 6.0
    return own


def _tile(image: ImageFile) -> int:
    """Pixels of a tile of a TIFF, which is decoded whole however much of it lies outside the picture."""
    tags = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    width, height = tags.get(322, 0), tags.get(323, 0)
    return int(width) * int(height) if isinstance(width, int) and isinstance(height, int) else 0


def _samples_kept(image: ImageFile) -> float:
    """Samples a pixel of a JPEG that comes in several scans, as all progressive ones do; 0 where it comes in one."""
    file: Any = image.fp
    at = file.tell()
    try:
        file.seek(2)
        samples, components = 4.0, 0
        while len(head := file.read(4)) == 4 and head[0] == 0xFF:
            marker, length = head[1], int.from_bytes(head[2:], "big")
            if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                frame = file.read(length - 2)
                components = frame[5]
                areas = [(each >> 4) * (each & 15) for each in frame[7 : 6 + 3 * components : 3]]
                samples = float(sum(areas) / max(areas))
                if marker not in (0xC0, 0xC1):
                    return samples
            elif marker == 0xDA:
                return 0.0 if file.read(1) == bytes([components]) else samples
            else:
                file.seek(length - 2, 1)
        return samples  # damaged, or with fill bytes: the dearer case
    except (ValueError, IndexError, ZeroDivisionError):
        return 4.0
    finally:
        file.seek(at)
