"""Hands that turn the focusing ring as people do: they set off, overshoot, come back, rest."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

Hand = Callable[[float], float]
"""Ring position, 0 to 1, at a time in seconds since the source began."""

Moves = list[tuple[float, float]]
"""(ring position to go to, seconds to get there), one after the other; staying where it is, is a rest."""


class Scripted:
    """Minimum-jerk moves between ring positions (Flash and Hogan 1985: how a hand reaches for a place).

    With `again` the moves are repeated for ever, starting from where the last one ended.
    """

    def __init__(self, start: float, moves: Moves, again: bool) -> None:
        self._places = [min(max(place, 0.0), 1.0) for place in (start, *(place for place, _ in moves))]
        self._ends = list(itertools.accumulate(seconds for _, seconds in moves))
        self._again = again

    def __call__(self, seconds: float) -> float:
        """Ring position, 0 to 1."""
        places, ends = self._places, self._ends
        if seconds >= ends[-1]:
            if not self._again:
                return places[-1]
            places = [places[-1], *places[1:]]
            seconds %= ends[-1]
        move = min(bisect.bisect_right(ends, seconds), len(ends) - 1)
        begun = ends[move - 1] if move else 0.0
        part = min((seconds - begun) / (ends[move] - begun), 1.0)
        here, there = places[move], places[move + 1]
        eased = part * part * part * (10 - 15 * part + 6 * part * part)
        return here + (there - here) * eased


def sweep(best: float, random: np.random.Generator) -> Hand:  # noqa: ARG001
    """From one end of the ring to the other and back, for ever."""
    return Scripted(0.0, [(0.0, 1.0), (1.0, 8.0), (1.0, 1.0), (0.0, 8.0)], again=True)


def hunt(best: float, random: np.random.Generator) -> Hand:
    """Find the best place, rest there, leave it, find it again from the other side: eight ways, then from the start."""
    moves: Moves = []
    for side in (-1, 1) * 4:
        away = best + side * random.uniform(0.25, 0.4)
        moves += [(away, 2.0), (away, 0.8), *_search(best, side, random)]
        moves.append((moves[-1][0], 5.0))
    return Scripted(moves[0][0], moves, again=True)


def settle(best: float, random: np.random.Generator) -> Hand:
    """Find the best place from one end of the ring and stay there."""
    side, end = (-1, 0.0) if random.random() < 0.5 else (1, 1.0)
    return Scripted(end, [(end, 1.0), *_search(best, side, random)], again=False)


HANDS: Final[Mapping[str, Callable[[float, np.random.Generator], Hand]]] = MappingProxyType(
    {"sweep": sweep, "hunt": hunt, "settle": settle}
)
"""By name, what makes a hand from the best ring position, 0 to 1, and a source of chance."""


def _search(best: float, side: int, random: np.random.Generator) -> Moves:
    """Past the best place and back, less and less far, and to rest almost on it."""
    moves: Moves = []
    beyond, seconds = -side * random.uniform(0.08, 0.14), random.uniform(2.2, 3.0)
    for _ in range(3):
        moves += [(best + beyond, seconds), (best + beyond, 0.3)]
        beyond *= -random.uniform(0.25, 0.45)
        seconds *= 0.6
    return [*moves, (best + random.uniform(-0.002, 0.002), seconds)]
