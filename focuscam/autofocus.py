"""`focuscam autofocus`: through the running daemon, or with a loop of its own.

Interrupted, it leaves the lens where it was best.
"""

from __future__ import annotations

import logging
import math
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

from focuscam.commands import Autofocus
from focuscam.errors import ConfigurationError, FocuscamError
from focuscam.indicators.pins import opened
from focuscam.lens import Lens, fitting
from focuscam.messages import Event
from focuscam.preview.client import Link
from focuscam.saying import say
from focuscam.signals import Stopped, stop_on_signals

if TYPE_CHECKING:
    from focuscam.config import LensSettings
    from focuscam.daemon.loop import Loop

log = logging.getLogger(__name__)

CANCEL_S = 30.0
"""How long a lens may take to go back to where it was best."""


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


def through(link: Link, continuous: bool) -> None:
    """Let the daemon focus, and tell what it does. Raises FocuscamError where it can't, or finds nothing."""
    why = link.hello["can"].get("autofocus", "The running daemon is older and can't focus; restart it.")
    if why:
        raise FocuscamError(why)
    before = link.ask("status")["lens"] or {"searches": 0, "searching": False}
    teller = _Teller(before["searches"] - before["searching"], continuous)
    link.ask("watch", readings=True)
    try:
        link.order("autofocus", value="continuous" if continuous else "once")
        for lens, score in _lenses(link):
            if teller.tell(lens, score):
                return
    except Stopped:
        link.order("autofocus", value="stop")
        for lens, score in _lenses(link, CANCEL_S):
            teller.tell(lens, score)
            if not lens["searching"]:
                return


def _lenses(link: Link, seconds: float = math.inf) -> Iterator[tuple[Mapping[str, Any], float | None]]:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        for message in link.receive(None if math.isinf(left) else left):
            if message.get("type") == "reading" and message.get("lens"):
                yield message["lens"], message["score"]


@contextmanager
def motor(wanted: LensSettings, required: bool = True) -> Iterator[Lens | None]:
    """What turns the focusing ring, where these settings name a motor.

    Raises ConfigurationError where its pins can't be had and that is `required`; else says so and goes on without.
    """
    try:
        made = fitting.motor(wanted, lambda pin, make: opened("lens", pin, make, key="pins"))
    except ConfigurationError as error:
        if required:
            raise
        log.warning("%s Going on without the motor.", error)
        made = None
    try:
        yield made
    finally:
        if made is not None:
            made.close()


def alone(loop: Loop, continuous: bool) -> None:
    """Focus with a loop that nobody else needs, and tell what it does. Raises as `through` does."""
    teller = _Teller(0, continuous)
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the shape that signal wants
        nonlocal stopping
        stopping = True
        loop.commands.put(Autofocus("stop"))
        stop_on_signals()  # a second one does not wait for the lens

    loop.commands.put(Autofocus("continuous" if continuous else "once"))
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    with closing(iter(loop)) as events:
        for event in events:
            if not isinstance(event, Event):
                continue
            lens = cast("Mapping[str, Any] | None", event.facts["lens"])
            if lens is None:
                raise ConfigurationError(loop.can["autofocus"] or "")
            if teller.tell(lens, event.status.reading.score):
                break
            if stopping and not lens["searching"] and loop.commands.empty():
                break
