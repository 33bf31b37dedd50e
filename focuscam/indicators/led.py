"""One LED on one pin, or one of two colours on two, through gpiozero."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from focuscam.system.pins import opened


class Led:
    """A light of any level. Raises ConfigurationError where a pin can't be had, or has no PWM where that is needed."""

    def __init__(
        self, pin: int, active_high: bool = True, red: int | None = None, dimmed: bool = False, brightness: float = 1.0
    ) -> None:
        """red: pin of the red half of an LED of two colours, whose green half is on `pin`.

        dimmed: levels between dark and full are wanted. brightness: of full, 0 to 1.
        """
        self.colours = red is not None
        self._full = brightness
        # PWM in software costs a little; a plain LED does without.
        kind = "PWMLED" if dimmed or brightness < 1 else "LED"
        self._devices: list[Any] = []
        self._levels = [0.0, 0.0]
        try:
            self._devices.append(opened("led", pin, _maker(kind, pin, active_high)))
            if red is not None:
                self._devices.append(opened("led", red, _maker(kind, red, active_high), key="red"))
        except BaseException:
            self.close()
            raise

    def given(self, green: float, red: float = 0.0) -> float:  # noqa: ARG002 - the shape of `set`
        """The level, 0 to 1, that the green half, or the only one, is given by `set`."""
        return green * self._full

    def set(self, green: float, red: float = 0.0) -> None:
        """Set the levels, 0 to 1, each of its own pin."""
        levels = green * self._full, red * self._full
        for at, (device, new) in enumerate(zip(self._devices, levels, strict=False)):
            if new != self._levels[at]:
                self._levels[at] = math.nan  # where this fails, nobody knows
                device.value = new
                self._levels[at] = new

    def off(self) -> None:
        """Turn it off, whatever it was thought to be. Raises what the pin raises, after all were tried."""
        with ExitStack() as stack:
            for device in self._devices:
                stack.callback(device.off)
        self._levels = [0.0, 0.0]

    def close(self) -> None:
        """Turn it off and give the pins back. Again: nothing."""
        while self._devices:
            device = self._devices.pop()
            try:
                device.off()
            finally:
                device.close()


def _maker(kind: str, pin: int, active_high: bool) -> Callable[[Any], Any]:
    return lambda gpiozero: getattr(gpiozero, kind)(pin, active_high=active_high)
