"""Who sees and hears it: the LED and the buzzer, and the pulse that keeps them in time.

A blip lasts a tenth of a second and the light must go off when frames stop coming, so once `pulse` was
called a thread of our own sets the levels between frames.
"""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType
from typing import Self

from focuscam.frame import Light
from focuscam.indicators.buzzer import Buzzer
from focuscam.indicators.led import Led
from focuscam.indicators.patterns import READY_S, level

log = logging.getLogger(__name__)

STALE_S = 1.0
"""After this long without a frame the light goes off: it would speak of a picture that is no more."""

_BEAT_S = 0.02


class Indicators:
    """The LED and the buzzer together, usable in a `with`. Off when it is left, however that happens."""

    def __init__(self, led: Led | None, buzzer: Buzzer | None) -> None:
        self._led = led
        self._buzzer = buzzer
        self._light = Light.OFF
        self._since = 0.0
        self._heard = 0.0
        self._level = 0.0
        self._muted = False
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            for device in (self._led, self._buzzer):
                if device is not None:
                    device.close()

    def pulse(self) -> None:
        """Keep the pins in time with time.monotonic() from now on, between frames as well."""
        if self._thread is not None:
            return
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)
        self._thread.start()

    def say(self, light: Light, now: float) -> float:
        """Say `light` from `now` (s) on; returns the level, 0 to 1, that the LED was given.

        READY is said to its end before anything else but a fault.
        """
        with self._lock:
            self._heard = now
            greeting = self._light is Light.READY and now - self._since < READY_S and light is not Light.FAULT
            if light is not self._light and not greeting:
                if light is Light.ON and self._buzzer is not None and not self._muted:
                    self._buzzer.chirp()
                self._light = light
                self._since = now
            return self._show(now)

    def mute(self, muted: bool) -> None:
        """Keep the buzzer silent, or let it sound again."""
        with self._lock:
            self._muted = muted
            if muted and self._buzzer is not None:
                self._buzzer.off()

    def _show(self, now: float) -> float:
        stale = self._light in (Light.ON, Light.CANNOT_TELL) and now - self._heard > STALE_S
        wanted = 0.0 if stale else level(self._light, now - self._since)
        if wanted != self._level and self._led is not None:
            self._led.set(wanted)
        self._level = wanted
        return wanted

    def _beat(self) -> None:
        while not self._ended.wait(_BEAT_S):
            with self._lock:
                self._show(time.monotonic())
