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

NEAR = 0.9
"""Closeness below which the light is on only because it does not flicker: the top has just gone by."""

SURE = 1 / 3
"""A score that lies so much of the way from the threshold to 1 is enough. With half of that the picture must have
rested as well; with less the top of the hill must have been passed before. The light may come on for less."""

FALLEN = 0.8
"""Closeness down to which the contrast must have fallen for a top to be one."""

OTHER = 0.8
"""A best that differs by more than this factor is another one: noise and a drifting light change it by less."""

UNSURE_S = 1.0
"""How long the picture must have rested where it must, s: a hand that looks for the top has moved on by then."""

WINDOW_S = 3.0
"""How long the sharpest frame is looked for once the light is on, s: a hand that goes past the top is back by then."""

BEFORE_S = 0.5
"""How long before the light came on a frame may be the sharpest, s: the light is sure only as the top goes by."""

LONGEST_S = 3.0
"""What was longer ago is of no interest, s."""


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
        self._recent: deque[tuple[float, float]] = deque()
        """(time, logarithm of the contrast) of the frames since which the picture is steady."""
        self._top: float | None = None
        """The best contrast of this scene, once it was left and so is known to be the top of a hill."""
        self._best: tuple[float, float] | None = None
        """(time, contrast) of the copy that was kept."""
        self._lit: float | None = None
        """When the light came on for the still that is being looked for."""

    def update(self, status: Status, delay_s: float = 0.0) -> Move:
        """What to do after this status, which comes after those before it.

        delay_s: from a decision to the exposure, s: what has been still for so long will be for so long again.
        """
        now = status.reading.time
        if self._recent and now < self._recent[-1][0]:  # the source began anew
            self._last, self._best, self._lit = -math.inf, None, None
            self._recent.clear()
        still_s = self._steady_for(status)
        self._watch_the_hill(status)
        if not status.in_focus:
            self._set = True
        if self._when == "light":
            ready = self._set and status.in_focus and now - self._last >= self._interval_s
            rested = still_s >= UNSURE_S and _sure(status, SURE / 2)
            good = _sure(status, SURE) or rested or self._rests_at_the_top(status, still_s)
            if not (ready and good and _near_the_top(status) and still_s >= delay_s):
                return Move.NOTHING
            self._last, self._set = now, False
            return Move.TAKE
        return self._sharpest(status, still_s, now)

    def missed(self) -> None:
        """The still that was taken was soft: the next one need not wait until the light was off."""
        self._set = True

    def _sharpest(self, status: Status, still_s: float, now: float) -> Move:
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
        good = _sure(status, SURE / 2) or self._rests_at_the_top(status, still_s)
        better = self._best is None or status.reading.contrast > self._best[1]
        if still_s >= 0 and good and better and _near_the_top(status):
            self._best = now, status.reading.contrast
            return Move.KEEP
        return Move.NOTHING

    def _rests_at_the_top(self, status: Status, still_s: float) -> bool:
        """Whether a low score is as good as this scene and lens can be."""
        return status.in_focus and self._top is not None and still_s >= UNSURE_S

    def _watch_the_hill(self, status: Status) -> None:
        if not status.closeness:
            return
        best = status.reading.contrast / status.closeness
        if status.closeness < FALLEN:
            self._top = best
        elif self._top is not None and not OTHER < best / self._top < 1 / OTHER:
            self._top = None  # it was not the top, or that of another scene

    def _steady_for(self, status: Status) -> float:
        """For how long the picture has been the same, s; below 0 where it is not, or is not known to be."""
        reading = status.reading
        if reading.score is None or reading.blur == "motion" or reading.contrast <= 0:
            self._recent.clear()
            return -1.0
        now = math.log(reading.contrast)
        recent = self._recent
        recent.append((reading.time, now))
        low = high = now
        same = 0
        for _, contrast in reversed(recent):
            low, high = min(low, contrast), max(high, contrast)
            if high - low > ALIKE:
                break
            same += 1
        while len(recent) > same or (len(recent) > STEADY and reading.time - recent[1][0] > LONGEST_S):
            recent.popleft()
        return reading.time - recent[0][0] if same >= STEADY else -1.0


def _near_the_top(status: Status) -> bool:
    return status.closeness is not None and status.closeness >= NEAR


def _sure(status: Status, part: float) -> bool:
    score = status.reading.score
    return score is not None and score >= status.threshold + part * (1 - status.threshold)
