"""One trial: somebody looks for focus on one subject, through a lens with play."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

from focuscam.lens.search import Outcome, Search
from focuscam.lens.simulated import SimulatedLens
from focusing.seen import Shot, Subject

Method = Callable[[int, int, int], Generator[int, Shot, "Outcome | int | None"]]
"""Of the first and the last position and where the lens is: yields where to look next, is sent what is seen there, and
returns where to leave the lens; None where there is nothing to focus on."""


@dataclass(frozen=True)
class Trial:
    """What came of it."""

    subject: str
    exposures: int
    travelled: int
    off: float
    """Steps from the best place, or the nearer of two; where there is none: 0."""
    refused: bool
    start: int
    backlash: int
    told: str = ""


def ours(threshold: float) -> Method:
    """The shipped search."""

    def method(low: int, high: int, start: int) -> Generator[int, Shot, Outcome]:
        search = Search(low, high, start, threshold)
        while search.outcome is None:
            seen = yield search.wanted
            search.look(seen.reading.score, seen.reading.contrast)
        return search.outcome

    return method


def play(
    subject: Subject, method: Method, start: int, backlash: int, random: np.random.Generator, log: list | None = None
) -> Trial:
    """Let one of them look for focus. start: position; backlash: of the lens, steps."""
    lens = SimulatedLens(subject.steps, subject.low, backlash, start)
    looking = method(*lens.range, lens.position)
    exposures = 0
    wanted = next(looking)
    while True:
        lens.move(wanted)
        exposures += 1
        shot = subject.shot(lens.place, random)
        if log is not None:
            log.append((wanted, lens.place, shot.reading.score, shot.reading.contrast))
        try:
            wanted = looking.send(shot)
        except StopIteration as end:
            result = end.value
            break
    told = ""
    if isinstance(result, Outcome):
        told = result.text
        where, refused = result.position, result.found != "focus"
    else:
        where, refused = (lens.position if result is None else result), result is None
    lens.move(where)
    off = min((abs(lens.place - best) for best in subject.bests), default=0.0)
    return Trial(subject.name, exposures, lens.travelled, off, refused, start, backlash, told)
