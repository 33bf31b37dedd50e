"""What to do next, in words, for whoever turns the ring: one table, by the phase that the coach tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from focuscam.messages import Phase

WORDS = {
    Phase.LOOKING.value: "unsure yet: turn slowly",
    Phase.SHARP.value: "sharp: hold it there",
    Phase.COLDER.value: "getting worse: turn back",
    Phase.CLIMBING.value: "getting better: go on",
    Phase.TOP.value: "best: hold it there",
    Phase.PASSED.value: "past the top: turn back",
    Phase.RETURNING.value: "back to the top: go on",
    Phase.SHAKEN.value: "it shakes: hold still",
    Phase.ELSEWHERE.value: "new scene: turn slowly",
    "dark": "more light is needed",
    "bright": "less light is needed",
    "flat": "aim at something with edges",
}
"""Phase: words; where nothing can be told, the reason for it. They say why a light is dark, however high the score."""


def advice(reading: Mapping[str, Any]) -> str:
    """The words for a reading, by its fields; empty where there is nothing to say.

    A daemon of before tells a hint and no phase: then the hint.
    """
    phase, hint = reading.get("phase"), str(reading.get("hint") or "")
    if reading.get("in_focus") and phase not in (None, Phase.SHARP.value):
        phase = Phase.TOP.value  # the light holds for a moment after the hand has gone on
    return WORDS.get(hint if phase in (None, Phase.BLIND.value) else str(phase), hint)
