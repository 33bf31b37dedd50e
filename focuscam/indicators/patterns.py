"""The language of the light, as levels over time. Pure, so that a test can draw it."""

from __future__ import annotations

from typing import Literal

from focuscam.messages import Light, Status

Mode = Literal["threshold", "bright", "blink"]
"""threshold: lit in focus, else dark; bright: the brighter, the nearer; blink: the faster, the nearer."""

READY_S = 1.2
"""Three blinks."""
FAULT_S = 5.0
"""How long a fault is shown before the program ends."""

_BLIP_S = 0.12  # long enough to be seen from the corner of an eye, far too short to be taken for steady

SLOWEST_HZ, FASTEST_HZ = 0.5, 4.0
"""Blinks a second far from focus, and just beside it: slower than a fault's five."""

LONGEST_S = 0.2
"""No blink is longer, s: a slow one must not look steady either."""

BRIGHTEST = 0.4
"""Level just beside focus where brightness tells how near it is: the step to full has to be seen."""

WARM, COOL = 0.8, 0.7
"""Nearness at which red turns to amber, and amber back to red."""

AMBER = 0.4
"""Level of green beside full red that makes amber: green is the brighter of the two to an eye."""


def nearness(status: Status) -> float | None:
    """How near focus is, 0 to 1; None when that can't be told."""
    return nearness_of(status.closeness, status.reading.score, status.threshold)


def nearness_of(closeness: float | None, score: float | None, threshold: float) -> float | None:
    """The same by the fields of a status.

    Closeness alone is 1 all the way up a first hill, so the score has its say as well.
    """
    if closeness is None or score is None:
        return None
    return closeness * min(score / max(threshold, 1e-6), 1.0)


def level(light: Light, since: float) -> float:
    """How bright the light is, 0 to 1, `since` seconds after it began to say `light`: what all modes have in common."""
    match light:
        case Light.ON:
            return 1.0
        case Light.OFF:
            return 0.0
        case Light.READY:
            return float(since < READY_S and since % 0.4 < 0.2)
        case Light.FAULT:
            return float(since % 0.2 < 0.1)
        case Light.CANNOT_TELL:
            phase = since % 2.0
            return float(phase < _BLIP_S or 2 * _BLIP_S <= phase < 3 * _BLIP_S)
        case Light.RELEASED:
            return float(since % 4.0 < _BLIP_S)


class Cadence:
    """On and off, at a rate that may change at any moment without a stutter."""

    def __init__(self) -> None:
        self._phase = 0.0
        self._then: float | None = None

    def on(self, hz: float, now: float) -> bool:
        """Whether it is on at `now` (s), at `hz` times a second: for the first half of each, LONGEST_S at most."""
        if self._then is not None:
            # Someone who looks again only after seconds has missed whole turns, which do not matter.
            self._phase = (self._phase + max(now - self._then, 0.0) * hz) % 1.0
        self._then = now
        return self._phase < min(0.5, LONGEST_S * hz)


class Lamp:
    """The levels of an LED, or of the green and the red half of one with two colours."""

    def __init__(self, mode: Mode = "threshold", colours: bool = False) -> None:
        self._mode = mode
        self._colours = colours
        self._cadence = Cadence()
        self._warm = False

    def levels(self, light: Light, since: float, near: float | None, now: float) -> tuple[float, float]:
        """(green, red), each 0 to 1, `since` s after the light began to say `light`; near: nearness, 0 to 1.

        A single LED is the green one.
        """
        if light is not Light.OFF:
            lit = level(light, since)
            if not self._colours or light in (Light.ON, Light.READY):
                return lit, 0.0
            return (0.0, lit) if light is Light.FAULT else (AMBER * lit, lit)
        lit = self._soft(near, now)
        if not self._colours:
            return lit, 0.0
        self._warm = near is not None and near >= (COOL if self._warm else WARM)
        return (AMBER * lit if self._warm else 0.0), lit

    def _soft(self, near: float | None, now: float) -> float:
        if self._mode == "bright":
            return BRIGHTEST * (near or 0.0) ** 2  # an eye sees the root of it, about
        if self._mode == "blink":
            lit = self._cadence.on(SLOWEST_HZ + (FASTEST_HZ - SLOWEST_HZ) * (near or 0.0) ** 2, now)
            return float(lit and near is not None)
        return float(self._colours)
