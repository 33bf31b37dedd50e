"""What a file is by its content: a photo, a raw file of a camera, a video. Its name says nothing about that.

What is recognised as none of them goes to no decoder: they know dozens of formats, of which some start programs or
open other files, and others show half a picture without a word.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import BinaryIO, Literal

Kind = Literal["photo", "raw", "video", "other"]

_PHOTOS = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|BM|II\*\0|MM\0\*|II\+\0|MM\0\+|RIFF....WEBP|....ftypavi[fs]"
    rb"|\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51|P[1-6][\s#]",
    re.DOTALL,
)
_RAWS = re.compile(
    rb"II\*\0....CR|II\x1a\0\0\0HEAPCCDR|FUJIFILMCCD-RAW|....ftypcrx |IIR[OS]|MMOR|IIU\0|FOVb|\0MRM"
    rb"|(?:II\*\0|MM\0\*)....(?:II|MM){2}",
    re.DOTALL,
)
"""Canon, Fujifilm, Olympus, Panasonic, Sigma, Minolta, Phase One. The others are TIFF inside: their tags tell."""
_VIDEOS = re.compile(
    rb"....(?:ftyp|moov|mdat|free|skip|wide|pnot)|\x1aE\xdf\xa3|RIFF....AVI |0&\xb2u\x8ef\xcf\x11|FLV\x01|OggS"
    rb"|\0\0\x01[\xb0\xb3\xb5\xba]|\0?\0\0\x01[\x06\x07\x09\x27\x40\x42\x46\x67]|YUV4MPEG2 |DKIF|\x12\0\n|.RMF"
    rb"|\x06\x0e\+4",
    re.DOTALL,
)
"""MP4, Matroska, AVI, ASF, Flash, Ogg, MPEG, H.264 and H.265 as they come, YUV4MPEG, IVF, AV1, RealMedia, MXF. No
playlists: they would open other files."""
_PACKET = 188
"""Bytes of a packet of an MPEG transport stream, each of which begins with a G."""

_HEAD = 512
_SECOND_JPEG = b"\xff\xd9\xff\xd8\xff"
_FAR = 32 * 2**20
"""Bytes in which a video of JPEGs, one after the other, has its second one."""


def kind_of(file: BinaryIO, name: str) -> Kind:
    """What an open file holds; its place in it is lost. Raises OSError where it can't be read.

    name: decides for what is a photo and a video alike, JPEGs one after the other.
    """
    file.seek(0)
    head = file.read(_HEAD)
    if _RAWS.match(head) or (head[:2] in (b"II", b"MM") and _holds_raw(file)):
        return "raw"
    if _PHOTOS.match(head):
        if name.lower().endswith((".mjpg", ".mjpeg")) and head.startswith(b"\xff\xd8"):
            file.seek(0)
            return "video" if _SECOND_JPEG in file.read(_FAR) else "photo"
        return "photo"
    stream = head[:1] == b"G" and head[_PACKET : _PACKET + 1] == b"G"
    return "video" if stream or _VIDEOS.match(head) else "other"


# TIFF 6.0 and its supplements; DNG 1.6, chapter 4.
_SUBFILE_TYPE, _COMPRESSION, _PHOTOMETRIC, _SUB_IFDS, _DNG_VERSION = 254, 259, 262, 330, 50706
_COLOUR_FILTERS, _LINEAR_RAW = 32803, 34892
_MAKERS_COMPRESSIONS = (32767, 32770, 34713, 65000, 65535)
"""Of Sony, Samsung, Nikon, Kodak, Pentax."""
_MOST_DIRECTORIES, _MOST_ENTRIES = 32, 512


def _holds_raw(file: BinaryIO) -> bool:
    """Whether a TIFF holds what a sensor gave, or begins with a picture that is but a preview of another."""
    try:
        for number, tags in enumerate(_directories(file)):
            if _DNG_VERSION in tags or tags.get(_PHOTOMETRIC) in (_COLOUR_FILTERS, _LINEAR_RAW):
                return True
            if tags.get(_COMPRESSION) in _MAKERS_COMPRESSIONS or (number == 0 and tags.get(_SUBFILE_TYPE, 0) & 1):
                return True
    except (struct.error, OverflowError):  # damaged: the decoder will say so
        return False
    return False


def _directories(file: BinaryIO) -> Iterator[dict[int, int]]:
    """The tags of each directory with their first value, the directories below them included."""
    file.seek(0)
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    big = head[2:4] in (b"+\0", b"\0+")  # BigTIFF has everything in 8 bytes
    count, entry, offset = (
        (order + "Q", order + "HHQQ", order + "Q") if big else (order + "H", order + "HHII", order + "I")
    )
    waiting = [struct.unpack_from(offset, head, 8 if big else 4)[0]]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        at = waiting.pop(0)
        if not at or at in seen:
            continue
        seen.add(at)
        file.seek(at)
        entries = struct.unpack(count, file.read(struct.calcsize(count)))[0]
        size = struct.calcsize(entry)
        table = file.read(size * min(entries, _MOST_ENTRIES))
        tags: dict[int, int] = {}
        for each in range(len(table) // size):
            tag, kind, many, value = struct.unpack_from(entry, table, each * size)
            if kind == 3 and order == ">":  # a short one lies at the left end of its field
                value >>= 48 if big else 16
            elif kind == 3:
                value &= 0xFFFF
            if tag == _SUB_IFDS:
                waiting += _values(file, offset, many, value)
            tags[tag] = value
        if entries <= _MOST_ENTRIES:
            file.seek(at + struct.calcsize(count) + entries * size)
            waiting.append(struct.unpack(offset, file.read(struct.calcsize(offset)))[0])
        yield tags


def _values(file: BinaryIO, offset: str, many: int, value: int) -> list[int]:
    """The directories that a tag names: one in its own field, more where that points to."""
    if many <= 1:
        return [value]
    file.seek(value)
    size = struct.calcsize(offset)
    table = file.read(size * min(many, _MOST_DIRECTORIES))
    return [struct.unpack_from(offset, table, at)[0] for at in range(0, len(table) - size + 1, size)]
