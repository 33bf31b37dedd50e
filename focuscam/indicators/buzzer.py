"""A buzzer on one pin, through gpiozero: an active one that sounds by itself, or a passive one that is given a tone."""

from __future__ import annotations

import math
from typing import Any

from focuscam.system.pins import opened

LOWEST_HZ, HIGHEST_HZ = 220.0, 880.0
"""What a piezo disc gives clearly, and a PWM in software keeps up with."""


def tone_hz(pitch: float) -> float:
    """What a passive one sounds at this pitch, 0 (low) to 1 (high)."""
    return float(LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** pitch)


class Buzzer:
    """A sound for someone who looks elsewhere. Raises ConfigurationError where the pin can't be had."""

    def __init__(self, pin: int, active_high: bool = True, tonal: bool = False) -> None:
        """tonal: a passive buzzer, which needs a pin with PWM."""
        self._tonal = tonal
        self._pitch: float | None = None

        def make(gpiozero: Any) -> Any:  # noqa: ANN401 - gpiozero is not typed
            return gpiozero.TonalBuzzer(pin) if tonal else gpiozero.Buzzer(pin, active_high=active_high)

        self._device = opened("buzzer", pin, make)

    def set(self, pitch: float | None) -> None:
        """Sound at this pitch, 0 (low) to 1 (high); None: be silent."""
        if not self._tonal and pitch is not None:
            pitch = 1.0  # it has one only
        if pitch == self._pitch:
            return
        self._pitch = math.nan  # where this fails, nobody knows
        if pitch is None:
            self._silence()
        elif self._tonal:
            from gpiozero.tones import Tone

            self._device.play(Tone(tone_hz(pitch)))
        else:
            self._device.on()
        self._pitch = pitch

    def off(self) -> None:
        """Be silent, whatever it was thought to be."""
        if not self._device.closed:
            self._silence()
        self._pitch = None

    def close(self) -> None:
        """Be silent and give the pin back. Again: nothing."""
        if self._device.closed:
            return
        try:
            self._silence()
        finally:
            self._device.close()

    def _silence(self) -> None:
        if self._tonal:
            self._device.stop()
        else:
            self._device.off()
