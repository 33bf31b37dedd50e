"""Who sees and hears it: the LED and the buzzer, and the pulse that keeps them in time.

A blip lasts a tenth of a second and the light must go off when frames stop coming, so once `pulse` was
called a thread of our own sets the levels between frames.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from focuscam.indicators import demo
from focuscam.indicators.buzzer import Buzzer
from focuscam.indicators.guard import Guard
from focuscam.indicators.led import Led
from focuscam.indicators.patterns import READY_S, Lamp
from focuscam.indicators.sounds import Sound
from focuscam.messages import Light
from focuscam.system.threads import started

log = logging.getLogger(__name__)

DARK_AFTER_S = 1.0
"""After this long without a frame the light goes off: it would speak of a picture that is no more."""

LATE = 1.5
"""So many times as long as a frame takes, where that is longer: exposures of seconds are no silence."""

_BEAT_S = 0.02

_STUCK_S = 1.0
"""How long the end waits for a pin that is being set, s."""


class Indicators:
    """The LED and the buzzer together, usable in a `with`. Off when it is left, however that happens."""

    def __init__(
        self,
        led: Led | None,
        buzzer: Buzzer | None,
        lamp: Lamp | None = None,
        sound: Sound | None = None,
        guard: Guard | None = None,
    ) -> None:
        """`lamp` and `sound` are how they speak: by default steady in focus and else dark, and one chirp.

        guard: turns them off when this process can't.
        """
        self._led = led
        self._buzzer = buzzer
        self._lamp = lamp or Lamp()
        self._sound = sound or Sound()
        self._guard = guard
        self._near: float | None = None
        self._light = Light.OFF
        self._since = 0.0
        self._heard = 0.0
        self._patience = DARK_AFTER_S
        self._muted = False
        self._demo: float | None = None
        self._lit = False
        self._failing: set[str] = set()
        """Of "light" and "buzzer", those whose pins did not do what they were told last."""
        self._beat_at = 0.0
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

    @property
    def obeyed(self) -> bool:
        """Whether all pins did what they were told last."""
        return not self._failing

    @property
    def beating(self) -> bool:
        """Whether the light is kept in time; a watchdog is told of life only while it is."""
        return self._thread is None or time.monotonic() - self._beat_at < DARK_AFTER_S

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Dark and silent at once; then the pins are given back. Again: nothing."""
        self._ended.set()
        try:
            self._put_out()
        except BaseException:
            # A signal that ends the program may come while it is ending for another reason. It comes once.
            self._put_out()
            raise
        if self._thread is not None:
            self._thread.join(_STUCK_S)
        for what, device in (("light", self._led), ("buzzer", self._buzzer)):
            if device is not None:
                self._try(what, device.close)
        if self._guard is not None:
            self._guard.close(dark=not self._failing)

    def pulse(self) -> None:
        """Keep the pins in time with time.monotonic() from now on, between frames as well.

        Raises NoThreadError where there is no thread to be had: without it the light could not be trusted.
        """
        if self._thread is not None:
            return
        self._beat_at = time.monotonic()
        self._thread = started(self._beat, "pulse")

    def expect(self, frame_s: float) -> None:
        """Frames come every `frame_s` seconds or faster, as the camera is set: longer without one is silence."""
        with self._lock:
            self._patience = max(DARK_AFTER_S, LATE * frame_s)

    def say(self, light: Light, now: float, near: float | None = None) -> float:
        """Say `light` from `now` (s) on; returns the level, 0 to 1, that the LED (its green half) was given.

        near: how near focus is, 0 to 1, for the modes that tell. READY is said to its end before anything else
        but a fault.
        """
        with self._lock:
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
                self._try("buzzer", self._buzzer.off)

    def _show(self, now: float) -> float:
        light, since, near = self._light, now - self._since, self._near
        stale = now - self._heard > self._patience and self._light not in (Light.READY, Light.FAULT)
        if self._demo is not None and light is not Light.FAULT:
            playing = demo.at(now - self._demo)
            if playing is None:
                self._demo = None
            else:
                scene, since = playing
                light, near, stale = scene.light, scene.near(since / scene.seconds), False
        pitch = None if stale or self._muted else self._sound.pitch(light, since, near, now)
        levels = (0.0, 0.0) if stale else self._lamp.levels(light, since, near, now)
        return self._set(levels, pitch)

    def _set(self, levels: tuple[float, float], pitch: float | None) -> float:
        led, buzzer, given = self._led, self._buzzer, levels[0]
        self._lit = any(levels) or pitch is not None
        if self._guard is not None and self._thread is not None:  # else nothing is kept in time, and nobody waits
            self._guard.expect(self._lit)
        if led is not None:
            given = led.given(*levels)
            self._try("light", lambda: led.set(*levels))
        if buzzer is not None:
            self._try("buzzer", lambda: buzzer.set(pitch))
        return given

    def _try(self, what: str, put: Callable[[], object]) -> None:
        """Set a pin. One that fails is tried again with the next beat: no error may leave the light as it is."""
        try:
            put()
        except Exception as error:  # each pin back end has errors of its own
            if what not in self._failing:
                log.error("The %s can't be set: %s. It is tried again and again.", what, error)
            self._failing.add(what)
        else:
            if what in self._failing:
                log.info("The %s can be set again.", what)
            self._failing.discard(what)

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Dark and silent for as long as this is entered, whatever is said: for a process that is to stand still."""
        with self._put_out_and_held():
            if self._guard is not None:
                self._guard.alive(False)
            self._heard = 0.0  # what was said is of the past afterwards
            yield

    def _put_out(self) -> None:
        with self._put_out_and_held():
            pass

    @contextmanager
    def _put_out_and_held(self) -> Iterator[None]:
        # Whoever holds the lock may hang in a pin: that must not keep the others lit.
        had = self._lock.acquire(timeout=_STUCK_S)
        try:
            for what, device in (("light", self._led), ("buzzer", self._buzzer)):
                if device is not None:
                    self._try(what, device.off)
            yield
        finally:
            if had:
                self._lock.release()

    def _beat(self) -> None:
        while not self._ended.wait(_BEAT_S):
            try:
                with self._lock:
                    if self._ended.is_set():
                        return
                    self._show(time.monotonic())
            except Exception:  # such as no memory just now: the next beat may do better, and who watches hears nothing
                log.exception("A beat of the light failed; going on.")
                continue
            if "light" in self._failing:
                continue
            self._beat_at = time.monotonic()
            if self._guard is not None:
                self._guard.alive(self._lit)
