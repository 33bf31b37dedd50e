"""The view put together: of a session, in a thread beside whoever iterates its events."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from focuscam.errors import FocuscamError
from focuscam.session import Seen, Session
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


class FullScreen:
    """The view of a session, in a thread: the main one turns a loop of our own. Usable in a `with`.

    `q` ends the process as SIGTERM would.
    """

    def __init__(self, session: Session, way: Way | None) -> None:
        """session: it must outlive the view. way: how pictures are shown; None: the best way."""
        self._session = session
        self._way = way
        self._stack = ExitStack()
        self._leaving = False
        self._failed: BaseException | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        with self._stack as stack:
            stack.enter_context(stderr_held_back())
            # What is worth a line in a log is not worth one on a screen that shows it all.
            logging.disable(logging.INFO)
            stack.callback(logging.disable, logging.NOTSET)
            interrupts = stack.enter_context(Interrupts())
            self._terminal = stack.enter_context(Terminal())
            self._view = View(self._session, self._terminal, interrupts, self._way)
            # Before the first frame: the source may have no more than one.
            self._view.prepare()
            stack.callback(self._end)  # from here on, since a signal may come before anybody is inside
            self._thread = started(self._run, "view")
            self._stack = stack.pop_all()
        return self

    def beside(self, seen: Iterator[Seen]) -> Iterator[Seen]:
        """What a loop of our own sees, as it goes by; of one that goes on by itself nothing: the view asks for all."""
        if self._session.joined:
            self._wait()
            return
        frames = 0
        for each in seen:
            frames += 1
            yield each
        if frames == 1:  # a single photo is there to be looked at, until `q`
            self._leaving = self._view.ended = True
            self._wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        if self._failed is not None and not isinstance(self._failed, OSError):
            raise self._failed

    def _end(self) -> None:
        self._leaving = True
        self._view.done = True
        self._wait(_END_S)

    def _wait(self, seconds: float | None = None) -> None:
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self._view.run()
        except (FocuscamError, OSError) as error:
            self._failed = None if self._leaving else error
        except BaseException as error:
            self._failed = error
        if not self._leaving:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
