"""One connection, as the daemon sees it: what it sent, what it is yet to be sent, what it wants."""

from __future__ import annotations

import socket
import time
from collections import deque

from focuscam.ipc.pictures import Order
from focuscam.ipc.protocol import LONGEST_LINE, Watch

CHUNK = 4096
"""Bytes taken from a reader at a time."""

ENOUGH = 64 * 1024
"""While more bytes than this wait for a reader, it gets no readings, and is not listened to."""

MUCH = 32 * 1024 * 1024
"""The same for one that records: while a whole frame is on its way to it no reading may be lost."""

MAP_S = 0.25
"""From focus map to focus map, at least."""


class Reader:
    """A reader's two buffers. Neither can grow beyond what the server puts into it."""

    def __init__(self, connection: socket.socket, now: float, own: bool = False) -> None:
        """own: it is of this very process, and has all the time it wants."""
        self.connection = connection
        self.own = own
        self.watch = Watch()
        self.spoke = now
        """When it last sent something that could be done, s."""
        self.full_since = now
        """Since when something has been waiting for it, s."""
        self.next_picture = self.next_map = self.next_pixels = now
        """When it may have the next, s."""
        self.wants_whole = False
        """Whether it asked for a picture to keep."""
        self.awaits: dict[str, Order] = {}
        """What is being made for it, by kind: at most one of each."""
        self.leaving = False
        """It is to be sent what waits, and then to go."""
        self.ended = False
        """It will say no more; what it said before is still answered."""
        self._heard = bytearray()
        self._waiting: deque[memoryview] = deque()
        self.waiting = 0
        """Bytes that it is yet to be sent."""

    @property
    def has_line(self) -> bool:
        """Whether a complete line waits to be answered."""
        return b"\n" in self._heard

    @property
    def listened_to(self) -> bool:
        """Whether more is taken from it: not before it took the answers to what it said so far."""
        return not self.leaving and self.waiting < ENOUGH

    @property
    def due(self) -> list[float]:
        """When it may have the next of what it wants, s."""
        watch = self.watch
        wants = (
            ("picture", watch.pictures, self.next_picture),
            ("pixels", watch.frames, self.next_pixels),
            ("map", watch.map, self.next_map),
        )
        return [when for kind, wanted, when in wants if wanted and kind not in self.awaits and not self.waiting]

    def orders(self, now: float) -> list[Order]:
        """What is to be made for it next. It pays for it now, whether it still wants it when it is done or not."""
        if self.waiting or self.leaving:
            return []  # it has not yet taken the last one
        watch = self.watch
        new = []
        if watch.pictures and now >= self.next_picture and "picture" not in self.awaits:
            # Counted from when it was due, so that the rate is kept on the average; but none are owed.
            self.next_picture = max(self.next_picture, now - 0.1) + 1 / watch.pictures
            new.append(Order("picture", watch.box, watch.width))
        if watch.map and now >= self.next_map and "map" not in self.awaits:
            self.next_map = now + MAP_S
            new.append(Order("map"))
        if watch.frames and now >= self.next_pixels and "pixels" not in self.awaits:
            self.next_pixels = max(self.next_pixels, now - 0.1) + 1 / watch.frames
            new.append(Order("pixels"))
        if self.wants_whole and "whole" not in self.awaits:
            self.wants_whole = False
            new.append(Order("whole"))
        self.awaits.update((order.kind, order) for order in new)
        return new

    def hear(self) -> None:
        """Take what it sent."""
        try:
            sent = self.connection.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            sent = b""
        self._heard += sent
        self.ended = not sent

    def next_line(self) -> bytes | None:
        """The next complete line, without its end; None where there is none yet."""
        end = self._heard.find(b"\n")
        if end < 0:
            return None
        line = bytes(self._heard[:end])
        del self._heard[: end + 1]
        return line

    @property
    def too_long(self) -> bool:
        """Whether the line at hand is longer than a line may be."""
        end = self._heard.find(b"\n")
        return (end if end >= 0 else len(self._heard)) > LONGEST_LINE

    def give(self, line: bytes) -> None:
        """Let this be sent. Readers share the bytes: they are not copied."""
        if not self.waiting:
            self.full_since = time.monotonic()
        self._waiting.append(memoryview(line))
        self.waiting += len(line)

    def send(self) -> bool:
        """Send as much as it takes just now; False where it has gone."""
        while self._waiting:
            first = self._waiting[0]
            try:
                sent = self.connection.send(first)
            except (BlockingIOError, InterruptedError):
                return True
            except OSError:
                return False
            self.waiting -= sent
            if sent < len(first):
                self._waiting[0] = first[sent:]
                return True
            self._waiting.popleft()
        return True
