"""Whether it is still the same scene: told by thumbnails that defocus and exposure leave almost alone.

Pure: thumbnails in, the hill of the scene that they show out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from focuscam.coach.hill import Hill
from focuscam.messages import THUMBNAIL_HEIGHT, THUMBNAIL_WIDTH

ANOTHER = 0.25
"""Distance from which two thumbnails show two scenes. Uncorrelated pictures are 1 apart, a picture moved by a fifth of
the region 0.3 and more; from its sharpest to its softest frame a real sweep goes 0.22, breathing included."""

BLURS = 3
"""A scene is known sharp, and so many times more blurred: far out of focus the discs are wider than a cell."""

FAR_OUT = math.log(0.3)
"""So far behind the best contrast, as a natural logarithm, they may be."""

FRAMES = 3
"""Frames in a row that must show another scene before it is one: the fewest that no single bad frame can fake."""

ABSENCE_S = 5.0
"""A scene that comes back within this time, s, is taken up where it was left: somebody passed by."""

_FAINT = 0.02
"""Spread of a thumbnail, over its mean, under which its pattern is noise and vignetting: what a bare wall has."""

_BLACK = 8.0
"""Grey levels added to that mean: a black frame must not be stretched until its noise is a scene."""

Pattern = npt.NDArray[np.float64]


def pattern(thumbnail: bytes | Pattern) -> Pattern:
    """A thumbnail without its exposure and contrast: mean 0, spread 1, or less where there is hardly any pattern."""
    grey = np.frombuffer(thumbnail, np.uint8).astype(np.float64) if isinstance(thumbnail, bytes) else thumbnail.ravel()
    relative = grey / (grey.mean() + _BLACK)
    relative -= relative.mean()
    spread = math.sqrt(float(np.square(relative).mean()) + _FAINT**2)
    return np.asarray(relative / spread)


def looks(thumbnail: bytes) -> list[Pattern]:
    """What a scene may look like that was sharpest in this thumbnail: as it is, and more and more blurred."""
    grid: Pattern = np.frombuffer(thumbnail, np.uint8).astype(np.float64)
    if grid.size != THUMBNAIL_WIDTH * THUMBNAIL_HEIGHT:
        return [pattern(grid)]
    grid = grid.reshape(THUMBNAIL_HEIGHT, THUMBNAIL_WIDTH)
    seen = [pattern(grid)]
    for _ in range(BLURS):
        for axis in (0, 1):
            wide = np.pad(grid, [(1, 1) if axis == each else (0, 0) for each in (0, 1)], mode="edge")
            grid = (
                wide.take(range(2, wide.shape[axis]), axis) + wide.take(range(wide.shape[axis] - 2), axis)
            ) / 4 + grid / 2
        seen.append(pattern(grid))
    return seen


def distance(one: Pattern, other: Pattern) -> float:
    """Half the mean square difference: 0 the same, 1 nothing in common, 2 the negative. Different grids: 1."""
    return float(np.square(one - other).mean() / 2) if one.shape == other.shape else 1.0


@dataclass(eq=False)
class _Scene:
    looks: list[Pattern] = field(default_factory=list)
    """Of its sharpest frame, which is the nearest to all the others; empty before the first thumbnail."""
    hill: Hill = field(default_factory=Hill)
    left: float = 0.0

    def away(self, now: Pattern, thumbnail: bytes, level: float) -> float:
        """How far a picture is from the scene. now: its pattern. level: of its contrast.

        The one of the two that has far more contrast is blurred as well.
        """
        if not self.looks:
            return math.inf
        above = 0.0 if self.hill.best is None else level - self.hill.best
        ours = self.looks if above < FAR_OUT else self.looks[:1]
        theirs = looks(thumbnail) if above > -FAR_OUT / 2 else [now]
        return min(distance(one, other) for one in ours for other in theirs)


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

    @hill.setter
    def hill(self, hill: Hill) -> None:
        self._here.hill = hill

    def shows_here(self, thumbnail: bytes, time: float, level: float = 0.0) -> bool:
        """Take the next thumbnail, at `time` (s): False where it looks like another scene, not yet confirmed.

        level: natural logarithm of the contrast.

        A frame without a thumbnail is of the same scene: nothing says otherwise.
        """
        if not thumbnail:
            return True
        now = pattern(thumbnail)
        if not self._here.looks:
            self._here.looks = looks(thumbnail)
        if self._here.away(now, thumbnail, level) < ANOTHER:
            self._strange = 0
            return True
        self._strange += 1
        if self._strange < FRAMES:
            return False
        self._move(now, thumbnail, level, time)
        return True

    def sharpest(self, thumbnail: bytes) -> None:
        """Know the scene by this thumbnail from now on."""
        if thumbnail:
            self._here.looks = looks(thumbnail)

    def _move(self, now: Pattern, thumbnail: bytes, level: float, time: float) -> None:
        self._strange = 0
        self.changes += 1
        self._here.left = time
        self._others = [each for each in (self._here, *self._others) if time - each.left <= ABSENCE_S]
        away = [other.away(now, thumbnail, level) for other in self._others]
        nearest = self._others[away.index(min(away))]
        if min(away) < ANOTHER:
            self._here = nearest
            self._others.remove(nearest)
            nearest.hill.unseen(time - nearest.left)
        else:
            self._here = _Scene(looks(thumbnail))
