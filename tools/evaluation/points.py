"""Points of light on trial: is the light on in focus and off beside it, and does autofocus find the focus?

The skies are those of `evaluation.skies`; a light that can't be told is off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.skies import KINDS, Sky
from evaluation.statistics import Figure, share
from focuscam.focus.scorer import Scorer
from focuscam.lens.search import Search

FROM_PX = 6.0
"""Radius of the blur disc, px, from which the light must be off."""
BLURS = (0.0, FROM_PX, 8.0, 12.0, 16.0, 24.0, 40.0)
"""What each sky is shown at, px: in focus first."""
STEPS = 100
"""Steps of the lens."""
A_STEP = 0.8
"""Blur, px, that a step makes."""
FOUND = 2.0
"""Blur, px, at which the search has found the focus."""


@dataclass(frozen=True)
class Shown:
    """What was said of one sky."""

    kind: str
    seed: int
    scores: tuple[float | None, ...]
    """At each of BLURS; None where it can't be told."""
    lit: tuple[bool, ...]
    """Whether that counts as in focus."""

    @property
    def wrong(self) -> list[int]:
        """Indices of the BLURS at which the light was wrong."""
        return [index for index, on in enumerate(self.lit) if on != (BLURS[index] < FROM_PX)]


@dataclass(frozen=True)
class Searched:
    """Where autofocus left the lens, under one sky."""

    kind: str
    seed: int
    blur: float | None
    """px; None where it said that there is nothing."""

    @property
    def found(self) -> bool:
        """Whether that is the focus."""
        return self.blur is not None and self.blur <= FOUND


def seeds(first: int, count: int, kinds: Sequence[str] = KINDS) -> Iterator[tuple[str, int]]:
    """Each kind with each seed."""
    return ((kind, seed) for kind in kinds for seed in range(first, first + count))


def shown(scorer: Scorer, kind: str, seed: int) -> Shown:
    """Show one sky at every blur."""
    sky = Sky(kind, seed)
    scores = tuple(scorer.score(sky.frame(blur)).score for blur in BLURS)
    return Shown(kind, seed, scores, tuple(each is not None and each >= scorer.model.threshold for each in scores))


def searched(scorer: Scorer, kind: str, seed: int) -> Searched:
    """Let autofocus look for the focus of one sky, which the seed puts somewhere, and the lens elsewhere."""
    rng = np.random.default_rng(seed)
    sky, best, start = Sky(kind, seed), int(rng.integers(20, 80)), int(rng.integers(STEPS))
    search = Search(0, STEPS, start, scorer.model.threshold)
    looks = 0
    while search.outcome is None:
        reading = scorer.score(sky.frame(abs(search.wanted - best) * A_STEP, looks))
        search.look(reading.by_blur, reading.contrast)  # as the daemon does
        looks += 1
    off = abs(search.outcome.position - best) * A_STEP
    return Searched(kind, seed, off if search.outcome.found == "focus" else None)


def figures(skies: list[Shown], searches: list[Searched]) -> dict[str, Figure]:
    """Of each kind the share of skies at all of whose blurs the light was right; how often autofocus was."""
    result = {kind: share([not each.wrong for each in skies if each.kind == kind]) for kind in KINDS}
    return result | {"autofocus": share([each.found for each in searches])}
