"""`focuscam calibrate`: one turn of the ring through focus, and the threshold that suits this lens in this light."""

from __future__ import annotations

import select
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from focuscam.commands import Keep, SetThreshold
from focuscam.errors import FocuscamError, RefusedError
from focuscam.recorder.turn import LEAST_STEP, SOFT, Turn
from focuscam.session import Session
from focuscam.system.saying import say
from focuscam.tui.curve import Column, bars
from focuscam.tui.line import PreviewLine

LIMIT_S = 120.0
"""A turn that is not over by then is judged as it is."""
SILENCE_S = 10.0
"""A daemon without a frame for so long has no camera, or exposes for longer than a ring can be turned by."""
WIDTH, ROWS = 60, 8
"""Of the curve, cells."""
MARGIN = 15
"""Frames of rest that the curve shows on either side of the turn."""


class Calibration:
    """Tells what to do, watches the turn, and says what came of it. Usable in a `with`, around the watching."""

    def __init__(self) -> None:
        self._turn = Turn()
        self._line = PreviewLine()
        self._asks = sys.stdin.isatty()
        self._region: list[float] | None = None
        self._began = time.monotonic()
        self._was = 0.0

    def __enter__(self) -> Calibration:
        say(
            "Point the camera at something with detail that stands still. Begin well out of focus, and turn the ring",
            "slowly and evenly, through the best focus, until it is as far out of focus on the other side.",
            "It ends when the ring rests there" + (", or when you press Enter." if self._asks else "."),
        )
        self._line.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, *how: Any) -> None:  # noqa: ANN401
        self._line.__exit__(kind, *how)

    def take(self, reading: Mapping[str, Any]) -> bool:
        """Watch readings, by their fields; whether the turn is over. Raises FocuscamError where the region moves."""
        if self._region is not None and reading["region"] != self._region:
            raise FocuscamError("The region was moved meanwhile: leave it where it is, and calibrate again.")
        self._region = reading["region"]
        self._was = reading["threshold"]
        self._turn.watch(reading)
        self._line.show(reading)
        return self._turn.over or time.monotonic() - self._began > LIMIT_S or (self._asks and _entered())

    def threshold(self) -> float:
        """Show the curve and what it means; the threshold that it proposes. Raises FocuscamError, with the reason."""
        turn = self._turn
        trouble = turn.trouble()
        if trouble:
            raise FocuscamError(trouble)
        best, soft, proposed = turn.best_score, turn.soft_score, turn.threshold
        say(*_curve(turn, proposed))
        say(f"The best focus scores {best:.3f}; where the contrast has fallen to {SOFT:g} of its best, {soft:.3f}.")
        if turn.step < LEAST_STEP:
            raise FocuscamError(
                "Sharp and visibly soft score nearly alike here: give the camera something with more detail, in more "
                "light, and calibrate again."
            )
        say(f"The threshold halfway between, by their odds: {proposed:g}. It is {self._was:g} now.")
        return proposed


def watch(session: Session) -> Calibration:
    """Watch a turn."""
    session.silence_s = SILENCE_S
    with Calibration() as calibration, closing(session.events()) as events:
        for seen in events:
            if calibration.take(seen.told):
                break
    return calibration


def run(session: Session, keep: bool) -> None:
    """Watch a turn, tell what it means, and keep it where that is wanted. Raises FocuscamError, with the reason."""
    threshold = watch(session).threshold()
    say(kept(session, threshold) if wanted(keep) else how_to_keep(threshold))


def wanted(asked: bool) -> bool:
    """Whether to keep it. asked: whether the command line said so; else somebody at a terminal may."""
    if asked or not sys.stdin.isatty():
        return asked
    say("Keep it? y / n ", end="")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def kept(session: Session, threshold: float) -> str:
    """Set it and let it be kept; a sentence that tells how that went. Raises FocuscamError."""
    try:
        session.order(SetThreshold(threshold))
        return session.order(Keep("threshold"))
    except RefusedError as error:
        return f"{error}\n{_by_hand(threshold)}"


def how_to_keep(threshold: float) -> str:
    """For those who did not say."""
    return f"`focuscam calibrate --keep` keeps it. {_by_hand(threshold)}"


def _by_hand(threshold: float) -> str:
    return f"By hand: write `threshold = {threshold:g}` under [focus] in /etc/focuscam/focuscam.toml."


def _entered() -> bool:
    """Whether somebody pressed Enter since."""
    return bool(select.select([sys.stdin], [], [], 0)[0]) and bool(sys.stdin.readline())


def _curve(turn: Turn, threshold: float) -> list[str]:
    """The scores of the turn as rows of bars, the threshold marked beside them."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    part = [turn.points[at] for at in turn.span(MARGIN)]
    width = min(WIDTH, len(part))
    columns = []
    for at in range(width):
        scores = [each.score for each in part[at * len(part) // width : (at + 1) * len(part) // width]]
        told = [each for each in scores if each is not None]
        mean = sum(told) / len(told) if told else None
        columns.append(Column(mean, mean is not None and mean >= threshold))
    highest = max((column.score or 0.0 for column in columns), default=0.0) or 1.0
    rows = bars([Column(None if c.score is None else c.score / highest, c.lit) for c in columns], ROWS, unicode)
    lines = []
    for number, row in enumerate(rows):
        top, bottom = (highest * (ROWS - number - below) / ROWS for below in (0, 1))
        mark = "<- threshold" if bottom <= threshold < top else ""
        lines.append(f"{top:5.2f} {row:{width}} {mark}".rstrip())
    return lines
