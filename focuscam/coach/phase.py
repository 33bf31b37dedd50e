"""What the light and the hint are in each phase: one table, and nothing else that knows it."""

from __future__ import annotations

from focuscam.messages import Hint, Light, Phase

SAYS: dict[Phase, tuple[Light, Hint | None]] = {
    Phase.LOOKING: (Light.OFF, Hint.SEARCH),
    Phase.SHARP: (Light.ON, Hint.BEST),
    Phase.COLDER: (Light.OFF, Hint.COLDER),
    Phase.CLIMBING: (Light.OFF, Hint.WARMER),
    Phase.TOP: (Light.ON, Hint.BEST),
    Phase.PASSED: (Light.OFF, Hint.PASSED),
    Phase.RETURNING: (Light.OFF, Hint.WARMER),
    Phase.SHAKEN: (Light.OFF, Hint.STILL),
    Phase.ELSEWHERE: (Light.OFF, Hint.SEARCH),
    Phase.BLIND: (Light.CANNOT_TELL, None),
}
"""Phase: light, hint. Blind: the hint is the reason that the reading gives."""
