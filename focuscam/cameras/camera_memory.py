"""The luma of a camera's frame where the camera wrote it: no copy."""

from __future__ import annotations

import mmap

import numpy as np

from focuscam.messages import Luma

LUMA_FIRST = {"YUV420", "YVU420", "NV12", "NV21"}
"""Pixel formats, in libcamera's names, that begin with the whole Y plane: rows of one byte a pixel."""


class CameraMemory:
    """The camera's buffers, mapped once each, for reading only.

    picamera2 has mappings of its own, but it can't give them back while anybody still holds an array
    of one (Python refuses to close such a mmap), and whoever asks for the next frame usually still
    holds the last. These go when the last array does.
    """

    def __init__(self) -> None:
        self._maps: dict[int, mmap.mmap] = {}

    def luma(self, fd: int, offset: int, size: tuple[int, int], stride: int) -> Luma:
        """The Y plane in the buffer `fd`, as a view that can't be written to: uint8, (height, width).

        offset: where the plane begins, bytes. size: (width, height), px. stride: from row to row, bytes;
        more than the width where the hardware pads its rows. The view shows what the camera writes
        there next as soon as the frame was given back.
        """
        width, height = size
        length = offset + stride * (height - 1) + width
        if fd not in self._maps:
            self._maps[fd] = mmap.mmap(fd, length, mmap.MAP_SHARED, mmap.PROT_READ)
        return np.ndarray((height, width), np.uint8, self._maps[fd], offset, (stride, 1))

    def forget(self) -> None:
        """Let go of the buffers; each is unmapped when its last view is gone."""
        self._maps.clear()
