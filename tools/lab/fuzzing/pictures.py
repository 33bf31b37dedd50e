"""Pictures of every format, damaged: blindly, in their headers, and with names that nobody would give."""

from __future__ import annotations

import io
import os
import re
import struct
import zlib
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from lab.fuzzing.damage import bytes_damaged, odd_name
from lab.fuzzing.judge import Case

SIZES = (0, 1, 3, 255, 4096, 16_000, 32_767, 65_535, 2**24, 2**31 - 1, 2**32 - 1)

_WAYS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("JPEG", "RGB", {}), ("JPEG", "RGB", {"progressive": True}), ("JPEG", "CMYK", {}), ("JPEG", "L", {"quality": 30}),
    ("PNG", "RGB", {}), ("PNG", "L", {}), ("PNG", "I;16", {}), ("PNG", "P", {}), ("PNG", "RGBA", {}), ("PNG", "1", {}),
    ("TIFF", "RGB", {}), ("TIFF", "RGB", {"compression": "tiff_lzw"}), ("TIFF", "RGB", {"compression": "jpeg"}),
    ("TIFF", "1", {"compression": "group4"}), ("TIFF", "I;16", {}), ("TIFF", "F", {}), ("TIFF", "CMYK", {}),
    ("WEBP", "RGB", {}), ("WEBP", "RGBA", {"lossless": True}), ("AVIF", "RGB", {}), ("BMP", "RGB", {}),
    ("BMP", "P", {}), ("GIF", "P", {}), ("JPEG2000", "RGB", {}), ("PPM", "RGB", {}), ("PPM", "L", {}), ("PPM", "1", {}),
    ("EPS", "RGB", {}), ("PCX", "RGB", {}), ("TGA", "RGB", {}), ("ICO", "RGB", {}), ("DDS", "RGB", {}),
)  # fmt: skip


@cache
def _whole() -> list[tuple[str, bytes]]:
    """(format, content) of each."""
    y, x = np.mgrid[0:72, 0:96]
    colours = np.stack([x * 2, y * 3, 255 - x - y], axis=2).astype(np.uint8)
    colours[::8] //= 3
    made = []
    for kind, mode, how in _WAYS:
        picture = Image.fromarray(colours)
        if mode == "I;16":
            picture = Image.fromarray(colours[..., 0].astype(np.uint16) << 8)
        elif mode != "RGB":
            picture = picture.convert("L").convert(mode) if mode in ("1", "F") else picture.convert(mode)
        exif = Image.Exif()
        exif[274] = 6
        more = {"exif": exif} if kind in ("JPEG", "PNG", "WEBP") and mode != "1" else {}
        content = io.BytesIO()
        try:
            picture.save(content, kind, **how, **more)
        except (OSError, KeyError):  # this Pillow was built without it
            continue
        made.append((kind, content.getvalue()))
    return made


def picture(shared: Path, folder: Path, chance: Random) -> Case:  # noqa: ARG001 - the shape of a kind
    """A picture or two, to be scored, shown and reported on."""
    names = []
    for _ in range(chance.choice((1, 1, 2))):
        kind, content = chance.choice(_whole())
        match chance.randrange(5):
            case 0 | 1:
                content = bytes_damaged(content, chance)
            case 2 | 3:
                content = _asking_for_more(kind, content, chance)
            case _:
                content = chance.choice((content, content[: len(content) // 2], b"", content + chance.randbytes(999)))
        suffix = chance.choice((".jpg", f".{kind.lower()}", ".png", ".tif"))
        name = odd_name(chance, suffix)
        (folder / os.fsdecode(name)).write_bytes(content)
        names.append(f"./{os.fsdecode(name)}")
    match chance.randrange(5):
        case 0:
            return Case(("--json", "--source", names[0]), as_json=True)
        case 1:
            return Case(("lens-report", *(("--html", "page.html") if chance.random() < 0.3 else ()), *names))
        case 2:
            return Case(("score", "--json", *names), frozenset({0, 1}), as_json=True)
        case 3:
            return Case(("score", "."), frozenset({0, 1}))
    return Case(("score", *names), frozenset({0, 1}))


def _asking_for_more(kind: str, content: bytes, chance: Random) -> bytes:
    """Its header with another size, and what follows as it was: few bytes that ask for much memory."""
    width, height = chance.choice(SIZES), chance.choice(SIZES)
    made = bytearray(content)
    match kind:
        case "PNG":
            made[16:24] = struct.pack(">II", width & 0xFFFFFFFF, height & 0xFFFFFFFF)
            made[24:26] = bytes([chance.choice((1, 2, 4, 8, 16)), chance.choice((0, 2, 3, 4, 6))])
            made[29:33] = struct.pack(">I", zlib.crc32(made[12:29]))
        case "JPEG":
            frame = re.search(rb"\xff[\xc0-\xc2]\0.\x08", bytes(made), re.DOTALL)
            if frame:
                made[frame.end() : frame.end() + 4] = struct.pack(">HH", height & 0xFFFF, width & 0xFFFF)
                if chance.random() < 0.3:
                    made[frame.start() + 1] = chance.choice((0xC0, 0xC1, 0xC2, 0xC9))
        case "BMP":
            made[18:26] = struct.pack("<II", width & 0xFFFFFFFF, height & 0xFFFFFFFF)
            made[28:34] = struct.pack("<HI", chance.choice((1, 4, 8, 16, 24, 32)), chance.choice((0, 1, 2, 3)))
        case "GIF":
            made[6:10] = struct.pack("<HH", width & 0xFFFF, height & 0xFFFF)
        case "PPM":
            head = chance.choice((b"P1", b"P2", b"P3", b"P4", b"P5", b"P6"))
            depth = chance.choice((b"1", b"255", b"4095", b"65535", b"99999"))
            return b"%s\n%d %d\n%s\n" % (head, width, height, depth) + content[15:]
        case "TIFF":
            _change_tags(made, chance)
        case "JPEG2000":
            at = bytes(made).find(b"\xff\x51")
            made[at + 6 : at + 14] = struct.pack(">II", width & 0xFFFFFFFF, height & 0xFFFFFFFF)
    return bytes(made)


def _change_tags(made: bytearray, chance: Random) -> None:
    """Give one or two tags of a TIFF's first directory another value."""
    order = "<" if made[:2] == b"II" else ">"
    start = struct.unpack_from(order + "I", made, 4)[0]
    many = struct.unpack_from(order + "H", made, start)[0]
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = start + 2 + 12 * chance.randrange(many)
        tags = (254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 281, 317, 322, 323, 330, 338, 339, 50706)
        if chance.random() < 0.4:
            struct.pack_into(order + "H", made, at, chance.choice(tags))
        struct.pack_into(order + "I", made, at + 8, chance.choice((*SIZES, 4, start, 2, 7, 32803, 34713)) & 0xFFFFFFFF)
