"""Signals that a view in a terminal must hear of, and what others write meanwhile: neither may spoil the screen."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any, Self

_HEARD = (signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT)
_LAST_WORDS = 4096
"""Bytes of what was written meanwhile that are shown afterwards."""


class Interrupts:
    """Resizing, suspending and resuming, to be waited for like input. Entered in the main thread."""

    def __init__(self) -> None:
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._came: set[int] = set()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for each in _HEARD:
            self._before[each] = signal.signal(each, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._wake)

    def fileno(self) -> int:
        """Readable once one has come."""
        return self._wake

    def take(self) -> set[int]:
        """Those that came since."""
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._wake)
        came, self._came = self._came, set()
        return came

    def _hear(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the shape that signal wants
        self._came.add(number)
        os.eventfd_write(self._wake, 1)


@contextlib.contextmanager
def stderr_held_back() -> Iterator[None]:
    """Keep what is written to stderr off the terminal, libraries included; show the end of it afterwards."""
    if not sys.stderr.isatty():
        yield
        return
    sys.stderr.flush()
    there = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(there, 2)
            os.close(there)
            size = held.seek(0, os.SEEK_END)
            held.seek(max(0, size - _LAST_WORDS))
            with contextlib.suppress(OSError):
                os.write(2, held.read())
