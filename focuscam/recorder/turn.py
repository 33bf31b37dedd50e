"""One turn of the ring through focus, as readings saw it: where its top was, and what can be learnt from it.

Pure: readings in, figures out. `focuscam calibrate` and `focuscam --record DIR --sweep` are made on it. Whether the
ring rests, and whether a top was passed, the coach has told; the figures are those of the whole turn, seen afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

SOFT = 0.7
"""Contrast over the best at which a picture is visibly soft; under it on both sides the top was passed."""
FAR = 0.5
"""The same from which the turn may end: here the light must be off."""
TOP = 0.97
"""The same from which a frame is of the top."""
LEAST_FRAMES = 6
"""At FAR or more: with fewer the top may lie between two of them."""
REST_S = 0.6
"""A ring that has rested for so long, s, has come to its end."""
MOVED = 0.1
"""Change of the contrast, as a natural logarithm, from which the ring was no longer where it set off."""
LEAST_STEP = 0.2
"""Between the log-odds of the score at the top and of the soft one: noise moves a score by less. Of odds, since
between a score of 0.96 and one of 0.999 there is as much as between 0.5 and 0.97."""
LEAST_ODDS = 0.001
"""No score is nearer to 0 or 1 than this, for its odds."""


@dataclass(frozen=True, slots=True)
class Point:
    """What a reading says of its place on the turn."""

    time: float
    """s"""
    score: float | None
    contrast: float


class Turn:
    """Points of a turn, one after the other."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.over = False
        """Whether the ring went through a top and rests on the other side."""
        self._best = 0.0

    def add(self, time: float, score: float | None, contrast: float) -> None:
        """The next reading."""
        self.points.append(Point(time, score, contrast))
        self._best = max(self._best, contrast)

    def watch(self, reading: Mapping[str, Any]) -> None:
        """The next reading, by its fields, with what the coach makes of it."""
        self.add(reading["time"], reading["score"], reading["contrast"])
        top, rested = reading["top"], reading["rested"]
        # The top may be one from before this turn: it counts once the turn has been there.
        self.over = top is not None and rested >= REST_S and reading["contrast"] < FAR * top and self._best > SOFT * top

    @property
    def levels(self) -> list[float]:
        """Contrast over the best of the turn, each as the median of three: one bad frame is no top."""
        raw = [point.contrast for point in self.points]
        smooth = [median(raw[max(0, at - 1) : at + 2]) for at in range(len(raw))]
        best = max(smooth, default=0.0)
        return [each / best if best > 0 else 0.0 for each in smooth]

    def trouble(self) -> str | None:
        """Why nothing can be learnt from it, as a sentence that says what to do; None where it can."""
        if len(self.points) < LEAST_FRAMES:
            return "There were too few frames: turn the ring more slowly, and to both sides of the best focus."
        if 2 * sum(point.score is None for point in self.points) > len(self.points):
            return "Most frames could not be judged: give the camera something with detail to see, in enough light."
        levels = self.levels
        top = levels.index(max(levels))
        if min(levels[: top + 1]) >= SOFT or min(levels[top:]) >= SOFT:
            side = "before" if min(levels[: top + 1]) >= SOFT else "after"
            return (
                f"The ring never passed the top: {side} it the picture did not get soft. "
                "Begin well out of focus on one side, and end so on the other."
            )
        if sum(level >= FAR for level in levels) < LEAST_FRAMES:
            return "The ring went through the best focus too fast: turn it again, more slowly."
        return None

    def turned_back(self) -> bool:
        """Whether the ring went through the top more than once."""
        low = high = False
        tops = 0
        for level in self.levels:
            high = level >= TOP - 0.1 or (high and level >= FAR)
            tops += high and not low
            low = high
        return tops > 1

    @property
    def best_score(self) -> float:
        """The score at the top: the median of the frames there."""
        return median(
            point.score
            for point, level in zip(self.points, self.levels, strict=True)
            if level >= TOP and point.score is not None
        )

    @property
    def soft_score(self) -> float:
        """The score where the contrast has fallen to SOFT: on the side where it is the higher."""
        levels = self.levels
        top = levels.index(max(levels))
        here = [(level, point.score) for level, point in zip(levels, self.points, strict=True)]
        return max(_at_soft(here[: top + 1][::-1]), _at_soft(here[top:]))

    @property
    def step(self) -> float:
        """By how much the log-odds at the top are above those of the soft score."""
        return _odds(self.best_score) - _odds(self.soft_score)

    @property
    def threshold(self) -> float:
        """The score whose log-odds are halfway between the two, in steps of 0.001."""
        return round(1 / (1 + math.exp(-(_odds(self.best_score) + _odds(self.soft_score)) / 2)), 3)

    def span(self, margin: int) -> range:
        """The points from where the ring set off to where it came to rest, and so many more on either side."""
        logs = [math.log(max(level, 1e-6)) for level in self.levels]
        moved = [at for at, each in enumerate(logs) if abs(each - logs[0]) > MOVED]
        moving = [at for at, each in enumerate(logs) if abs(each - logs[-1]) > MOVED]
        if not moved or not moving:
            return range(len(logs))
        return range(max(0, moved[0] - margin), min(len(logs), moving[-1] + 1 + margin))


def _odds(score: float) -> float:
    p = min(max(score, LEAST_ODDS), 1 - LEAST_ODDS)
    return math.log(p / (1 - p))


def _at_soft(way: list[tuple[float, float | None]]) -> float:
    """The score at SOFT on the way down from the top: between the last frame above it and the first below."""
    above = (1.0, 0.0)
    for level, score in way:
        if score is None:
            continue
        if level < SOFT:
            part = (above[0] - SOFT) / (above[0] - level)
            return above[1] + part * (score - above[1])
        above = level, score
    return 0.0
