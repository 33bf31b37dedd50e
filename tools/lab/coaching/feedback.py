"""What a photographer is told: by our light, and by what it is held against."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from focuscam.coach import Coach
from focuscam.messages import Status
from lab.coaching.views import CONFUSION, Shot


class Feedback(Protocol):
    """Told of one shot after another; a hand goes by `told`: a light is 0 or 1, a number or a pitch is any value."""

    is_light: bool

    def show(self, shot: Shot, number: int, time: float) -> float: ...  # noqa: D102


class Ours:
    """The light of the shipped coach. Keeps what it said, for the plot."""

    is_light = True

    def __init__(self, threshold: float) -> None:
        self._coach = Coach(threshold)
        self.said: list[Status] = []

    def show(self, shot: Shot, number: int, time: float) -> float:
        """1 while the light is steady on."""
        self.said.append(self._coach.update(replace(shot.reading, frame=number, time=time, taken=time)))
        return float(self.said[-1].in_focus)


class FixedThreshold:
    """On where the variance of the Laplacian is over a number."""

    is_light = True

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold

    def show(self, shot: Shot, number: int, time: float) -> float:  # noqa: ARG002
        """1 while over the threshold."""
        return float(shot.raw >= self._threshold)


class MaxHold:
    """On where the contrast, robust to noise and light, is over 0.9 of the best so far."""

    is_light = True

    def __init__(self) -> None:
        self._best = 0.0

    def show(self, shot: Shot, number: int, time: float) -> float:  # noqa: ARG002
        """1 while near the best so far: all the way up a first hill as well."""
        self._best = max(self._best, shot.reading.contrast)
        return float(shot.reading.contrast >= 0.9 * self._best)


class Number:
    """The contrast as a number on a screen."""

    is_light = False

    def show(self, shot: Shot, number: int, time: float) -> float:  # noqa: ARG002
        """The number."""
        return shot.raw


class Tone:
    """As rpicam-apps maps it for the ear: a figure clipped to 1..2000, one tone a second."""

    is_light = False

    def __init__(self) -> None:
        self._tone = 0.0

    def show(self, shot: Shot, number: int, time: float) -> float:  # noqa: ARG002
        """The frequency that sounds; an ear tells semitones apart."""
        if number % 30 == 0:
            figure = min(max(shot.raw, 1.0), 2000.0)
            self._tone = 2 ** (round(12 * math.log2(figure)) / 12)
        return self._tone


class Truth:
    """On within the depth of focus and off elsewhere, at once: what no light can know. How well such hands can do."""

    is_light = True

    def show(self, shot: Shot, number: int, time: float) -> float:  # noqa: ARG002
        """1 while the blur is within the circle of confusion."""
        return float(shot.blur <= CONFUSION)


def best_fixed_threshold(shots: Iterable[tuple[float, Shot]]) -> float:
    """The threshold that is right most often on the very shots that will be played: all that it can have."""
    sharp, soft = [], []
    for blur, shot in shots:
        if blur <= CONFUSION:
            sharp.append(shot.raw)
        elif blur > 2 * CONFUSION:
            soft.append(shot.raw)
    candidates = sorted({*sharp, *soft})
    return max(
        candidates,
        key=lambda cut: sum(raw >= cut for raw in sharp) / len(sharp) + sum(raw < cut for raw in soft) / len(soft),
    )
