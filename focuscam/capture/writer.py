"""A thread that develops and writes stills, so that neither the light nor the camera ever waits for the card."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from focuscam.system.threads import started

log = logging.getLogger(__name__)

MOST = 2
"""Stills that wait: one of 12 megapixels takes 18 MB, and 24 MB more with its raw."""

PATIENCE_S = 5.0
"""How long the end of the program waits for those that are being written, s: systemd gives it ten."""


class Writer:
    """Usable in a `with`: leaving finishes what waits. Its thread begins with the first job."""

    def __init__(self) -> None:
        self._jobs: queue.Queue[Callable[[], object] | None] = queue.Queue(MOST)
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread is None:
            return
        began = time.monotonic()
        with contextlib.suppress(queue.Full):
            self._jobs.put(None, timeout=PATIENCE_S)
            self._thread.join(max(began + PATIENCE_S - time.monotonic(), 0.0))

    def do(self, job: Callable[[], object]) -> bool:
        """Let the thread do it, after those before; False where too many wait, and then it is not done.

        Raises NoThreadError where there is no thread that could do it; with the next job that is tried again.
        """
        if self._thread is None or not self._thread.is_alive():
            self._thread = started(self._work, "stills")
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            return False
        return True

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:  # the next still may do better; the light does not depend on it
                log.exception("A still could not be written; going on.")
            del job  # or its pixels would be kept until the next one
