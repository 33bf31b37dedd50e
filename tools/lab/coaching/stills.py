"""What trap focus saves of a run: is there a still of what was in focus, and none of what was soft?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from focuscam.capture import as_sharp
from focuscam.capture.trap import Move, Trap, When
from focuscam.messages import Reading, Status
from lab.coaching import trials
from lab.coaching.feedback import FixedThreshold, Ours, best_fixed_threshold
from lab.coaching.play import Played
from lab.coaching.views import CONFUSION, Shot, View
from lab.evaluation.statistics import Figure, share

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


def after(played: Played, feedback: Ours) -> tuple[list[Status], list[float]]:
    """Statuses and blurs, with four more seconds at the end: the hand has let go, and the light goes on."""
    said, blurs = list(feedback.said), list(played.blurs)
    last = said[-1]
    for n in range(1, 121):
        reading = replace(last.reading, time=last.reading.time + n / 30)
        said.append(replace(last, reading=reading, rested_s=last.rested_s + n / 30))
        blurs.append(blurs[-1])
    return said, blurs


class Fixed(FixedThreshold):
    """Remembers when it was on."""

    def __init__(self, threshold: float) -> None:
        super().__init__(threshold)
        self.said: list[bool] = []

    def show(self, shot: Shot, number: int, time: float) -> float:
        """As its like does."""
        self.said.append(bool(super().show(shot, number, time)))
        return float(self.said[-1])


WAYS: tuple[tuple[str, When, int, Judge | None], ...] = (
    ("light", "light", 0, None),
    ("light, through a mode switch of 0.2 s", "light", 6, as_sharp),
    ("light, through one of 0.5 s", "light", 15, as_sharp),
    ("light, through one of 0.5 s, not judged", "light", 15, None),
    ("sharpest", "sharpest", 0, None),
)
"""How the trap is set: a name, when it takes, frames from a decision to the exposure, and who judges that."""
RIVAL = "rising edge of the best fixed contrast threshold"


def run(seen: Sequence[View], threshold: float, hands: int, seed: int) -> dict[str, list[Stills]]:
    """What came of every hand, by the way to set the trap. threshold: the network's."""
    cut = best_fixed_threshold(pair for view in seen for pair in view.all_shots())
    ways: dict[str, list[Stills]] = {name: [] for name in (*(way[0] for way in WAYS), RIVAL)}
    for start in trials.starts(seen, hands, seed):
        ours = Ours(threshold)
        said, blurs = after(start.play(seen, ours), ours)
        for name, when, late, judge in WAYS:
            ways[name].append(trapped(said, blurs, when, late, judge))
        other = Fixed(cut)
        ways[RIVAL].append(crossed(other.said, start.play(seen, other).blurs))
    return ways


def figures(tried: list[Stills]) -> dict[str, Figure | int]:
    """Of one way to set the trap."""
    return {
        "within 3 frames of focus": share([each.caught for each in tried if each.counts]),
        "none while soft": share([not each.soft for each in tried]),
        "stills": sum(len(each.taken) for each in tried),
    }
