"""The light on the scene: where it changes, a part of what the contrast changes is its doing, and no hand's."""

from __future__ import annotations

import math
from collections import deque
from statistics import median

from focuscam.coach.hill import JOLT_S, REST, Hill

LIGHTS_PART = 0.25
"""How much of a change of brightness the contrast may owe to it (both as natural logarithms): tone curves, harder and
softer shadows. More would let a hand that turns under a changing light move the top."""


class Lamp:
    """Follows the brightness, and takes its part out of the hill.

    The light has changed where the brightness did by REST within JOLT_S: noise changes it by a tenth of that, and what
    is slower has no part in the contrast.
    """

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=3)
        self._from: tuple[float, float, float] | None = None
        """Brightness, level of the hill and time from which a change is measured."""

    def follow(self, hill: Hill, brightness: float, calm: bool) -> None:
        """Take the brightness, grey levels, of the frame whose contrast the hill took last.

        calm: whether the contrast was at rest before. Else it is the hand's doing as well, and only of a change from
        one frame to the next it can be told apart.
        """
        was = median(self._last) if self._last else math.inf
        self._last.append(math.log(brightness + 1))
        now = median(self._last)
        if self._from is not None:
            before, level, since = self._from
            change = abs(now - before)
            if change < REST and hill.time - since < JOLT_S:
                if change < REST / 2:  # it has not begun: what the contrast changed is the hand's doing
                    self._from = (before, hill.level, since)
                return
            most = LIGHTS_PART * change
            if change >= REST and calm:
                hill.rescale(min(max(hill.level - level, -most), most))
            elif change >= REST and abs(now - was) > change / 2 and abs(hill.jump) <= most:
                hill.rescale(hill.jump)  # more than that would be a jerk of the ring
        self._from = (now, hill.level, hill.time)
