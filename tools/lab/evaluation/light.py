"""The light on trial: a hand turns the ring through a recorded sweep, and what the light said is counted.

A trial needs a light: anything that takes a frame's reading and says on or off. Ours is the coach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from focuscam.coach import Coach
from focuscam.messages import Reading

FPS = 30
SHOWN = 3
"""Frames for which each step of the way is shown."""
REST = 60
"""Frames of a rest."""
JUDGED = 10
"""The last frames of a rest: the light must say the same on all of them, and the right thing."""
SHARP, SOFT = 0.95, 0.5
"""Contrast, over the best of the sweep, from which a frame alone must be green, and under which it must not."""
NEAR = 0.7
"""Contrast at which a first green is near enough."""


class Light(Protocol):
    """Something that is shown one frame after another and is on or off."""

    def show(self, reading: Reading, time: float) -> bool:
        """Whether the light is on after this frame."""
        ...


class CoachLight:
    """The light of the shipped coach."""

    def __init__(self, threshold: float) -> None:
        self._coach = Coach(threshold)
        self._number = 0

    def show(self, reading: Reading, time: float) -> bool:
        """Whether the coach has the light on after this frame."""
        status = self._coach.update(replace(reading, frame=self._number, time=time, taken=time))
        self._number += 1
        return status.in_focus


Shots = Sequence[Sequence[Reading]]
"""What the light is shown at each step of the sweep: a few versions of it, since noise differs from frame to frame."""


@dataclass(frozen=True)
class Trial:
    """What the light did on one sweep."""

    rests: list[tuple[int, bool, bool]]
    """Step, whether it should have been on, whether it was right: of each rest."""
    first: list[float]
    """Contrast at the first green, from either end; 0 where there was none."""
    cold: list[tuple[int, bool, bool]]
    """As rests: of each frame shown alone."""

    @property
    def green(self) -> bool:
        """Whether all rests were right."""
        return all(right for _, _, right in self.rests)


def _play(light: Light, shots: Shots, steps: Iterable[int]) -> list[bool]:
    return [light.show(shots[step][i % len(shots[step])], i / FPS) for i, step in enumerate(steps)]


def _way(steps: Iterable[int]) -> list[int]:
    return [step for step in steps for _ in range(SHOWN)]


def _steady(said: list[bool], wanted: bool) -> bool:
    return all(each == wanted for each in said[-JUDGED:])


def trial(make: Callable[[], Light], shots: Shots, c: npt.NDArray[np.float64]) -> Trial:
    """Try the light that `make` makes on one sweep.

    shots: what it is shown at each step. c: contrast of the clean frames over the best of the sweep.
    """
    count, best = len(shots), int(np.argmax(c))
    rests, cold, first = [], [], []
    for step in range(count):
        if step == best or c[step] < SOFT:
            steps = _way(range(count)) + _way(range(count - 2, step, -1)) + [step] * REST
            rests.append((step, step == best, _steady(_play(make(), shots, steps), step == best)))
        if c[step] >= SHARP or c[step] < SOFT:
            cold.append((step, c[step] >= SHARP, _steady(_play(make(), shots, [step] * REST), c[step] >= SHARP)))
    for order in (range(count), range(count - 1, -1, -1)):
        steps = _way(order)
        said = _play(make(), shots, steps)
        first.append(float(c[steps[said.index(True)]]) if True in said else 0.0)
    return Trial(rests, first, cold)
