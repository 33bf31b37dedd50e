"""Whether it is still the same scene: told by thumbnails that defocus and exposure leave almost alone.

Pure: thumbnails in, the hill of the scene that they show out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from focuscam.coach.hill import Hill

ANOTHER = 0.25
"""Distance from which two thumbnails show two scenes. Uncorrelated pictures are 1 apart, a picture moved by a fifth of
the region 0.3 and more; from its sharpest to its softest frame a real sweep goes 0.18 at most, breathing included."""

FRAMES = 3
"""Frames in a row that must show another scene before it is one: the fewest that no single bad frame can fake."""

ABSENCE_S = 5.0
"""A scene that comes back within this time, s, is taken up where it was left: somebody passed by."""

_FAINT = 0.02
"""Spread of a thumbnail, over its mean, under which its pattern is noise and vignetting: what a bare wall has."""

_BLACK = 8.0
"""Grey levels added to that mean: a black frame must not be stretched until its noise is a scene."""

Pattern = npt.NDArray[np.float64]


def pattern(thumbnail: bytes) -> Pattern:
    """A thumbnail without its exposure and contrast: mean 0, spread 1, or less where there is hardly any pattern."""
    grey = np.frombuffer(thumbnail, np.uint8).astype(np.float64)
    relative = grey / (grey.mean() + _BLACK)
    relative -= relative.mean()
    spread = math.sqrt(float(np.square(relative).mean()) + _FAINT**2)
    return np.asarray(relative / spread)


def distance(one: Pattern, other: Pattern) -> float:
    """Half the mean square difference: 0 the same, 1 nothing in common, 2 the negative. Different grids: 1."""
    return float(np.square(one - other).mean() / 2) if one.shape == other.shape else 1.0


@dataclass(eq=False)
class _Scene:
    looks: Pattern | None = None
    """Of its sharpest frame, which is the nearest to all the others; None before the first thumbnail."""
    hill: Hill = field(default_factory=Hill)
    left: float = 0.0


class Scenes:
    """The hill of the scene that is there, and those of the scenes that were there just now."""

    def __init__(self) -> None:
        self._here = _Scene()
        self._others: list[_Scene] = []
        self._strange = 0
        self.changes = 0
        """How many times another scene came."""

    @property
    def hill(self) -> Hill:
        """The hill of contrast of the scene that is there."""
        return self._here.hill

    def shows_here(self, thumbnail: bytes, time: float) -> bool:
        """Take the next thumbnail, at `time` (s): False where it looks like another scene, not yet confirmed.

        A frame without a thumbnail is of the same scene: nothing says otherwise.
        """
        if not thumbnail:
            return True
        now = pattern(thumbnail)
        if self._here.looks is None:
            self._here.looks = now
        if distance(now, self._here.looks) < ANOTHER:
            self._strange = 0
            return True
        self._strange += 1
        if self._strange < FRAMES:
            return False
        self._move(now, time)
        return True

    def sharpest(self, thumbnail: bytes) -> None:
        """Know the scene by this thumbnail from now on."""
        if thumbnail:
            self._here.looks = pattern(thumbnail)

    def _move(self, now: Pattern, time: float) -> None:
        self._strange = 0
        self.changes += 1
        self._here.left = time
        self._others = [each for each in (self._here, *self._others) if time - each.left <= ABSENCE_S]
        for other in self._others:
            if other.looks is not None and distance(now, other.looks) < ANOTHER:
                self._here = other
                self._others.remove(other)
                return
        self._here = _Scene(now)
