"""Trap focus: when a still is taken by itself. Pure: statuses in, a move out; the only clock is that of the readings.

What Magic Lantern calls trap focus: the camera waits, and releases as the subject comes into focus.
"""

from __future__ import annotations

import enum
import math
from typing import Literal

from focuscam import coach
from focuscam.messages import Phase, Status

When = Literal["light", "sharpest"]

STEADY_S = 0.06
"""How long the picture must have rested, s: what the hand or the subject still moves fast is blurred in a moment."""

NEAR = 0.9
"""Closeness below which the light is on only because it does not flicker: the top has just gone by."""

WELL_ABOVE = 1 / 3
"""A score that lies so much of the way from the threshold to 1 is enough. With half of that the picture must have
rested as well; with less the top of the hill must have been passed before. The light may come on for less."""

UNSURE_S = 1.0
"""How long the picture must have rested where it must, s: a hand that looks for the top has moved on by then."""

WINDOW_S = 3.0
"""How long the sharpest frame is looked for once the light is on, s: a hand that goes past the top is back by then."""

BEFORE_S = 0.5
"""How long before the light came on a frame may be the sharpest, s: the light is sure only as the top goes by."""


class Move(enum.Enum):
    """What to do with the frame of a status."""

    NOTHING = "nothing"
    TAKE = "take"
    """Take a still now."""
    KEEP = "keep"
    """Copy this frame: it is the sharpest so far."""
    SAVE = "save"
    """Save the copy that was kept last: nothing sharper comes."""


class Trap:
    """One still for each time that the light comes on."""

    def __init__(self, when: When, interval_s: float) -> None:
        """when: "light": as it comes on and the picture is steady; "sharpest": the sharpest frame of the WINDOW_S
        after that, or of the BEFORE_S before it. interval_s: from one still to the next, at least.
        """
        self._when = when
        self._interval_s = interval_s
        self._last = -math.inf
        self._set = True
        """Whether the light was off since the last still."""
        self._now = -math.inf
        """When the last frame was, s."""
        self._best: tuple[float, float] | None = None
        """(time, contrast) of the copy that was kept."""
        self._lit: float | None = None
        """When the light came on for the still that is being looked for."""

    def update(self, status: Status, delay_s: float = 0.0) -> Move:
        """What to do after this status, which comes after those before it.

        delay_s: from a decision to the exposure, s: what has been still for so long will be for so long again.
        """
        before, self._now = self._now, status.reading.time
        if self._now < before:  # the source began anew
            self._last, self._best, self._lit = -math.inf, None, None
        if not status.in_focus:
            self._set = True
        if self._when == "light":
            ready = self._set and status.in_focus and self._now - self._last >= self._interval_s
            rested = status.rested_s >= UNSURE_S and _sure(status, WELL_ABOVE / 2)
            good = _sure(status, WELL_ABOVE) or rested or _rests_at_the_top(status)
            if not (ready and good and _near_the_top(status) and _steady(status, max(delay_s, STEADY_S))):
                return Move.NOTHING
            self._last, self._set = self._now, False
            return Move.TAKE
        return self._sharpest(status, self._now)

    def missed(self) -> None:
        """The still that was taken was soft: the next one need not wait until the light was off."""
        self._set = True

    def _sharpest(self, status: Status, now: float) -> Move:
        if not self._set or now - self._last < self._interval_s:
            return Move.NOTHING
        if self._lit is None:
            if self._best is not None and now - self._best[0] > BEFORE_S:
                self._best = None
            if status.in_focus:
                self._lit = now
        elif not status.in_focus or now - self._lit >= WINDOW_S:
            found, self._best, self._lit = self._best is not None, None, None
            if found:
                self._last, self._set = now, not status.in_focus
            return Move.SAVE if found else Move.NOTHING
        good = _sure(status, WELL_ABOVE / 2) or _rests_at_the_top(status)
        better = self._best is None or status.reading.contrast > self._best[1]
        if good and better and _near_the_top(status) and _steady(status, 0):
            self._best = now, status.reading.contrast
            return Move.KEEP
        return Move.NOTHING


def _rests_at_the_top(status: Status) -> bool:
    """Whether a low score is as good as this scene and lens can be: where the light would come on, not only stay on."""
    near = status.closeness is not None and status.closeness >= math.exp(-coach.NEAR)
    return near and status.phase is Phase.TOP and status.rested_s >= UNSURE_S


def _steady(status: Status, for_s: float) -> bool:
    return status.rested_s >= for_s and status.reading.score is not None and status.reading.blur != "motion"


def _near_the_top(status: Status) -> bool:
    return status.closeness is not None and status.closeness >= NEAR


def _sure(status: Status, part: float) -> bool:
    score = status.reading.score
    return score is not None and score >= status.threshold + part * (1 - status.threshold)
