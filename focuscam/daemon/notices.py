"""What came of things that others ask for, in the log: all of it, unless somebody asks without end."""

from __future__ import annotations

import logging
import time
from collections import deque

log = logging.getLogger(__name__)

BURST = 30
"""Sentences that may come at once."""
PAUSE_S = 5.0
"""From one to the next, where they never cease."""


class Notices:
    """Logs sentences, and keeps them for those who look. From any thread.

    Where they come without end, most are left out of the log, and counted: a disk fills, a card wears out.
    """

    def __init__(self, quiet: bool = False) -> None:
        """quiet: log nothing, where whoever looks tells it all."""
        self._quiet = quiet
        self._may = float(BURST)
        self._last = time.monotonic()
        self._left_out = 0
        self._kept: deque[str] = deque(maxlen=BURST)

    def take(self) -> tuple[str, ...]:
        """Those that were told since this was asked last; of very many the last."""
        return tuple(self._kept.popleft() for _ in range(len(self._kept)))

    def keep(self, sentence: str) -> None:
        """Tell those who look alone."""
        self._kept.append(sentence)

    def __call__(self, sentence: str) -> None:
        """Log it, or count it, and tell those who look."""
        self.keep(sentence)
        self.note(sentence)

    def note(self, sentence: str) -> None:
        """Log it alone, or count it."""
        if self._quiet:
            return
        now = time.monotonic()
        self._may = min(self._may + (now - self._last) / PAUSE_S, BURST)
        self._last = now
        if self._may < 1:
            self._left_out += 1
            return
        self._may -= 1
        count, self._left_out = self._left_out, 0
        log.info("%s%s", sentence, f" ({count} more like this came before, and were not logged.)" if count else "")
