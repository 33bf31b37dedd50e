"""Luma kept without loss: PNG, which every image viewer reads, and a checksum of the pixels themselves."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np

from focuscam.messages import FINE_SIDE, Luma
from focuscam.system.saying import others_quiet

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def as_png(luma: Luma) -> bytes:
    """Luma as a grey PNG.

    Huffman codes alone: on noise nothing that zlib can do makes it smaller, and all of it takes longer.
    Raises ValueError where there is no pixel.
    """
    how = [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_HUFFMAN_ONLY]
    if luma.size == 0:
        raise ValueError("it has no pixels")
    return cv2.imencode(".png", luma, how)[1].tobytes()


def from_png(content: bytes) -> Luma:
    """The luma of a grey PNG of at most FINE_SIDE px a side. Raises ValueError where it is none."""
    if len(content) < 26 or not content.startswith(_SIGNATURE):
        raise ValueError("it is no PNG")
    width, height, depth, kind = struct.unpack(">IIBB", content[16:26])
    if max(width, height) > FINE_SIDE or (depth, kind) != (8, 0):
        raise ValueError(f"it is {width} x {height} px of {depth} bits, not a grey picture as focuscam writes it")
    with others_quiet():
        luma = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    if luma is None or luma.dtype != np.uint8 or luma.shape != (height, width):
        raise ValueError("it is damaged")
    return np.asarray(luma, np.uint8)


def checksum(luma: Luma) -> int:
    """CRC-32 of the pixels, row by row: the same however the picture is stored."""
    return zlib.crc32(np.ascontiguousarray(luma).data)
