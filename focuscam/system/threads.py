"""Threads that run already, or a sentence, and how a process ends in which one still runs."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import weakref
from collections.abc import Callable
from typing import NoReturn

from focuscam.errors import FocuscamError
from focuscam.system.saying import leave_quietly


class NoThreadError(FocuscamError):
    """The system gives no thread: the part that needs one goes without, and the rest goes on."""


_threads: weakref.WeakSet[threading.Thread] = weakref.WeakSet()


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
    _threads.add(thread)
    return thread


def leave(status: int) -> NoReturn:
    """End the process with this status, with all that is to be done at its exit, even where such a thread still runs.

    A signal may come before anybody could end it. Back from OpenCV or the network, it would find an interpreter that is
    being taken apart, and Python would end the thread from within C++, which aborts the process (SIGABRT).
    """
    if not any(thread.is_alive() for thread in _threads):
        sys.exit(status)
    try:
        atexit._run_exitfuncs()
        leave_quietly()
    finally:
        os._exit(status)
