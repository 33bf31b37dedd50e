"""The language of the buzzer, as pitch over time. Pure."""

from __future__ import annotations

from typing import Literal

from focuscam.indicators.patterns import Cadence
from focuscam.messages import Light

Mode = Literal["chirp", "beep", "tone"]
"""chirp: once when focus is reached; beep: the faster, the nearer; tone: the faster and higher, the nearer."""

CHIRP_S = 0.08

REACHED_S = 1.0
"""How long a beep or tone goes on in focus, s: it has said so then, and ears want rest."""

SLOWEST_HZ, FASTEST_HZ = 1.0, 8.0
"""Beeps a second far from focus, and just beside it: fewer are no guidance, more run together."""


def beeps_a_second(near: float) -> float:
    """How often it beeps at this nearness, 0 to 1."""
    return SLOWEST_HZ + (FASTEST_HZ - SLOWEST_HZ) * near**2


class Sound:
    """What is to be heard."""

    def __init__(self, mode: Mode = "chirp") -> None:
        self._mode = mode
        self._cadence = Cadence()

    def pitch(self, light: Light, since: float, near: float | None, now: float) -> float | None:
        """Pitch, 0 (low) to 1 (high), `since` s after the light began to say `light`; None: silence.

        near: nearness, 0 to 1. An active buzzer has one pitch only and sounds whenever there is one.
        """
        if light is Light.ON:
            return 1.0 if since < (CHIRP_S if self._mode == "chirp" else REACHED_S) else None
        if self._mode == "chirp" or light is not Light.OFF or near is None:
            return None
        return near if self._cadence.on(beeps_a_second(near), now) else None
