#!/usr/bin/env -S tools/python
"""Trap focus on simulated hands: is there a still of what was in focus, and none of what was soft?

`tools/capture_trials.py` plays 200 hands on the views of `tools/coach_trials.py` and prints, for each way to set the
trap, the share of hands with a still within three frames of focus, and the share without any still that is soft.
"Through a mode switch": the exposure that is kept comes so many frames after the one that was decided on, is scored
by itself, and left out where it is soft. In focus and soft: the circle of confusion, and twice that, of the truth.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from tqdm import tqdm

from coach_trials import views
from focuscam.capture import as_sharp
from focuscam.capture.trap import Move, Trap, When
from focuscam.errors import FocuscamError
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.messages import Reading, Status
from focuscam.region import parse
from lab.coaching import feedback as feedbacks
from lab.coaching.play import EVENTS, Played, habit, play
from lab.coaching.views import CONFUSION
from lab.evaluation.statistics import share

NEAR = 3
"""Frames."""
RESTED_S = 0.5
"""A hand counts that had the picture in focus for so long at a stretch, s: else there was nothing to be had."""
INTERVAL_S = 5.0
"""[capture] interval_s as it is shipped."""

Judge = Callable[[Reading, Reading], bool]


@dataclass
class Stills:
    """What came of one hand."""

    blurs: list[float]
    """Of every frame, px."""
    taken: list[int] = field(default_factory=list)
    """Numbers of the frames that stills were saved of."""

    @property
    def counts(self) -> bool:
        """Whether there was something to be had."""
        run = longest = 0
        for blur in self.blurs:
            run = run + 1 if blur <= CONFUSION else 0
            longest = max(longest, run)
        return longest >= RESTED_S * 30

    @property
    def caught(self) -> bool:
        """Whether a still was taken within three frames of focus."""
        return any(min(self.blurs[max(n - NEAR, 0) : n + NEAR + 1]) <= CONFUSION for n in self.taken)

    @property
    def soft(self) -> bool:
        """Whether one was taken while the picture was soft."""
        return any(self.blurs[n] > 2 * CONFUSION for n in self.taken)


def trapped(said: list[Status], blurs: list[float], when: When, late: int, judge: Judge | None) -> Stills:
    """What the trap makes of a run of statuses. late: frames from a decision to the exposure."""
    trap, stills = Trap(when, INTERVAL_S), Stills(blurs)
    kept = 0
    blind = 0
    for number, status in enumerate(said):
        if number < blind:  # the camera changes its mode
            continue
        match trap.update(status, late / 30):
            case Move.TAKE:
                blind = number + 2 * late
                exposed = number + late
                if exposed >= len(said):  # the hand has let go: the picture stays what it is
                    exposed = len(said) - 1
                if judge is not None and not judge(said[exposed].reading, status.reading):
                    trap.missed()
                else:
                    stills.taken.append(exposed)
            case Move.KEEP:
                kept = number
            case Move.SAVE:
                stills.taken.append(kept)
    return stills


def crossed(said: list[bool], blurs: list[float]) -> Stills:
    """The rising edges of another light, at the same interval."""
    stills, last = Stills(blurs), -(10**6)
    for number in range(1, len(said)):
        if said[number] and not said[number - 1] and number - last >= INTERVAL_S * 30:
            stills.taken.append(number)
            last = number
    return stills


def after(played: Played, feedback: feedbacks.Ours) -> tuple[list[Status], list[float]]:
    """Statuses and blurs, with four more seconds at the end: the hand has let go, and the light goes on."""
    said, blurs = list(feedback.said), list(played.blurs)
    last = said[-1]
    for n in range(1, 121):
        reading = replace(last.reading, time=last.reading.time + n / 30)
        said.append(replace(last, reading=reading, rested_s=last.rested_s + n / 30))
        blurs.append(blurs[-1])
    return said, blurs


def main(given: list[str] | None = None) -> int:
    """Play, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="tools/capture_trials.py", description=__doc__)
    parser.add_argument("--hands", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    options = parser.parse_args(given)
    try:
        scorer = Scorer(FocusModel(), parse("spot"))
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    seen = views(scorer, options.seed)
    cut = feedbacks.best_fixed_threshold(pair for view in seen for pair in view.all_shots())
    ways: dict[str, list[Stills]] = {}
    for number in tqdm(range(options.hands), "hands", disable=None, leave=False):
        random = np.random.default_rng([options.seed, number])
        index, event = number % len(seen), EVENTS[(number // len(seen)) % len(EVENTS)]
        how = habit(seen[index], random)
        ours = feedbacks.Ours(scorer.model.threshold)
        said, blurs = after(play(seen, index, event, ours, how, number), ours)
        for name, when, late, judge in (
            ("light", "light", 0, None),
            ("light, through a mode switch of 0.2 s", "light", 6, as_sharp),
            ("light, through one of 0.5 s", "light", 15, as_sharp),
            ("light, through one of 0.5 s, not judged", "light", 15, None),
            ("sharpest", "sharpest", 0, None),
        ):
            ways.setdefault(name, []).append(trapped(said, blurs, when, late, judge))
        other = Fixed(cut)
        played = play(seen, index, event, other, how, number)
        ways.setdefault("rising edge of the best fixed contrast threshold", []).append(
            crossed(other.said, played.blurs)
        )
    table = {
        name: {
            "within 3 frames of focus": share([each.caught for each in tried if each.counts]),
            "none while soft": share([not each.soft for each in tried]),
            "stills": sum(len(each.taken) for each in tried),
        }
        for name, tried in ways.items()
    }
    if options.json:
        figures = {n: {k: getattr(v, "value", v) for k, v in row.items()} for n, row in table.items()}
        print(json.dumps(figures))
        return 0
    print(f"{'trap':50}{'within 3 frames of focus':34}{'none while soft':34}stills")
    for name, row in table.items():
        print(f"{name:50}" + "".join(f"{figure!s:34}" for figure in row.values()))
    return 0


class Fixed(feedbacks.FixedThreshold):
    """Remembers when it was on."""

    def __init__(self, threshold: float) -> None:
        super().__init__(threshold)
        self.said: list[bool] = []

    def show(self, shot, number: int, time: float) -> float:  # noqa: D102
        self.said.append(bool(super().show(shot, number, time)))
        return float(self.said[-1])


if __name__ == "__main__":
    sys.exit(main())
