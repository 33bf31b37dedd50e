"""Trap focus: when a still is taken by itself. Pure: statuses in, a move out; the only clock is that of the readings.

What Magic Lantern calls trap focus: the camera waits, and releases as the subject comes into focus.
"""

from __future__ import annotations

import enum
import math
from collections import deque
from typing import Literal

from focuscam.frame import Status

When = Literal["light", "sharpest"]

STEADY = 3
"""Frames that must have looked alike, without motion blur, before one is taken: as many as decide over the light."""

ALIKE = 0.1
"""Change of the contrast over those, as a natural logarithm, above which the hand or the subject still moves fast.
Noise changes it by 0.03; the top of the hill is flat."""

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
        self._recent: deque[float] = deque(maxlen=STEADY)
        self._best: tuple[float, float] | None = None
        """(time, contrast) of the copy that was kept."""
        self._lit: float | None = None
        """When the light came on for the still that is being looked for."""

    def update(self, status: Status) -> Move:
        """What to do after this status, which comes after those before it."""
        now = status.reading.time
        if now < self._last:  # the source began anew
            self._last, self._best, self._lit = -math.inf, None, None
        steady = self._is_steady(status)
        if not status.in_focus:
            self._set = True
        if self._when == "light":
            if not (self._set and status.in_focus and steady and now - self._last >= self._interval_s):
                return Move.NOTHING
            self._last, self._set = now, False
            return Move.TAKE
        return self._sharpest(status, steady, now)

    def missed(self) -> None:
        """The still that was taken was soft: the next one need not wait until the light was off."""
        self._set = True

    def _sharpest(self, status: Status, steady: bool, now: float) -> Move:
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
        judged = status.reading.score is not None and status.reading.score >= status.threshold
        if steady and (judged or status.in_focus) and (self._best is None or status.reading.contrast > self._best[1]):
            self._best = now, status.reading.contrast
            return Move.KEEP
        return Move.NOTHING

    def _is_steady(self, status: Status) -> bool:
        reading = status.reading
        if reading.score is None or reading.blur == "motion" or reading.contrast <= 0:
            self._recent.clear()
            return False
        self._recent.append(math.log(reading.contrast))
        return len(self._recent) == STEADY and max(self._recent) - min(self._recent) <= ALIKE
