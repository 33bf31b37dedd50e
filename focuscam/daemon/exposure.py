"""When the automatic exposure should hold still: while the ring turns, so that the lens alone changes the picture.

Pure: statuses in, a wish out; the only clock is the time written on the readings.
"""

from __future__ import annotations

import math

from focuscam.coach import CALM_S
from focuscam.messages import Phase, Status

REST_S = 2.0
"""The ring must have rested for so long, s, until exposure is automatic again: who looks for the top stops and turns
back within a second or so, and the exposure shall be the same before and after."""

SETTLE_S = 1.0
"""A new scene has so long, s, to be exposed as it needs, before a ring that turns can hold it: automatic exposure
arrives within some ten frames."""


class ExposureHold:
    """Follows the hand on the ring and the scene."""

    def __init__(self) -> None:
        self._scene: int | None = None
        self._came = self._turned = -math.inf
        self._refused = False

    def refuse(self) -> None:
        """Somebody wants the exposure to be automatic: it is, until the ring has rested and is turned anew."""
        self._refused = True

    def wanted(self, status: Status) -> bool:
        """Whether exposure should hold still. A clock that goes back begins again."""
        time = status.reading.time
        if status.scene != self._scene or time < max(self._came, self._turned):
            self._scene, self._came, self._turned = status.scene, time, -math.inf
        if time - self._came < SETTLE_S:
            return False
        if status.rested_s < CALM_S and status.phase not in (Phase.BLIND, Phase.ELSEWHERE):
            self._turned = time
        elif time - self._turned >= REST_S:
            self._refused = False
        return not self._refused and time - self._turned < REST_S
