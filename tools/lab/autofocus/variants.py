"""Our search with one of its parts taken out, or another in its place: what each is good for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from focuscam.lens import likelihood as belief
from focuscam.lens import search
from focuscam.lens.likelihood import Belief, Look
from focuscam.lens.parabola import MOST, Crest, crest
from focuscam.lens.search import Outcome, Search
from lab.autofocus.seen import Shot
from lab.autofocus.trial import Method

Floats = npt.NDArray[np.float64]


def variant(threshold: float, changed: Callable[[], AbstractContextManager[object]]) -> Method:
    """The search while something in it is changed."""

    def method(low: int, high: int, start: int) -> Generator[int, Shot, Outcome]:
        with changed():
            looking = Search(low, high, start, threshold)
        while looking.outcome is None:
            seen = yield looking.wanted
            with changed():
                looking.look(seen.reading.by_blur, seen.reading.contrast)
        return looking.outcome

    return method


def variants(threshold: float) -> dict[str, Method]:
    """All that were tried."""
    changes: dict[str, Callable[[], AbstractContextManager[object]]] = {
        "the score's V only": lambda: patch.object(Belief, "_order", lambda self, *_: np.zeros_like(self.places)),
        "the order of contrasts only": lambda: patch.object(belief, "SPREAD", 1e6),
        "parabola through log contrast": lambda: patch.object(search, "crest", _through(np.log, np.exp)),
        "parabola through contrast": lambda: patch.object(search, "crest", _through(np.asarray, np.asarray)),
        "best sample, not fitted": lambda: patch.object(Search, "_crest", lambda *_: None),
    }
    return {f"focuscam, {name}": variant(threshold, change) for name, change in changes.items()}


def _through(
    of: Callable[[Floats], Floats], back: Callable[[Floats], Floats]
) -> Callable[[Sequence[Look], Look], Crest | None]:
    def fitted(looks: Sequence[Look], best: Look) -> Crest | None:
        usual = crest(looks, best)
        near = sorted(looks, key=lambda look: abs(look.position - best.position))[:MOST]
        if len({look.position for look in near}) < 3:
            return None
        away = np.array([look.position - best.position for look in near], float)
        scale = float(np.max(np.abs(away)))
        bend, slope, floor = np.polyfit(away / scale, of(np.array([look.contrast for look in near]) / best.contrast), 2)
        if bend >= -1e-6:
            return None
        top = -slope / (2 * bend)
        contrast = best.contrast * float(back(np.asarray(floor - slope**2 / (4 * bend))))
        made = usual or Crest(0.0, 0.3 * scale, contrast, scale, 0.0)
        return replace(made, position=best.position + top * scale, contrast=contrast, misfit=0.0)

    return fitted
