"""The region of interest: which part of the frame the light looks at.

The standard library is all it takes: commands, settings and the clients of the socket know regions, and none of them
needs numpy for that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from focuscam.system.saying import shortened

Box = tuple[float, float, float, float]
"""x, y, width, height in fractions of the frame, 0 to 1, from the top left."""

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
SPOT: Box = (0.375, 0.375, 0.25, 0.25)
NAMES = {"spot": SPOT, "whole": WHOLE, "best": WHOLE}
LEAST = 0.01
"""Smallest side of a region, as a fraction of the frame."""
ROUNDED = 2e-6
"""By so much a region may reach out of the frame: its name is rounded, and has to name it again."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the frame.

    `best` and `whole` look at the same box, and since of its patches the sharper half counts, one
    subject in focus is enough for either.
    """

    name: str
    """As on the command line: spot, whole, best, or x,y,w,h, which is rounded."""
    box: Box
    """What is looked at, in fractions of the frame."""

    def __str__(self) -> str:
        return self.name

    @property
    def text(self) -> str:
        """From this `parse` makes exactly this region again."""
        return self.name if self.name in NAMES else ",".join(map(repr, self.box))


def parse(text: str) -> Region:
    """The region that a user names: `spot`, `whole`, `best` or `x,y,w,h` in fractions of the frame.

        >>> parse("0.1,0.5,0.3,0.3").box
        (0.1, 0.5, 0.3, 0.3)

    Raises ValueError, whose sentence says what is allowed.
    """
    word = text.strip().lower()
    if word in NAMES:
        return Region(word, NAMES[word])
    try:
        x, y, width, height = (float(part) for part in word.split(","))
    except ValueError:
        raise ValueError(_allowed(text)) from None
    if not all(map(math.isfinite, (x, y, width, height))):
        raise ValueError(_allowed(text))
    if x < 0 or y < 0 or width < LEAST or height < LEAST or x + width > 1 + ROUNDED or y + height > 1 + ROUNDED:
        raise ValueError(f"{_allowed(text)} It must lie inside the frame, each side at least {LEAST}.")
    return Region(f"{x:g},{y:g},{width:g},{height:g}", (x, y, min(width, 1 - x), min(height, 1 - y)))


def text_of(box: Box) -> str:
    """The text of a box, to four places; `parse` takes it: rounding never makes it reach out of the frame."""
    width, height = (max(math.floor(side * 1e4 + 1e-6) / 1e4, LEAST) for side in box[2:])
    x, y = (max(min(round(at, 4), round(1 - side, 4)), 0.0) for at, side in zip(box[:2], (width, height), strict=True))
    return ",".join(f"{side:g}" for side in (x, y, width, height))


def of_box(box: Box) -> Region:
    """The region of a box, to four places."""
    return parse(text_of(box))


def _allowed(text: str) -> str:
    return (
        f"{shortened(repr(text))} is no region: give spot, whole, best, or x,y,w,h in fractions of the frame "
        "from the top left, such as 0.25,0.25,0.5,0.5."
    )
