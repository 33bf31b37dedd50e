"""Lights that are tried on spots: ours, and what it is held against."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from statistics import median
from typing import Protocol

from focuscam.coach import Coach
from focuscam.messages import Reading, Status
from lab.evaluation.statistics import best_threshold

WINDOW = 3
"""Frames whose median a rival goes by: as many as ours, so that one noisy frame does not undo it."""


class SpotLight(Protocol):
    """Something that is shown one frame after another and is on or off."""

    def show(self, reading: Reading, raw: float, time: float) -> bool:
        """Whether it is on after this frame. raw: variance of the Laplacian of the spot, as most people compute it."""
        ...


class Ours:
    """The coach, as it is shipped; keeps what it said."""

    def __init__(self, threshold: float) -> None:
        self._coach = Coach(threshold)
        self.said: list[Status] = []

    def show(self, reading: Reading, raw: float, time: float) -> bool:  # noqa: ARG002
        """Whether the light is steady on."""
        number = len(self.said)
        self.said.append(self._coach.update(replace(reading, frame=number, time=time, taken=time)))
        return self.said[-1].in_focus


class Fixed:
    """On where the variance of the Laplacian is over a number."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        self._recent: deque[float] = deque(maxlen=WINDOW)

    def show(self, reading: Reading, raw: float, time: float) -> bool:  # noqa: ARG002
        """Whether the median of the last frames is over it."""
        self._recent.append(raw)
        return median(self._recent) >= self._threshold


class Held:
    """On where our contrast is over 0.9 of the best so far."""

    def __init__(self) -> None:
        self._best = 0.0
        self._recent: deque[float] = deque(maxlen=WINDOW)

    def show(self, reading: Reading, raw: float, time: float) -> bool:  # noqa: ARG002
        """Near the best so far: all the way up a first hill as well."""
        self._recent.append(reading.contrast)
        now = median(self._recent)
        self._best = max(self._best, now)
        return now >= 0.9 * self._best


class PlainRule:
    """Waits for the top by a rule of twenty lines, without a coach.

    Dark until the contrast has climbed by a fifth of its best and then fallen by 5 % and four deviations of its noise;
    from then on it is on above 0.9 of the best where the score is 0.9 of the threshold; at once above a score of 0.85;
    by score where nothing was climbed and it has rested for 0.8 s, or 2.5 s after a climb.
    """

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        self._recent: deque[float] = deque(maxlen=16)
        self._best = self._low = math.nan
        self._passed = False
        self._rest = (0.0, 0.0)

    def show(self, reading: Reading, raw: float, time: float) -> bool:  # noqa: ARG002
        """Whether the rule has it on."""
        score = reading.score or 0.0
        self._recent.append(reading.contrast)
        last = list(self._recent)
        now = median(last[-WINDOW:])
        rough = [abs(a - 2 * b + c) for a, b, c in zip(last, last[1:], last[2:], strict=False)]
        noise = 4 * median(rough) / 1.65 if len(rough) >= 6 else 0.0
        if math.isnan(self._best):
            self._best = self._low = now
        self._low = min(self._low, now)
        if now > self._best:
            self._best, self._passed = now, self._passed and now < 1.1 * self._best
        climbed = self._best - self._low >= 0.2 * self._best
        self._passed = self._passed or (climbed and now < self._best - 0.05 * self._best - noise)
        if abs(now - self._rest[1]) > 0.03 * self._best + noise:
            self._rest = time, now
        if score >= 0.85:
            return True
        if self._passed:
            return now >= 0.9 * self._best and score >= 0.9 * self._threshold
        return score >= self._threshold and time - self._rest[0] >= (2.5 if climbed else 0.8)


def rivals(threshold: float, seen: Iterable[tuple[float, float]]) -> dict[str, Callable[[], SpotLight]]:
    """What ours is held against, by name.

    seen: (raw, c) of the spots that the fixed threshold is chosen on: the very best that any fixed one can be there.
    """
    seen = list(seen)
    cut = best_threshold([raw for raw, c in seen if c >= 0.85], [raw for raw, c in seen if c < 0.7])
    return {
        "best fixed contrast threshold": lambda: Fixed(cut),
        "contrast held at 0.9 of the best": Held,
        "plain rule": lambda: PlainRule(threshold),
    }
