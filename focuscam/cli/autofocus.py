"""`focuscam autofocus`: focus with the motor of the lens, and tell how it goes."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from types import FrameType
from typing import Any

from focuscam.commands import Autofocus
from focuscam.errors import FocuscamError
from focuscam.session import Session
from focuscam.system.saying import say
from focuscam.system.signals import stop_on_signals

CANCEL_S = 30.0
"""How long a lens may take to go back to where it was best, s."""


class _Teller:
    """Prints each look, and how each search ended."""

    def __init__(self, searches: int, continuous: bool) -> None:
        """searches: how many there were before. continuous: whether there is a next one."""
        self._continuous = continuous
        self._ended = self._begun = searches
        """Of the searches that were told to the end, or begun, the last."""
        self._looks = 0

    def tell(self, lens: Mapping[str, Any], score: float | None) -> bool:
        """What a reading says of the lens; whether it was the last. Raises FocuscamError where that found nothing."""
        if lens["searches"] > self._begun:
            self._begun, self._looks = lens["searches"], 0
        if self._begun == self._ended:
            return False
        if lens["looks"] > self._looks:
            self._looks = lens["looks"]
            say(f"{lens['looked_at']!s:>8}  {'-' if score is None else format(score, '.2f')}")
        if lens["searching"]:
            return False
        self._ended = self._begun
        # A driver that gave up follows no more.
        over = not (self._continuous and lens["continuous"])
        if over and lens["found"] not in ("focus", "cancelled"):
            raise FocuscamError(str(lens["said"]))
        say(str(lens["said"]))
        return over


def run(session: Session, continuous: bool) -> None:
    """Focus, and tell what comes of each look. Raises FocuscamError where it can't, or finds nothing.

    Interrupted, the lens goes back to where it was best; interrupted again, that is not waited for.
    """
    before = session.state["lens"] or {"searches": 0, "searching": False}
    teller = _Teller(before["searches"] - before["searching"], continuous)
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the shape that signal wants
        nonlocal stopping
        stopping = True
        stop_on_signals()
        session.silence_s = CANCEL_S
        session.wish(Autofocus("stop"))

    session.order(Autofocus("continuous" if continuous else "once"))
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    for seen in session.events():
        lens = seen.told["lens"]
        if lens is None:
            raise FocuscamError("There is no lens here that could be moved.")
        if teller.tell(lens, seen.told["score"]) or (stopping and not lens["searching"] and not lens["continuous"]):
            return
