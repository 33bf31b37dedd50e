"""The light on trial, on spots: a hand turns the ring and stops at the first green, and what it stopped at is counted.

A hand comes from either end where the contrast `c` is 0.7 of the best or less. Between two pictures every number of a
reading lies between theirs: a blend of the pictures would have less contrast than either wherever the view breathes.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.messages import COARSE_SIDE, Frame, Reading
from focuscam.region import Box, parse
from lab.evaluation.pictures import CONDITIONS, no_larger
from lab.evaluation.ring import FPS, HANDS, Hand
from lab.evaluation.rivals import laplacian
from lab.evaluation.spot_lights import SpotLight
from lab.evaluation.spots import Series, closeness, crop

VERSIONS = 3
"""Frames of each picture under noise, shown in turn, as a sensor's noise differs from frame to frame."""
FAR, APART = 0.7, 2
"""`c` at most, and steps from the best at least, where a hand may come from."""
RIGHT, EARLY = 0.85, 0.7
"""`c` from which a first green is right, and under which it is early."""
SHARP, SOFT = 0.95, 0.5
"""`c` from which one frame alone must be green, and under which neither it nor a rest may be."""
TRAVEL_S, REST_S, JUDGED = 4.0, 2.0, 10
"""Of "green": the whole travel and each rest, s, and the last frames of a rest that must be right."""
ALONE = 40
"""Frames for which one picture is shown alone."""


class Spot:
    """What is read on the way through a series, looking at one box."""

    def __init__(self, series: Series, box: Box, model: FocusModel, condition: str) -> None:
        self.name = f"{series.name} {box[0]:g},{box[1]:g}"
        self.series = series.name
        self.condition = condition
        self.c = closeness(series, box)
        self.best = int(np.argmax(self.c))
        self.last = len(self.c) - 1
        scorer = Scorer(model, parse(",".join(f"{value:g}" for value in box)))
        self._shots = [
            [self._shot(scorer, series, box, step, version) for version in range(self._versions)]
            for step in range(self.last + 1)
        ]

    @property
    def _versions(self) -> int:
        return VERSIONS if "noise" in self.condition else 1

    def _shot(self, scorer: Scorer, series: Series, box: Box, step: int, version: int) -> tuple[Reading, float]:
        fine, coarse = series.fine[step], series.coarse[step]
        if self.condition != "clean":
            random = np.random.default_rng(zlib.crc32(f"{self.name} {self.condition} {step} {version}".encode()))
            fine = coarse = CONDITIONS[self.condition](no_larger(fine, COARSE_SIDE), random)
        return scorer.score(Frame(0, 0.0, fine, coarse, taken=0.0)), laplacian(
            crop(no_larger(coarse, COARSE_SIDE), box)
        )

    def shot(self, place: float, number: int) -> tuple[Reading, float]:
        """The reading and the raw contrast at a place, 0 to `last`; number: of the frame."""
        step, part = int(place), place - int(place)
        one = self._shots[step][number % self._versions]
        if part == 0:
            return one
        other = self._shots[step + 1][number % self._versions]
        return _between(one[0], other[0], part), (1 - part) * one[1] + part * other[1]

    def c_at(self, place: float) -> float:
        """`c` at a place."""
        return float(np.interp(place, np.arange(self.last + 1), self.c))

    def seen(self) -> list[tuple[float, float]]:
        """(raw contrast, c) of each picture."""
        return [(shots[0][1], float(c)) for shots, c in zip(self._shots, self.c, strict=True)]


def _between(one: Reading, other: Reading, part: float) -> Reading:
    near = one if part < 0.5 else other
    changes: dict[str, Any] = {}  # whatever each field is
    for name in _NUMBERS:
        a, b = getattr(one, name), getattr(other, name)
        if isinstance(a, float) and isinstance(b, float):
            changes[name] = (1 - part) * a + part * b
    if len(one.thumbnail) == len(other.thumbnail):
        a, b = (np.frombuffer(each.thumbnail, np.uint8).astype(float) for each in (one, other))
        changes["thumbnail"] = np.rint((1 - part) * a + part * b).astype(np.uint8).tobytes()
    return replace(near, **changes)


_NUMBERS = [
    field.name for field in fields(Reading) if "float" in str(field.type) and field.name not in ("time", "taken")
]


@dataclass(frozen=True)
class Stop:
    """Where a hand stopped at its first green."""

    start: int
    place: float | None
    """None: it never came on."""
    c: float
    leg: int
    """Which way it was, from 1; the last where it never came on."""
    frame: int

    @property
    def right(self) -> bool:
        """Whether the picture was as good as sharp there."""
        return self.c >= RIGHT

    @property
    def early(self) -> bool:
        """Whether the picture was plainly soft there."""
        return self.place is not None and self.c < EARLY


def play(spot: Spot, light: SpotLight, places: Sequence[float]) -> Iterator[bool]:
    """Whether the light is on, frame after frame."""
    for number, place in enumerate(places):
        yield light.show(*spot.shot(place, number), number / FPS)


def starts(spot: Spot) -> list[int]:
    """The ends that a hand may come from."""
    return [end for end in (0, spot.last) if spot.c[end] <= FAR and abs(end - spot.best) >= APART]


def stop(spot: Spot, hand: Hand, start: int, make: Callable[[], SpotLight]) -> Stop:
    """Let a hand come from one end until it is shown green."""
    legs = hand.way(start, spot.last - start, spot.best)
    places = list(itertools.chain.from_iterable(legs))
    for number, lit in enumerate(play(spot, make(), places)):
        if lit:
            leg = min(number // len(legs[0]), len(legs) - 1) + 1
            return Stop(start, places[number], spot.c_at(places[number]), leg, number)
    return Stop(start, None, 0.0, len(legs), len(places))


def green(spot: Spot, make: Callable[[], SpotLight]) -> bool:
    """Through and back to the best, where it has to be on; off at rests where it is soft; on again at the best."""
    soft = _some([step for step in range(spot.last + 1) if spot.c[step] < SOFT], 4)
    places = [*_way(spot, 0, spot.last), *_way(spot, spot.last, spot.best)]
    at, rests = spot.best, []
    for to in (spot.best, *soft, spot.best):
        places += [*_way(spot, at, to), *[float(to)] * round(REST_S * FPS)]
        rests.append((len(places), to == spot.best))
        at = to
    lit = list(play(spot, make(), places))
    return all(each == wanted for end, wanted in rests for each in lit[end - JUDGED : end])


def cold(spot: Spot, make: Callable[[], SpotLight]) -> list[bool]:
    """Whether it is right on single pictures, each shown alone: sharp ones, then soft ones."""
    right = []
    for wanted, limit in ((True, spot.c >= SHARP), (False, spot.c < SOFT)):
        for step in _some(list(np.flatnonzero(limit)), 3):
            lit = list(play(spot, make(), [float(step)] * ALONE))
            right.append(all(each == wanted for each in lit[-JUDGED:]))
    return right


def _way(spot: Spot, start: int, end: int) -> list[float]:
    frames = max(2, int(TRAVEL_S * FPS * abs(end - start) / max(spot.last, 1)))
    return [float(each) for each in np.linspace(start, end, frames)]


def _some(steps: list[int], most: int) -> list[int]:
    if len(steps) <= most:
        return steps
    return [steps[round(k * (len(steps) - 1) / (most - 1))] for k in range(most)]


def figures(
    spots: list[Spot], hands: Sequence[str], make: Callable[[], SpotLight]
) -> dict[str, dict[str, list[float]]]:
    """What one light did: by hand, then by figure, the mean of each series; "at rest" holds green and cold."""
    result: dict[str, dict[str, list[float]]] = {}
    by_series = [list(group) for _, group in itertools.groupby(spots, key=lambda spot: spot.series)]
    for name in hands:
        stops = [
            [stop(spot, HANDS[name], start, make) for spot in group for start in starts(spot)] for group in by_series
        ]
        stops = [each for each in stops if each]
        result[name] = {
            "right": [float(np.mean([each.right for each in group])) for group in stops],
            "early": [float(np.mean([each.early for each in group])) for group in stops],
            "never": [float(np.mean([each.place is None for each in group])) for group in stops],
            "legs": [float(np.mean([each.leg for each in group])) for group in stops],
        }
    result["at rest"] = {
        "green": [float(np.mean([green(spot, make) for spot in group])) for group in by_series],
        "cold": [float(np.mean([each for spot in group for each in cold(spot, make)])) for group in by_series],
    }
    return result
