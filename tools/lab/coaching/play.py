"""One hand, one view, one feedback: a trial."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from lab.coaching.feedback import Feedback
from lab.coaching.hand import FPS, LIMITS_S, NUDGE_S, Habit, Hand
from lab.coaching.views import CONFUSION, View

EVENTS = ("none", "shake", "cloud", "passer-by", "recompose")
"""What happens in a trial beside the hand."""
FAR = 25.0
"""Blur, px, that a hand sets off from at least, where the lens makes as much."""
FALSE_S = 0.5
"""A green longer than this, s, while the blur is over twice the circle of confusion, is a false one."""


@dataclass
class Played:
    """What happened, frame by frame."""

    view: str
    event: str
    hand: str = "usual"
    glass: str = "good"
    """Kind of lens, as lab.coaching.views.GLASSES."""
    blurs: list[float] = field(default_factory=list)
    """Diameter of the subject's disc, px."""
    told: list[float] = field(default_factory=list)
    places: list[float] = field(default_factory=list)
    reversals: int = 0
    ended: bool = False
    """Whether the hand let go by itself."""

    @property
    def sharp(self) -> bool:
        """Whether the ring ended within the depth of focus."""
        return self.blurs[-1] <= CONFUSION

    @property
    def false_green(self) -> bool:
        """Whether a light said green for too long while the picture was soft."""
        run = 0
        for told, blur in zip(self.told, self.blurs, strict=True):
            run = run + 1 if told > 0 and blur > 2 * CONFUSION else 0
            if run > FALSE_S * FPS:
                return True
        return False

    @property
    def shortest(self) -> float:
        """Least time between two switches of a light, s."""
        switches = [n for n in range(1, len(self.told)) if (self.told[n] > 0) != (self.told[n - 1] > 0)]
        return min((b - a for a, b in itertools.pairwise(switches)), default=10**6) / FPS


def habit(view: View, random: np.random.Generator) -> Habit:
    """Somebody who sets off well out of focus, mostly the right way, each kind of hand as often as the others."""
    far = min(FAR, 0.8 * max(view.blur(0.0), view.blur(1.0)))  # a wide lens has no more
    while view.blur(start := float(random.uniform(0, 1))) < far:
        pass
    right = 1 if view.best > start else -1
    way = abs(start - view.best)
    kind = list(LIMITS_S)[random.integers(len(LIMITS_S))]
    # The usual speed is one in blur, px a second, since a hand goes by what it sees: a large blur calms down in a
    # second or two. The others are told of how long the climb takes, or how many nudges.
    speed = {
        "usual": float(np.exp(random.uniform(np.log(8), np.log(60)))) * way / view.blur(start),
        "quick": way / random.uniform(0.7, 1.5),
        "slow": way / random.uniform(20, 40),
        "pausing": way / random.uniform(6, 14) / NUDGE_S,
    }[kind]
    return Habit(
        start,
        right if random.random() < 0.75 else -right,
        speed,
        float(random.uniform(0.2, 0.3)),
        bool(random.random() < 0.7),
        kind,
    )


def play(views: Sequence[View], index: int, event: str, feedback: Feedback, how: Habit, seed: int) -> Played:
    """Play until the hand lets go, or gives up."""
    random = np.random.default_rng(seed)
    view, other = views[index], views[(index + 1) % len(views)]
    when = random.uniform(1.0, 4.0)
    lasts = {"shake": 0.4, "cloud": 2.0, "passer-by": 0.8}.get(event, 0.0)
    hand = Hand(how, feedback.is_light, random)
    played = Played(view.name, event, how.kind, view.glass)
    for number in range(round(LIMITS_S[how.kind] * FPS)):
        time = number / FPS
        busy = lasts > 0 and 0 <= (time - when) % 4.0 < lasts and time >= when
        if event == "recompose" and time >= when and view is not other:
            view = other
            hand.forget()
        variant = "still" if random.random() < 0.5 else "still again"
        if busy and event != "passer-by":
            variant = "shaken" if event == "shake" else "dim"
        shot = other.shot(0.0, variant) if busy and event == "passer-by" else view.shot(hand.place, variant)
        told = feedback.show(shot, number, time)
        played.told.append(told)
        played.blurs.append(view.blur(hand.place))
        played.places.append(hand.place)
        hand.step(told, waiting=busy and event == "passer-by")
        if hand.done:
            played.ended = True
            break
    played.reversals = hand.reversals
    return played
