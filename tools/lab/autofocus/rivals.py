"""Others who look for focus, each as it is usually done. All of them have backlash taken up for them, as ours has."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator

from lab.autofocus.seen import Shot
from lab.autofocus.trial import Method

Measure = Callable[[Shot], float]


def raw(shot: Shot) -> float:
    """Variance of the Laplacian."""
    return shot.raw


def robust(shot: Shot) -> float:
    """Our contrast: after noise."""
    return shot.reading.contrast


def full_sweep(measure: Measure = robust) -> Method:
    """Every position, and back to the one with the most of a measure."""

    def method(low: int, high: int, start: int) -> Generator[int, Shot, int | None]:  # noqa: ARG001
        seen = []
        for place in range(low, high + 1):
            shot = yield place
            seen.append((measure(shot), -place))
        return -max(seen)[1]

    return method


def by_jpeg() -> Method:
    """OpenFlexure's way, `fast_autofocus` of its microscope server.

    One sweep upwards, the size of each JPEG of the video on the way, then from below to where the largest was.
    Here it has a frame at every step.
    """
    return full_sweep(lambda shot: float(shot.jpeg))


def hill_climb(first: float, measure: Measure = raw) -> Method:
    """Go on while the contrast rises, turn back with half the step when it falls, until the step is one.

    first: the first step, as a share of the range.
    """

    def method(low: int, high: int, start: int) -> Generator[int, Shot, int | None]:
        step = max(round(first * (high - low)), 1)
        way = 1 if start < (low + high) / 2 else -1
        place = start
        shot = yield place
        best, most = place, measure(shot)
        while True:
            turned = 0
            while turned < 2:
                there = min(max(best + way * step, low), high)
                if there != best:
                    shot = yield there
                    if measure(shot) > most:
                        best, most, turned = there, measure(shot), 0
                        continue
                way, turned = -way, turned + 1
            if step == 1:
                return best
            step //= 2

    return method


def golden_section() -> Method:
    """By raw contrast: the bracket shrinks by the golden ratio with each look (Kiefer 1953)."""

    def method(low: int, high: int, start: int) -> Generator[int, Shot, int | None]:  # noqa: ARG001
        ratio = (math.sqrt(5) - 1) / 2
        a, b = float(low), float(high)
        left, right = b - ratio * (b - a), a + ratio * (b - a)
        at_left = raw((yield round(left)))
        at_right = raw((yield round(right)))
        while b - a > 1.5:
            if at_left > at_right:
                b, right, at_right = right, left, at_left
                left = b - ratio * (b - a)
                at_left = raw((yield round(left)))
            else:
                a, left, at_left = left, right, at_right
                right = a + ratio * (b - a)
                at_right = raw((yield round(right)))
        return round((a + b) / 2)

    return method
