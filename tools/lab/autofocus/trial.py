"""One trial: somebody looks for focus on one subject, through a lens with play."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

from focuscam.lens.search import Outcome, Search
from focuscam.lens.simulated import SimulatedLens
from lab.autofocus.seen import Shot, Subject

Method = Callable[[int, int, int], Generator[int, Shot, "Outcome | int | None"]]
"""Of the first and the last position and where the lens is: yields where to look next, is sent what is seen there, and
returns where to leave the lens; None where there is nothing to focus on."""


@dataclass(frozen=True)
class Upset:
    """What goes wrong meanwhile."""

    name: str
    slips: int = 0
    """Steps that are lost in each move downwards."""
    stuck_after: int | None = None
    """Exposures after which the motor stands still."""
    moves: tuple[int, int] | None = None
    """After so many exposures the subject moves, so that its best place lies so many steps further up."""
    play: int | None = None
    """Backlash in place of the one of the trial, steps: more than the motor is told of."""


UPSETS = (
    Upset("nothing"),
    Upset("loses 5 steps a move", slips=5),
    Upset("loses 10 steps a move", slips=10),
    Upset("stands still from the start", stuck_after=0),
    Upset("stands still after 4 exposures", stuck_after=4),
    Upset("subject moves by 15 steps", moves=(4, 15)),
    Upset("backlash of 40, said to be 20", play=40),
)


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
    warned: bool = False
    """Whether it said that something was wrong."""


def ours(threshold: float) -> Method:
    """The shipped search."""

    def method(low: int, high: int, start: int) -> Generator[int, Shot, Outcome]:
        search = Search(low, high, start, threshold)
        while search.outcome is None:
            seen = yield search.wanted
            search.look(seen.reading.by_blur, seen.reading.contrast)
        return search.outcome

    return method


def play(
    subject: Subject,
    method: Method,
    start: int,
    backlash: int,
    random: np.random.Generator,
    upset: Upset = UPSETS[0],
) -> Trial:
    """Let one of them look for focus. start: position; backlash: of the lens, steps."""
    backlash = backlash if upset.play is None else upset.play
    lens = SimulatedLens(subject.steps, subject.low, backlash, start, upset.slips)
    moved = 0
    looking = method(*lens.range, lens.position)
    exposures = 0
    wanted = next(looking)
    while True:
        lens.stuck = upset.stuck_after is not None and exposures >= upset.stuck_after
        lens.move(wanted)
        if upset.moves is not None and exposures >= upset.moves[0]:
            moved = upset.moves[1]
        exposures += 1
        shot = subject.shot(lens.place - moved, random)
        try:
            wanted = looking.send(shot)
        except StopIteration as end:
            result = end.value
            break
    told, warned = "", False
    if isinstance(result, Outcome):
        told, warned = result.text, result.troubled or result.found != "focus"
        where, refused = result.position, result.found != "focus"
    else:
        where, refused = (lens.position if result is None else result), result is None
    lens.move(where)
    off = min((abs(lens.place - moved - best) for best in subject.bests), default=0.0)
    return Trial(subject.name, exposures, lens.travelled, off, refused, start, backlash, told, warned)
