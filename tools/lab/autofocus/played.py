"""A recorded focus sweep, or one spot of it, played as a lens: the position picks the frame."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.region import Box, parse
from lab.autofocus.seen import Shot, measured
from lab.evaluation import pictures
from lab.evaluation.spots import Series, closeness


class Played:
    """The frames of a sweep, one a step."""

    low = 0

    def __init__(self, name: str, best: int, shots: Sequence[Shot]) -> None:
        self.name = name
        self.steps = len(shots)
        self.bests = [float(best)]
        self._shots = shots

    def shot(self, place: float, random: np.random.Generator) -> Shot:  # noqa: ARG002
        """The frame of that place."""
        return self._shots[min(max(round(place), 0), self.steps - 1)]


def sweep(folder: Path, scorer: Scorer, condition: str = "clean") -> Played:
    """A sweep whose best is the frame with the highest contrast. condition: one of pictures.CONDITIONS."""
    recorded = pictures.sweep(folder)
    random, change = np.random.default_rng(0), pictures.CONDITIONS[condition]
    frames = (pictures.frame_of(change(luma, random)) for luma in recorded.lumas)
    return Played(recorded.name, recorded.best, [measured(frame.fine, frame.coarse, scorer) for frame in frames])


def spot(series: Series, box: Box, model: FocusModel) -> Played:
    """A spot of a series, whose best is the frame with the highest contrast there."""
    scorer = Scorer(model, parse(",".join(f"{each:g}" for each in box)))
    shots = [measured(fine, coarse, scorer) for fine, coarse in zip(series.fine, series.coarse, strict=True)]
    return Played(series.name, int(np.argmax(closeness(series, box))), shots)
