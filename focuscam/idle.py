"""How often to look while nothing changes: a camera that rests need not warm the Pi and empty its battery.

Pure: statuses in, a pause out; the only clock is the time written on the readings.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import fmean, median

from focuscam.coach.hill import LEAST
from focuscam.frame import Light, Status

STILL_S = 5.0
"""Nothing must have changed for so long, s: a hand that has let go of the ring for good."""

REFERENCE = 15
"""Frames whose mean contrast the next ones are held against: half a second, whose noise is a quarter of one frame's."""

CHANGED = 0.03
"""Change of the contrast, as a natural logarithm, that is one however little noise there is."""

SURE = 5.0
"""Standard deviations of noise that a change must exceed: five a second for hours must not wake anybody."""

NOISE_FRAMES = 60
"""Frames that tell the noise."""

GREY = 2.0
"""Change of the thumbnail, mean grey levels of its cells, that is one: noise changes the mean of a cell by a tenth."""


class Idle:
    """Finds that nothing changes, and then asks for fewer frames."""

    def __init__(self, fps: float) -> None:
        """fps: frames a second that are enough while nothing changes."""
        self._pause = 1 / fps
        self._steps: deque[float] = deque(maxlen=NOISE_FRAMES)
        self._last: float | None = None
        self.stir()

    def stir(self) -> None:
        """Somebody did something: look at every frame again."""
        self._since: float | None = None
        self._light: Light | None = None
        self._thumbnail = b""
        self._first: list[float] = []

    def pause(self, status: Status) -> float:
        """How long after this frame the next one need not be looked at, s; 0: at once."""
        reading = status.reading
        contrast = math.log(max(reading.contrast, 0.0) + LEAST)
        if self._last is not None:
            self._steps.append(abs(contrast - self._last))
        self._last = contrast
        if self._since is None or self._has_changed(status, contrast) or reading.time < self._since:
            self.stir()
            self._since, self._light, self._thumbnail = reading.time, status.light, reading.thumbnail
        if len(self._first) < REFERENCE:
            self._first.append(contrast)
        return self._pause if reading.time - self._since >= STILL_S else 0.0

    def _has_changed(self, status: Status, contrast: float) -> bool:
        if status.light is not self._light:
            return True
        grey = [abs(a - b) for a, b in zip(status.reading.thumbnail, self._thumbnail, strict=False)]
        if grey and fmean(grey) > GREY:
            return True
        if len(self._first) < REFERENCE:
            return False
        # The median of a step of white noise is 0.95 of the deviation of one frame, whatever else slowly moves.
        noise = median(self._steps) / 0.95
        return abs(contrast - fmean(self._first)) > max(CHANGED, SURE * noise)
