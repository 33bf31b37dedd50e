"""What a run of readings means: the decision that drives the light, and the best so far.

Pure: readings in, a status out. The only clock is the time written on the readings.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from focuscam.frame import Light, Reading, Status

WINDOW = 3
"""Readings whose median counts: the fewest that outvote one bad frame. Costs one frame of delay."""

HYSTERESIS = 0.1
"""How far the score must fall below the threshold before the light goes off: noise moves a score by less."""


class Coach:
    """Turns one reading after another into what the light says."""

    def __init__(self, threshold: float, hold_s: float = 0.3) -> None:
        """threshold: the score, 0 to 1, at which the light comes on. hold_s: the least time between two switches."""
        self.threshold = threshold
        self.hold_s = hold_s
        self._recent: deque[Reading] = deque(maxlen=WINDOW)
        self._light = Light.OFF
        self._switched: float | None = None
        self._best: float | None = None
        self._peak = 0.0

    def forget(self) -> None:
        """Forget the best: another subject, another region."""
        self._recent.clear()
        self._best = None
        self._peak = 0.0

    def update(self, reading: Reading) -> Status:
        """Take the next reading; tell what it means after those before it."""
        self._recent.append(reading)
        judged = [each for each in self._recent if each.score is not None]
        closeness = None
        if 2 * len(judged) > len(self._recent):
            score = median(each.score for each in judged if each.score is not None)
            contrast = median(each.contrast for each in judged)
            self._best = max(score, self._best or 0.0)
            self._peak = max(contrast, self._peak)
            closeness = contrast / self._peak if self._peak > 0 else None
            self._turn(self._wanted(score), reading.time)
        else:
            self._turn(Light.CANNOT_TELL, reading.time)
        return Status(
            reading=reading,
            in_focus=self._light is Light.ON,
            light=self._light,
            threshold=self.threshold,
            closeness=closeness,
            best=self._best,
        )

    def _wanted(self, score: float) -> Light:
        least = self.threshold - HYSTERESIS if self._light is Light.ON else self.threshold
        return Light.ON if score >= least else Light.OFF

    def _turn(self, light: Light, time: float) -> None:
        if light is self._light:
            return
        # A clock that was set back must not hold the light for ever.
        held = self._switched is not None and 0 <= time - self._switched < self.hold_s
        if not held:
            self._light = light
            self._switched = time
