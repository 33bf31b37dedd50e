"""What the light and the hint are in each phase: one table, and nothing else that knows it."""

from __future__ import annotations

from focuscam.frame import Light, Phase

SAYS: dict[Phase, tuple[Light, str | None]] = {
    Phase.LOOKING: (Light.OFF, "search"),
    Phase.SHARP: (Light.ON, "best"),
    Phase.COLDER: (Light.OFF, "colder"),
    Phase.CLIMBING: (Light.OFF, "warmer"),
    Phase.TOP: (Light.ON, "best"),
    Phase.PASSED: (Light.OFF, "passed"),
    Phase.RETURNING: (Light.OFF, "warmer"),
    Phase.SHAKEN: (Light.OFF, "still"),
    Phase.ELSEWHERE: (Light.OFF, "search"),
    Phase.BLIND: (Light.CANNOT_TELL, None),
}
"""Phase: light, hint. Blind: the hint is the reason that the reading gives."""
