"""Buttons between a pin and ground, through gpiozero. They only put commands into the queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from focuscam.commands import Command, Forget, ShutDown, TakeStill, Toggle
from focuscam.system.pins import opened

BOUNCE_S = 0.05
"""A contact that closes chatters for some ms; a finger presses for 100 at least."""

PRESSED: Mapping[str, Command] = {
    "forget": Forget(),
    "lock": Toggle("lock"),
    "mute": Toggle("mute"),
    "release": Toggle("release"),
    "shutdown": ShutDown(),
    "capture": TakeStill(),
}
"""What each button stands for, by its name in the settings."""

HOLD_S = 2.0
"""How long the button for the shutdown must be held, s: nobody ends a session by leaning on it."""


class Buttons:
    """The buttons of the settings, usable in a `with`."""

    def __init__(self, pins: Mapping[str, int], put: Callable[[Command], object]) -> None:
        """pins: of the buttons that there are, by name: those of PRESSED.

        Raises ConfigurationError where one can't be had.
        """
        self._put = put
        self._devices: list[Any] = []
        try:
            for name, pin in pins.items():
                self._devices.append(self._opened(name, pin))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the pins back."""
        for device in self._devices:
            device.close()

    def _opened(self, name: str, pin: int) -> Any:  # noqa: ANN401 - gpiozero is not typed
        device = opened(
            "buttons",
            pin,
            lambda gpiozero: gpiozero.Button(pin, bounce_time=BOUNCE_S, hold_time=HOLD_S),
            key=name,
        )
        command = PRESSED[name]
        if name == "shutdown":
            device.when_held = lambda: self._put(command)
        else:
            device.when_pressed = lambda: self._put(command)
        return device
