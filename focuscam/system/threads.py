"""Threads that run already, or a sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable

from focuscam.errors import FocuscamError


class NoThreadError(FocuscamError):
    """The system gives no thread: the part that needs one goes without, and the rest goes on."""


def started(work: Callable[[], object], name: str) -> threading.Thread:
    """A thread that does this work and ends with the process.

    Raises NoThreadError where there is none to be had. Nobody ever holds one that does not run: it could not be joined.
    """
    thread = threading.Thread(target=work, name=name, daemon=True)
    try:
        thread.start()
    except (RuntimeError, MemoryError) as error:
        raise NoThreadError(
            f"The system gives no more threads ({str(error) or 'no memory'}): end other programs, or reboot."
        ) from None
    return thread
