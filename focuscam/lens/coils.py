"""Steps on GPIO pins, through gpiozero: four coils behind a ULN2003, or a driver that wants a step and a direction."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from typing import Any

from focuscam.system.pins import opened

HALF_STEPS = (
    (1, 0, 0, 0),
    (1, 1, 0, 0),
    (0, 1, 0, 0),
    (0, 1, 1, 0),
    (0, 0, 1, 0),
    (0, 0, 1, 1),
    (0, 0, 0, 1),
    (1, 0, 0, 1),
)
"""Which of the four coils have current, half step after half step: 4096 of them are a turn of the 28BYJ-48's shaft."""

OFF = (0, 0, 0, 0)

PULSE_S = 10e-6
"""The A4988 wants 1 us, the DRV8825 1.9 us, others a little more."""


class Uln2003:
    """A unipolar motor such as the 28BYJ-48, in half steps. Its gears hold the ring, so at rest no coil has current."""

    def __init__(self, pins: Sequence[int]) -> None:
        """pins: of IN1 to IN4."""
        self.description = f"motor on GPIO {', '.join(map(str, pins))}"
        self._phase = 0
        self._shown = OFF
        self._lines = _lines(pins)

    def step(self, up: bool) -> None:
        """One half step."""
        self._phase = (self._phase + (1 if up else -1)) % len(HALF_STEPS)
        wanted = HALF_STEPS[self._phase]
        # Off first: never more coils with current than the pattern has.
        for level in (0, 1):
            for line, now, want in zip(self._lines, self._shown, wanted, strict=True):
                if want == level and now != want:
                    line.value = want
        self._shown = wanted

    def rest(self) -> None:
        """No current."""
        for line in self._lines:
            line.off()
        self._shown = OFF

    def close(self) -> None:
        """No current; the pins are given back."""
        _let_go(self._lines)


class StepDir:
    """A driver such as the A4988: a pulse is a step, the level of another pin its direction.

    Enabled from the first step on, and kept so: what lies between two whole steps would be lost without current.
    """

    def __init__(self, pins: Sequence[int]) -> None:
        """pins: of STEP and DIR, and of ENABLE (low: on) where it is connected."""
        self.description = f"step and direction on GPIO {', '.join(map(str, pins))}"
        self._lines = _lines(pins, low=pins[2:])
        self._up: bool | None = None
        self._on = False

    def step(self, up: bool) -> None:
        """One step, or as small a part of one as the driver is set to."""
        pulse, direction, *enable = self._lines
        if not self._on:
            self._on = True
            for line in enable:
                line.on()
        if up is not self._up:
            self._up = up
            direction.value = up
        pulse.on()
        time.sleep(PULSE_S)
        pulse.off()

    def rest(self) -> None:
        """The current stays on: it holds the ring."""

    def close(self) -> None:
        """No current where that can be said; the pins are given back."""
        _let_go(self._lines)


def _output(pin: int, active_high: bool, gpiozero: Any) -> Any:  # noqa: ANN401 - gpiozero is not typed
    return gpiozero.DigitalOutputDevice(pin, active_high=active_high)


def _lines(pins: Sequence[int], low: Sequence[int] = ()) -> list[Any]:
    """low: of the pins, those that are on when they are low."""
    lines: list[Any] = []
    try:
        for pin in pins:
            lines.append(opened("lens", pin, functools.partial(_output, pin, pin not in low), key="pins"))
    except BaseException:
        _let_go(lines)
        raise
    return lines


def _let_go(lines: list[Any]) -> None:
    while lines:
        line = lines.pop()
        line.off()
        line.close()
