"""What SIGTERM, SIGINT and SIGHUP do."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopped(BaseException):
    """Unwinds whatever runs, so that every `with` on the way puts its pins and its camera in order."""


def stop_on_signals() -> None:
    """Raise Stopped in the main thread at the first signal; the next ones do not disturb the clearing up."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the shape that signal wants
        for each in _ENDING:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for each in _ENDING:
        signal.signal(each, stop)


def on_hangup(do: Callable[[], None]) -> None:
    """Call `do` at SIGHUP from now on, between two bytecodes of the main thread."""
    signal.signal(signal.SIGHUP, lambda number, frame: do())  # noqa: ARG005
