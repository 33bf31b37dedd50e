"""How many pictures a page is sent, and how large: as the connection takes them, within a thin line's means. Pure."""

from __future__ import annotations

import math

BYTES_A_SECOND = 1.4e6 / 8
"""What pictures may take; with the readings beside them it stays under 1.5 Mbit/s."""
MOST, LEAST = 15.0, 5.0
"""Pictures a second: more than the first shows nobody more; with fewer than the second they are made smaller."""
LONG_S = 0.15
"""A picture that takes longer than the quickest by so much, s, is too large: readings would wait for it."""
LOST_S = 3.0
"""A page that has not said by then that it took one may not have it, s."""
WIDTHS = (960, 800, 640, 512, 416, 320, 256, 192, 128)
"""px"""
CALM, CALM_AT_FIRST = 15, 3
"""So many in a row have to be quick before they are made larger: once one was too slow, and before."""
FORGETS = 1.0005
"""The quickest is as good as twice as slow after so many pictures as double it: some two minutes."""


class Pace:
    """Counts what was sent and taken. Never more than one picture is on its way."""

    def __init__(self) -> None:
        self._at = len(WIDTHS) - 2  # a small one first: how long that takes is what the way itself takes
        self._sent = self._due = -math.inf
        self._away = False
        self._size = 0.0
        self._span = 0.0
        self._quickest = math.inf
        self._calm = 0
        self._enough = CALM_AT_FIRST

    def width(self, wanted: int) -> int:
        """Of the pictures, px, where the page could show so many."""
        return min(wanted, WIDTHS[self._at])

    @property
    def rate(self) -> float:
        """Pictures a second that are worth making."""
        span = max(1 / MOST, self._size / BYTES_A_SECOND, self._span)
        return float(max(1, math.ceil(1 / span)))

    def ready(self, now: float) -> bool:
        """Whether another picture may be sent at this time, s."""
        return now >= self.due

    @property
    def due(self) -> float:
        """When that is, as far as is known now, s."""
        return self._sent + LOST_S if self._away else self._due

    def sent(self, size: int, now: float) -> None:
        """A picture of so many bytes is on its way."""
        self._away = True
        self._sent = now
        self._size = size if not self._size else 0.8 * self._size + 0.2 * size
        self._due = now + max(1 / MOST, size / BYTES_A_SECOND)

    def took(self, now: float) -> None:
        """The page has it on its screen."""
        if not self._away:
            return
        self._away = False
        span = now - self._sent
        self._span = 0.7 * self._span + 0.3 * span
        self._quickest = min(self._quickest * FORGETS, span)
        heavy = self._size * LEAST > BYTES_A_SECOND
        if heavy or self._span - self._quickest > LONG_S:
            self._enough = CALM
            self._step(1)
        elif self._at and self._size * LEAST * self._growth() < BYTES_A_SECOND:
            self._calm += 1
            if self._calm >= self._enough:
                self._step(-1)

    def _growth(self) -> float:
        """How many times as large a picture of the next width would be, with something to spare."""
        return 1.2 * (WIDTHS[self._at - 1] / WIDTHS[self._at]) ** 2

    def _step(self, by: int) -> None:
        new = min(self._at + by, len(WIDTHS) - 1)
        if new != self._at:  # what was measured is of another size
            self._size *= (WIDTHS[new] / WIDTHS[self._at]) ** 2
            self._span = self._quickest if math.isfinite(self._quickest) else 0.0
        self._at, self._calm = new, 0
