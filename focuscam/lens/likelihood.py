"""Where the top may be, after a few looks: a grid of hills that are still possible, and how likely each is.

Of what a look says two things are used. The score, since it is absolute: where s is the probability of being in
focus, sqrt((1 - s) / s) grows in proportion to the blur, so the looks lie on a V whose two arms meet at the top
(astronomers focus by such a V-curve of star sizes). And the contrast, which has no scale that could be known
beforehand, but an order: of two places the one with more of it is nearer to the top. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FAR = 3.0
"""Softness from which on all looks alike: three times the blur that may be called in focus is told well, ten times
is not."""

PLACES = 161
"""Places of the top that are told apart."""
BEYOND = 0.1
"""How far, of the range, a top may lie outside of it and still be seen from within."""

STEEPEST, FLATTEST = FAR / 0.05, 1.5
"""Softness by range: a hill that is lost from sight within a twentieth of the range, and one that never is."""
SLOPES = 20
FLOORS = (0.4, 0.7, 1.1)
"""Softness at the top: no lens is perfect, some are far from it."""
SKEW = (0.5, 1.0, 2.0)
"""How much steeper the lower side may be than the upper: a ring does not move every lens in proportion."""

SPREAD = 0.15
"""Standard deviation of the logarithm of a softness: the patches that were chosen, noise, the scene in depth."""
TRUST = 6.0
"""How much an order of two contrasts weighs: 6 is a likelihood of 400 to 1 where one place is the top itself, and of
4 to 1 where it lies at 0.6 to 1 between them, which a lopsided hill can do."""
SURE_ORDER = 0.1
"""Difference of the logarithms of two contrasts from which their order is certain."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one place."""

    position: int
    score: float | None
    """As Reading.score."""
    contrast: float
    """As Reading.contrast."""

    @property
    def softness(self) -> float:
        """Blur over the blur that scores one half, as the score tells it; FAR where it can't be told."""
        return FAR if self.score is None else softness(self.score)


def softness(score: float) -> float:
    """sqrt((1 - s) / s), at most FAR."""
    return min(math.sqrt((1 - score) / max(score, 1e-6)), FAR)


class Belief:
    """How likely the top is at each place."""

    def __init__(self, low: int, high: int, slope: float | None = None) -> None:
        """low, high: ends of the range. slope: softness per step of this lens, where it is known from before."""
        span = max(high - low, 1)
        self.places: Floats = np.asarray(np.linspace(low - BEYOND * span, high + BEYOND * span, PLACES))
        slopes = np.geomspace(FLATTEST, STEEPEST, SLOPES) / span
        likely = np.zeros(SLOPES)
        if slope is not None:
            likely = -0.5 * (np.log(slopes / slope) / 0.5) ** 2
        shape = (PLACES, SLOPES, len(FLOORS), len(SKEW))
        self._slopes = slopes[None, :, None, None]
        self._floors = np.array(FLOORS)[None, None, :, None]
        self._skew = np.sqrt(np.array(SKEW))[None, None, None, :]
        self._log = np.broadcast_to(likely[None, :, None, None], shape).copy()
        self._log += np.array([-0.7, 0.0, -0.7])[None, None, None, :]
        self._looks: list[Look] = []
        self._sum_up()

    def add(self, look: Look) -> None:
        """Learn from a look."""
        away = (look.position - self.places)[:, None, None, None]
        steep = self._slopes * np.where(away < 0, self._skew, 1 / self._skew)
        expected = np.minimum(np.hypot(self._floors, steep * away), FAR)
        wrong = (np.log(expected) - math.log(max(look.softness, 0.2))) / SPREAD
        # Heavy tails (Student's t of three degrees): a few looks will be far from any V.
        self._log -= 2 * np.log1p(wrong**2 / 3)
        for other in self._looks if look.score is not None else []:
            self._log += self._order(look, other)[:, None, None, None]
        if look.score is not None:  # else its contrast is that of noise
            self._looks.append(look)
        self._sum_up()

    def _order(self, one: Look, other: Look) -> Floats:
        """What the contrasts of two looks say of each place of the top."""
        difference = math.log((one.contrast + 1e-5) / (other.contrast + 1e-5))
        here, there = abs(self.places - one.position), abs(self.places - other.position)
        lean = (there - here) / np.maximum(there + here, 1e-9)
        sure = min(max(difference / SURE_ORDER, -1.0), 1.0)
        return np.asarray(-np.logaddexp(0.0, -TRUST * sure * lean))

    def _sum_up(self) -> None:
        likely = np.exp(self._log - np.max(self._log))
        likely /= likely.sum()
        self.of_place: Floats = np.asarray(likely.sum(axis=(1, 2, 3)))
        """Probability of the top being at each of `places`; their sum is 1."""
        self.slope = float(np.exp((likely.sum(axis=(0, 2, 3)) * np.log(self._slopes.ravel())).sum()))
        """The likeliest softness per step."""

    def middle(self, low: float, high: float) -> tuple[float, float]:
        """(probability of the top being between, the place that halves it)."""
        share = np.where((self.places >= low) & (self.places <= high), self.of_place, 0.0)
        total = float(share.sum())
        if total <= 0:
            return 0.0, (low + high) / 2
        half = int(np.searchsorted(np.cumsum(share), total / 2))
        return total, float(self.places[min(half, PLACES - 1)])
