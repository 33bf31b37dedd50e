"""What the coach takes from a reading, brought to units that can be compared from frame to frame."""

from __future__ import annotations

import math
from collections import Counter

from focuscam.messages import CONTRAST_OFFSET, Hint, Reading


def brightness(reading: Reading) -> float:
    """Mean grey level of the thumbnail; 0 without one."""
    return sum(reading.thumbnail) / max(len(reading.thumbnail), 1)


def to_ratio(grey: float) -> float:
    """What makes a contrast a plain ratio to brightness, whatever the exposure. grey: brightness; without one 1."""
    return (grey + CONTRAST_OFFSET) / max(grey, 4.0) if grey else 1.0


def blur(reading: Reading) -> float:
    """The blur, px; that of a reading without one is what its score says, in a unit of its own."""
    score = max(reading.score or 0.0, 1e-6)
    return math.sqrt((1 - score) / score) if reading.blur_px is None else reading.blur_px


def reason(last: list[Reading]) -> Hint:
    """Why nothing can be told, by most of the last readings."""
    reasons = Counter(each.reason for each in last if each.score is None and each.reason is not None)
    why = reasons.most_common(1)[0][0] if reasons else "flat"
    return Hint.FLAT if why == "small" else Hint(why)
