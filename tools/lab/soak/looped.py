"""A camera that costs nothing, so that what is measured is what comes after it."""

from __future__ import annotations

import dataclasses
import time
from typing import Self

from focuscam.cameras import Fixed
from focuscam.messages import Frame
from focuscam.simulation.camera import Simulated

FPS = 30


class Looped(Fixed):
    """A live camera that shows the same seconds of a simulated lens over and over, without the work of simulating."""

    live = True
    description = "a simulated lens, over and over"

    def __init__(self, seconds: float) -> None:
        lens = Simulated(seed=4, size=(1014, 760), paced=False)
        with lens:
            self._frames = [lens.newest() for _ in range(round(seconds * FPS))]
        self._next = 0

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def newest(self) -> Frame:
        """The newest frame of the clock."""
        wait = self._began + self._next / FPS - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        number = max(self._next, int((time.monotonic() - self._began) * FPS))
        self._next = number + 1
        frame = self._frames[number % len(self._frames)]
        return dataclasses.replace(frame, number=number, time=number / FPS, taken=self._began + number / FPS)
