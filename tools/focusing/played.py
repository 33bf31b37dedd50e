"""A recorded focus sweep played as a lens: the position picks the frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from evaluation import pictures

from focuscam.focus.scorer import Scorer
from focusing.seen import Shot, measured


class PlayedSweep:
    """The frames of a sweep, one a step. The best is the frame with the highest contrast."""

    low = 0

    def __init__(self, folder: Path, scorer: Scorer, condition: str = "clean") -> None:
        """condition: one of evaluation.pictures.CONDITIONS, done to each frame."""
        sweep = pictures.sweep(folder)
        random, change = np.random.default_rng(0), pictures.CONDITIONS[condition]
        self.name = sweep.name
        self.steps = len(sweep.lumas)
        self.bests = [float(sweep.best)]
        frames = (pictures.frame_of(change(luma, random)) for luma in sweep.lumas)
        self._shots = [measured(frame.fine, frame.coarse, scorer) for frame in frames]

    def shot(self, place: float, random: np.random.Generator) -> Shot:  # noqa: ARG002
        """The frame of that place."""
        return self._shots[min(max(round(place), 0), self.steps - 1)]
