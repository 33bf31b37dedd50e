"""The view put together: over a running daemon, or beside an own loop."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from focuscam.errors import FocuscamError
from focuscam.ipc.client import Link
from focuscam.ipc.server import Server
from focuscam.system.threads import started
from focuscam.tui.answers import Way
from focuscam.tui.interrupts import Interrupts, stderr_held_back
from focuscam.tui.terminal import Terminal
from focuscam.tui.view import View

log = logging.getLogger(__name__)

_END_S = 3.0


def possible() -> bool:
    """Whether there is a terminal on which a screen can be drawn."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def show_daemon(link: Link, way: Way | None, again: Callable[[], Link | None]) -> None:
    """Show a running daemon until `q`. Raises FocuscamError where it goes."""
    with stderr_held_back(), Interrupts() as interrupts, Terminal() as terminal:
        try:
            View(link, terminal, interrupts, way, again=again).run()
        except OSError as error:  # the terminal has gone, and nobody is left to be told
            log.debug("The terminal has gone: %s", error)


class OwnView:
    """The view beside an own loop: a reader of the same protocol, in a thread. Usable in a `with`.

    `q` ends the process as SIGTERM would.
    """

    def __init__(self, server: Server, way: Way | None) -> None:
        """server: is shown what the loop sees; it must outlive the view."""
        self._server = server
        self._way = way
        self._stack = ExitStack()
        self._leaving = False
        self._failed: BaseException | None = None

    def __enter__(self) -> Self:
        with self._stack as stack:
            theirs, ours = socket.socketpair()
            self._server.adopt(theirs, own=True)
            link = stack.enter_context(Link(ours))
            stack.enter_context(stderr_held_back())
            # What is worth a line in a log is not worth one on a screen that shows it all.
            logging.disable(logging.INFO)
            stack.callback(logging.disable, logging.NOTSET)
            interrupts = stack.enter_context(Interrupts())
            self._terminal = stack.enter_context(Terminal())
            self._view = View(link, self._terminal, interrupts, self._way)
            # Before the first frame: the source may have no more than one.
            self._view.prepare()
            self._thread = started(self._run, "view")
            self._stack = stack.pop_all()
        return self

    def stay(self) -> None:
        """Keep the last picture on the screen until `q`: a single photo is there to be looked at."""
        self._leaving = self._view.ended = True
        self._thread.join()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving = True
        self._view.done = True
        self._thread.join(_END_S)
        self._stack.__exit__(kind, error, trace)
        if self._failed is not None and not isinstance(self._failed, OSError):
            raise self._failed

    def _run(self) -> None:
        try:
            self._view.run()
        except (FocuscamError, OSError) as error:
            self._failed = None if self._leaving else error
        except BaseException as error:
            self._failed = error
        if not self._leaving:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
