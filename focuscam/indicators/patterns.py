"""The language of the light, as levels over time. Pure, so that a test can draw it."""

from __future__ import annotations

from focuscam.frame import Light

READY_S = 1.2
"""Three blinks."""
FAULT_S = 5.0
"""How long a fault is shown before the program ends."""

_BLIP_S = 0.12  # long enough to be seen from the corner of an eye, far too short to be taken for steady


def level(light: Light, since: float) -> float:
    """How bright the light is, 0 to 1, `since` seconds after it began to say `light`."""
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
