"""What is seen at a step of a lens, as everybody measures it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from focuscam.focus.region import crop
from focuscam.focus.scorer import Scorer
from focuscam.messages import Frame, Luma, Reading
from lab.coaching.views import variance_of_laplacian

JPEG_QUALITY = 75


@dataclass(frozen=True)
class Shot:
    """One exposure."""

    reading: Reading
    raw: float
    """Variance of the Laplacian of the coarse luma in the region: the contrast that most people compute."""
    jpeg: int
    """Bytes of the coarse luma as JPEG: OpenFlexure's measure."""


class Subject(Protocol):
    """Something before a lens of so many steps."""

    name: str
    steps: int
    """Positions of the lens: 0 to steps - 1."""
    bests: list[float]
    """Where it is sharpest: one place, or one for each of two subjects; none where there is nothing to focus on."""
    low: int
    """The first position that is used: below it backlash could not be taken up."""

    def shot(self, place: float, random: np.random.Generator) -> Shot: ...  # noqa: D102


def measured(fine: Luma, coarse: Luma, scorer: Scorer) -> Shot:
    """The shot of one frame."""
    reading = scorer.score(Frame(0, 0.0, fine, coarse, 0.0))
    _, packed = cv2.imencode(".jpg", coarse, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return Shot(reading, variance_of_laplacian(crop(coarse, scorer.region.box)), len(packed))
