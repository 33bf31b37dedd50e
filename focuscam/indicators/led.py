"""One LED on one pin, through gpiozero."""

from __future__ import annotations

from focuscam.indicators.pins import opened


class Led:
    """A light that is on or off. Raises ConfigurationError where the pin can't be had."""

    def __init__(self, pin: int, active_high: bool = True) -> None:
        self._device = opened("led", pin, lambda gpiozero: gpiozero.LED(pin, active_high=active_high))

    def set(self, level: float) -> None:
        """Set the level, 0 to 1."""
        if level > 0:
            self._device.on()
        else:
            self._device.off()

    def close(self) -> None:
        """Turn it off and give the pin back."""
        self._device.off()
        self._device.close()
