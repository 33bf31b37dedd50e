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
from focuscam.indicators import demo
from focuscam.indicators.buzzer import Buzzer
from focuscam.indicators.led import Led
from focuscam.indicators.patterns import READY_S, Lamp
from focuscam.indicators.sounds import Sound

log = logging.getLogger(__name__)

STALE_S = 1.0
"""After this long without a frame the light goes off: it would speak of a picture that is no more."""

LATE = 1.5
"""So many times as long as the last frame took, where that is longer: exposures of seconds are no silence."""

_BEAT_S = 0.02


class Indicators:
    """The LED and the buzzer together, usable in a `with`. Off when it is left, however that happens."""

    def __init__(
        self, led: Led | None, buzzer: Buzzer | None, lamp: Lamp | None = None, sound: Sound | None = None
    ) -> None:
        """`lamp` and `sound` are how they speak: by default steady in focus and else dark, and one chirp."""
        self._led = led
        self._buzzer = buzzer
        self._lamp = lamp or Lamp()
        self._sound = sound or Sound()
        self._near: float | None = None
        self._light = Light.OFF
        self._since = 0.0
        self._heard = 0.0
        self._between = 0.0
        self._muted = False
        self._demo: float | None = None
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def present(self) -> bool:
        """Whether there is anything that a person could see or hear."""
        return self._led is not None or self._buzzer is not None

    @property
    def parts(self) -> list[str]:
        """What there is of them, of "led" and "buzzer"."""
        return [name for name, device in (("led", self._led), ("buzzer", self._buzzer)) if device is not None]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Dark and silent; the pins are given back."""
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

    def say(self, light: Light, now: float, near: float | None = None) -> float:
        """Say `light` from `now` (s) on; returns the level, 0 to 1, that the LED (its green half) was given.

        near: how near focus is, 0 to 1, for the modes that tell. READY is said to its end before anything else
        but a fault.
        """
        with self._lock:
            self._between = now - self._heard if self._heard else 0.0
            self._heard = now
            self._near = near
            greeting = self._light is Light.READY and now - self._since < READY_S and light is not Light.FAULT
            if light is not self._light and not greeting:
                self._light = light
                self._since = now
            return self._show(now)

    def demonstrate(self, now: float) -> None:
        """Say everything there is to say, once, from `now` (s) on, in place of what is true; a fault ends it."""
        with self._lock:
            self._demo = now

    def mute(self, muted: bool | None) -> None:
        """Keep the buzzer silent, or let it sound again; None: the other way than now."""
        with self._lock:
            self._muted = not self._muted if muted is None else muted
            if self._muted and self._buzzer is not None:
                self._buzzer.set(None)

    def _show(self, now: float) -> float:
        light, since, near = self._light, now - self._since, self._near
        patience = max(STALE_S, LATE * self._between)
        stale = now - self._heard > patience and self._light not in (Light.READY, Light.FAULT)
        if self._demo is not None and light is not Light.FAULT:
            playing = demo.at(now - self._demo)
            if playing is None:
                self._demo = None
            else:
                scene, since = playing
                light, near, stale = scene.light, scene.near(since / scene.seconds), False
        pitch = None if stale else self._sound.pitch(light, since, near, now)
        if self._buzzer is not None and not self._muted:
            self._buzzer.set(pitch)
        levels = (0.0, 0.0) if stale else self._lamp.levels(light, since, near, now)
        return levels[0] if self._led is None else self._led.set(*levels)

    def _beat(self) -> None:
        while not self._ended.wait(_BEAT_S):
            with self._lock:
                self._show(time.monotonic())
