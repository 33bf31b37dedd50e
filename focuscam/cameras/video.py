"""The frames of a video file, through OpenCV."""

from __future__ import annotations

import itertools
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy.typing as npt

from focuscam.cameras.content import kind_of
from focuscam.cameras.scales import two_scales
from focuscam.errors import UsageError
from focuscam.messages import Luma
from focuscam.system.files import opened

_log = logging.getLogger(__name__)


_MOST_PIXELS = 2**26
"""Of a frame: twice what 8K has."""


class Video:
    """Iterates once over (fine, coarse), the luma of each frame at the two scales.

    Raises UsageError when the file is no video or has no frame.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        if path.stat().st_size == 0:
            raise UsageError(f"{path} is empty: choose another file.")
        with opened(path, most=sys.maxsize, follow=True) as file:
            if kind_of(file, path.name) != "video":
                raise _none(path)
        # FFmpeg writes its own remarks about damaged files to stderr, past Python; ours are enough.
        os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
        log = getattr(cv2.utils, "logging", cv2)  # where OpenCV 5 has it, and where OpenCV 4
        level = log.getLogLevel()
        log.setLogLevel(0)
        try:
            # By name: left to choose, OpenCV takes a file with digits in its name for a series of images.
            self._capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        finally:
            log.setLogLevel(level)
        pixels = self._capture.get(cv2.CAP_PROP_FRAME_WIDTH) * self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
        if pixels > _MOST_PIXELS:
            self._capture.release()
            raise UsageError(f"{path} has frames of more than {_MOST_PIXELS // 1_000_000} megapixels: make it smaller.")
        decoded, first = self._capture.read()
        if not decoded:
            self._capture.release()
            raise _none(path)
        self._first: npt.NDArray[Any] = first
        self._claimed = int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        height, width = first.shape[:2]
        self.description = f"{path.name}, a video of {width}x{height}"

    def __iter__(self) -> Iterator[tuple[Luma, Luma]]:
        count = 0
        try:
            for picture in itertools.chain([self._first], self._rest()):
                count += 1
                yield two_scales(picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
        finally:
            self._capture.release()
        # What a container claims is now and then an estimate: only a clear gap is worth a word.
        if count < 0.9 * self._claimed:
            _log.warning(
                "%s ended after %d of %d frames: it is damaged or cut short.", self._name, count, self._claimed
            )

    def _rest(self) -> Iterator[npt.NDArray[Any]]:
        while True:
            decoded, picture = self._capture.read()
            if not decoded:
                return
            yield picture


def _none(path: Path) -> UsageError:
    return UsageError(f"{path} is neither an image nor a video with frames: choose another file.")
