"""An active buzzer (one that sounds by itself when it has power) on one pin, through gpiozero."""

from __future__ import annotations

from focuscam.indicators.pins import opened

_CHIRP_S = 0.08


class Buzzer:
    """A sound for someone who looks elsewhere. Raises ConfigurationError where the pin can't be had."""

    def __init__(self, pin: int, active_high: bool = True) -> None:
        self._device = opened("buzzer", pin, lambda gpiozero: gpiozero.Buzzer(pin, active_high=active_high))

    def chirp(self) -> None:
        """Sound once, briefly; does not wait for the end of it."""
        self._device.beep(on_time=_CHIRP_S, off_time=_CHIRP_S, n=1, background=True)

    def off(self) -> None:
        """Be silent."""
        self._device.off()

    def close(self) -> None:
        """Be silent and give the pin back."""
        self._device.off()
        self._device.close()
