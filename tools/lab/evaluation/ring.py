"""Hands at the ring: where it is, frame after frame, on the way through a series of n + 1 pictures (0 to n)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

FPS = 30
STEPS = 16
"""Steps at which a hand that looks stops, at most."""
NEAR, SLOW_S = 0.15, 20.0
"""Share of the travel around the best where an uneven hand turns slowly: as if the whole travel took so long, s."""
HUNTING_S = 8.0
"""The whole travel of a hand that hunts, s."""

Legs = list[list[float]]
"""Positions, frame by frame, of each way that is begun."""


@dataclass(frozen=True)
class Hand:
    """A name as it is typed, what it does in words, and its way: (start, end, best) to legs."""

    name: str
    words: str
    way: Callable[[int, int, int], Legs]


def _even(start: float, end: float, seconds: float) -> list[float]:
    return [float(each) for each in np.linspace(start, end, max(round(seconds * FPS), 1))]


def _there_and_back(leg: list[float]) -> Legs:
    """Through to the other end, back, and once more."""
    return [leg, leg[::-1], leg]


def turn(seconds: float) -> Hand:
    """Turns evenly, the whole travel in so many seconds."""
    return Hand(
        f"turn{seconds:g}", f"even, {seconds:g} s", lambda start, end, _: _there_and_back(_even(start, end, seconds))
    )


def look(seconds: int) -> Hand:
    """Nudges and looks: stops for so many seconds at each step."""

    def way(start: int, end: int, _: int) -> Legs:
        n = max(start, end)
        steps = [float(each) for each in np.unique(np.round(np.linspace(0, n, min(STEPS, n + 1))))]
        steps = steps if end > start else steps[::-1]
        return [[each for each in part for _ in range(seconds * FPS)] for part in (steps, steps[-2::-1], steps[1:])]

    return Hand(f"look{seconds}", f"stops of {seconds} s", way)


def _uneven(start: int, end: int, best: int) -> Legs:
    travel = abs(end - start)
    sign = 1 if end > start else -1
    near = sorted((min(max(best - NEAR * travel, 0), travel), min(max(best + NEAR * travel, 0), travel)))[::sign]
    leg, at = [], float(start)
    for to, seconds in ((near[0], 3.0), (near[1], SLOW_S), (float(end), 3.0)):
        leg += _even(at, to, seconds * abs(to - at) / travel)
        at = to
    return _there_and_back(leg)


def _hunting(start: int, end: int, best: int) -> Legs:
    """Overshoots, comes back, ever smaller, and ends at the best."""
    beyond = [
        best + 0.8 * (end - best),
        best - 0.4 * (best - start),
        best + 0.2 * (end - best),
        best - 0.1 * (best - start),
    ]
    places = [float(start), *beyond, float(best)]
    legs = [
        _even(here, there, max(HUNTING_S * abs(there - here) / abs(end - start), 0.2))
        for here, there in itertools.pairwise(places)
    ]
    return [*legs[:-1], legs[-1] + [float(best)] * 2 * FPS]


UNEVEN = Hand("uneven", "quick, then slow near the top", _uneven)
HUNTING = Hand("hunting", "hunts, ever smaller", _hunting)
HANDS = {hand.name: hand for hand in (*map(turn, (2, 3, 8, 20, 30)), *map(look, (1, 2, 3)), UNEVEN, HUNTING)}
"""Those that are tried."""
