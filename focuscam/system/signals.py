"""What SIGTERM, SIGINT and SIGHUP do."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from types import FrameType

log = logging.getLogger(__name__)

_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopped(BaseException):
    """Unwinds whatever runs, so that every `with` on the way puts its pins and its camera in order."""


_asked: list[int] = []
"""The signal that asked us to end."""


def stop_on_signals() -> None:
    """Raise Stopped in the main thread at the first signal; the next ones do not disturb the clearing up."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the shape that signal wants
        ignore_signals()
        _asked.append(number)
        raise Stopped

    _asked.clear()
    for each in _ENDING:
        signal.signal(each, stop)


def stop_if_asked() -> None:
    """Raise Stopped where a signal has asked for it and we are still here.

    Raised between any two bytecodes, it may come while a library clears up, fail there with that, and be lost.
    """
    if _asked:
        raise Stopped


def ignore_signals() -> None:
    """From now on none of them disturbs the clearing up."""
    for each in _ENDING:
        signal.signal(each, signal.SIG_IGN)


_resting: list[Callable[[], AbstractContextManager[None]]] = []


def rest_while_suspended(rest: Callable[[], AbstractContextManager[None]]) -> None:
    """Enter what `rest` gives before the process is suspended (Ctrl-Z), and leave it when it goes on.

    Called in the main thread.
    """
    _resting.append(rest)
    if signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL:
        signal.signal(signal.SIGTSTP, lambda number, frame: suspend())  # noqa: ARG005


def suspend() -> None:
    """Stand still until somebody wants us to go on: with nothing lit that would speak of the past."""
    with ExitStack() as stack:
        for rest in _resting:
            stack.enter_context(rest())
        # To this very thread: sent to the process, it lets any but the main one run on for a moment.
        signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


_last: list[Callable[[], object]] = []


def at_the_very_end(do: Callable[[], object]) -> None:
    """Call `do` once the command is over, however it ended, in the order of asking.

    A first signal may come while a `with` is being left for another reason, and cut that short; this it can't.
    """
    _last.append(do)


def end() -> None:
    """Do what is to be done at the very end. Called by the command line alone."""
    try:
        if _last:
            ignore_signals()
    finally:  # Stopped comes once at most: if it came just now, nothing disturbs what follows
        _resting.clear()
        _asked.clear()
        while _last:
            try:
                _last.pop(0)()
            except Exception as error:
                log.error("Clearing up failed: %s.", error)


def on_hangup(do: Callable[[], None]) -> None:
    """Call `do` at SIGHUP from now on, between two bytecodes of the main thread."""
    signal.signal(signal.SIGHUP, lambda number, frame: do())  # noqa: ARG005
