"""One LED on one pin, or one of two colours on two, through gpiozero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from focuscam.indicators.pins import opened


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
        try:
            self._devices.append(opened("led", pin, _maker(kind, pin, active_high)))
            if red is not None:
                self._devices.append(opened("led", red, _maker(kind, red, active_high), key="red"))
        except BaseException:
            self.close()
            raise
        self._levels: tuple[float, float] = (0.0, 0.0)

    def set(self, green: float, red: float = 0.0) -> float:
        """Set the levels, 0 to 1; returns the one that the green half, or the only one, was given."""
        levels = green * self._full, red * self._full
        for device, new, old in zip(self._devices, levels, self._levels, strict=False):
            if new != old:
                device.value = new
        self._levels = levels
        return levels[0]

    def close(self) -> None:
        """Turn it off and give the pins back."""
        for device in self._devices:
            device.off()
            device.close()


def _maker(kind: str, pin: int, active_high: bool) -> Callable[[Any], Any]:
    return lambda gpiozero: getattr(gpiozero, kind)(pin, active_high=active_high)
