"""How the hands that hold the camera move its picture."""

from __future__ import annotations

import math

import numpy as np

_FREQUENCIES = ((0.4, 1.2), (1.5, 4.0), (5.0, 9.0))
"""Hz, from and to, of the sway of an arm and the tremor of a hand, mixed in equal parts."""
_MOST_STEPS = 16


class Shake:
    """The displacement of the picture over time, along both axes."""

    def __init__(self, strength: float, random: np.random.Generator) -> None:
        """strength: root mean square of the displacement, px."""
        axes = (2, len(_FREQUENCIES))
        self._frequency = np.stack([random.uniform(*each, 2) for each in _FREQUENCIES], axis=1)
        self._phase = random.uniform(0, 2 * math.pi, axes)
        # A sine has a mean square of 1/2; three of them on each of two axes.
        self._amplitude = strength / math.sqrt(axes[0] * axes[1] / 2)
        self.reach = math.ceil(self._amplitude * axes[1])
        """px, the most that the picture is displaced along an axis."""

    def way(self, end: float, exposure: float) -> list[tuple[int, int]]:
        """Where the picture is, (x, y) in px from 0 to 2 * reach, at even steps of an exposure.

        end, exposure: seconds. One place while it stands still; no further apart than 1 px, as long as it
        takes no more than 16 steps.
        """
        if self.reach == 0:
            return [(0, 0)]
        first, last = self._place(end - exposure), self._place(end)
        steps = min(math.ceil(math.dist(first, last)) + 1, _MOST_STEPS)
        places = (self._place(end - exposure * (1 - step / steps)) for step in range(1, steps + 1))
        return [(round(x) + self.reach, round(y) + self.reach) for x, y in places]

    def _place(self, seconds: float) -> tuple[float, float]:
        x, y = (self._amplitude * np.sin(2 * math.pi * self._frequency * seconds + self._phase)).sum(axis=1)
        return float(x), float(y)
