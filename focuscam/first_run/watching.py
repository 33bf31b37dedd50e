"""What focuscam sees while somebody does something, as a few figures."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from itertools import pairwise
from typing import Any

from focuscam.session import Session


class Watch:
    """Readings, by their fields, until they are told."""

    def __init__(self) -> None:
        self._lights: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._numbers: dict[str, list[float]] = {name: [] for name in ("score", "contrast", "age", "fps", "exposure")}
        self._times: list[float] = []

    def take(self, told: Mapping[str, Any]) -> None:
        """Add a frame."""
        self._lights[str(told.get("light"))] += 1
        if told.get("reason"):
            self._reasons[str(told["reason"])] += 1
        for name, numbers in self._numbers.items():
            if told.get(name) is not None:
                numbers.append(float(told[name]))
        self._times.append(float(told["time"]))

    def told(self) -> dict[str, Any]:
        """Frames; frames in each light and with each reason; of each number the least, the median, that which 19 in 20
        do not exceed, and the most. `age`: s from the exposure of a frame to its decision: what the queues in the
        camera and ours add to the light.
        """
        return {
            "frames": len(self._times),
            "light": dict(self._lights),
            "reason": dict(self._reasons),
            **{name: _spread(numbers) for name, numbers in self._numbers.items() if numbers},
            "longest gap, s": round(max((b - a for a, b in pairwise(self._times)), default=0.0), 3),
        }


def watched(session: Session, seconds: float, show: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Watch for so long. show: is given each reading. Raises FocuscamError where there are no frames."""
    watch, end = Watch(), time.monotonic() + seconds
    with closing(session.events()) as events:
        for seen in events:
            watch.take(seen.told)
            show(seen.told)
            if time.monotonic() > end:
                break
    return watch.told()


def _spread(numbers: list[float]) -> list[float]:
    ordered = sorted(numbers)
    places = (0, len(ordered) // 2, len(ordered) * 19 // 20, len(ordered) - 1)
    return [round(ordered[place], 4) for place in places]
