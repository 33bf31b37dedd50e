"""Pictures and focus maps for readers, made beside the loop: it only copies pixels, and only when asked to."""

from __future__ import annotations

import base64
import contextlib
import logging
import os
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import cv2

from focuscam.ipc.protocol import line
from focuscam.messages import FocusMap, Frame, Luma
from focuscam.region import WHOLE, Box
from focuscam.system.png import as_png, checksum
from focuscam.system.threads import NoThreadError, started

log = logging.getLogger(__name__)

QUALITY = 80
"""Of a JPEG to look at, 0 to 100."""
KEPT_QUALITY = 95
"""Of one to keep."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to see of a frame; readers who want the same share it."""

    kind: Literal["picture", "map", "whole", "pixels"]
    """`whole`: the frame at its full size, to keep; `pixels`: both of its scales without loss, to record."""
    box: Box = WHOLE
    width: int = 0
    """px; of pictures only."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """An order, and a copy of the pixels that it needs."""

    order: Order
    frame: Frame
    """Both of its lumas are the same copy, of what is to be seen; for `pixels` a copy of each."""
    sequence: int = 0
    """Which of the scored frames it is."""


def job(order: Order, frame: Frame, sequence: int = 0) -> Job:
    """Copy what the order needs of a frame, whose own pixels do not last."""
    if order.kind == "pixels":
        fine = frame.fine.copy()
        coarse = fine if frame.coarse is frame.fine else frame.coarse.copy()
        return Job(order, replace(frame, fine=fine, coarse=coarse), sequence)
    if order.kind == "whole":
        whole = frame.fine.copy()
        return Job(order, replace(frame, fine=whole, coarse=whole))
    small = crop(frame.coarse, order.box)
    # A part that the coarse luma shows with too few pixels is taken from the fine one, unless that is much to copy.
    enough = small.shape[1] >= order.width or order.box[2] * order.box[3] > 0.3
    part = (small if enough else crop(frame.fine, order.box)).copy()
    return Job(order, replace(frame, fine=part, coarse=part))


def crop(luma: Luma, box: Box) -> Luma:
    """The pixels of a box: a view, at least one pixel."""
    height, width = luma.shape
    left, top = min(round(box[0] * width), width - 1), min(round(box[1] * height), height - 1)
    right, bottom = round((box[0] + box[2]) * width), round((box[1] + box[3]) * height)
    return luma[top : max(bottom, top + 1), left : max(right, left + 1)]


LATER = 15
"""Niceness of the thread: with one processor for both, the loop gets thirty times as much of it."""

MapMaker = Callable[[Frame], FocusMap]
"""Makes the focus map of a frame, from its coarse luma. Not the scorer that the loop uses: that one is busy."""


class Darkroom:
    """A thread that turns exposures into lines for readers."""

    def __init__(self, done: Callable[[Order, bytes | None], None], open_maps: Callable[[], MapMaker]) -> None:
        """done: is called, in this thread, with the line for an order; None where it could not be made.

        open_maps: makes what makes maps, which is slow and takes memory: called when a map is first wanted.
        """
        self._done = done
        self._open_maps = open_maps
        self._make_map: MapMaker | None = None
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def take(self, order: Order, frame: Frame, sequence: int = 0) -> None:
        """Copy what the order needs of the frame, whose own pixels do not last, and develop it soon."""
        try:
            if self._thread is None:
                self._thread = started(self._work, "pictures")
            self._jobs.put(job(order, frame, sequence))
        except (NoThreadError, MemoryError) as error:  # the loop, which calls this, goes on
            log.warning("A %s for the preview could not be made: %s", order.kind, error or "no memory is left.")
            self._done(order, None)

    def close(self) -> None:
        """Make no more."""
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join(2.0)

    def _work(self) -> None:
        # On Linux a thread has a priority of its own. Whoever looks can wait, the light can't.
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LATER)
        while (work := self._jobs.get()) is not None:
            try:
                made = self._developed(work)
            except Exception as error:  # a picture that can't be made must not end those that can
                log.warning("A %s for the preview could not be made: %s", work.order.kind, error)
                made = None
            self._done(work.order, made)

    def _developed(self, work: Job) -> bytes:
        order, frame = work.order, work.frame
        if order.kind == "map":
            self._make_map = self._make_map or self._open_maps()
            made = self._make_map(frame)
            tells = made.certainty > 0
            rows = [
                [round(float(score), 2) if sure else None for score, sure in zip(*row, strict=True)]
                for row in zip(made.score, tells, strict=True)
            ]
            return line("map", frame=frame.number, score=rows)
        if order.kind == "pixels":
            return _pixels(frame, work.sequence)
        luma, quality = frame.fine, KEPT_QUALITY
        if order.kind == "picture":
            quality = QUALITY
            height, width = luma.shape
            if width > order.width:
                size = order.width, max(1, round(height * order.width / width))
                luma = cv2.resize(luma, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        encoded, jpeg = cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if not encoded:
            raise ValueError("it has no pixels")
        height, width = luma.shape
        return line(
            order.kind,
            frame=frame.number,
            time=round(frame.time, 4),
            name=frame.name,
            box=order.box,
            width=width,
            height=height,
            taken=round(frame.taken, 4),
            jpeg=base64.b64encode(jpeg.tobytes()).decode(),
        )


def _pixels(frame: Frame, sequence: int) -> bytes:
    """The line that holds both scales of a frame without loss."""
    pictures: dict[str, object] = {"coarse": None, "coarse_crc": None}
    for name, luma in (("fine", frame.fine), ("coarse", frame.coarse)):
        if name == "fine" or luma is not frame.fine:
            pictures[name] = base64.b64encode(as_png(luma)).decode()
            pictures[f"{name}_crc"] = checksum(luma)
    return line("pixels", seq=sequence, frame=frame.number, **pictures)
