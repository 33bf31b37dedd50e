"""The camera is pointed at another subject: what the light shows before anybody has turned the ring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from focuscam.coach import Coach
from lab.coaching.hand import FPS
from lab.coaching.views import View

CLIMB_S, REST_S = 4.0, 2.0
"""How long the hand turns from end to end, and how long it rests at the best, s, before the camera is turned."""
AT_ONCE_S = 1.0
"""A light that is on within this time, s, after the hold that it may have had, is on at once."""
HELD_S = 0.3
"""For so long, s, the light may still be on for the subject before."""
LATEST_S = 4.0
"""A subject that is in focus must have its light after this time, s."""
SOFT = (4.0, 5.0, 6.0, 7.0)
"""Blur of the new subject, px: so little that its score may pass for that of a soft lens at its best."""
SHARP = (0.0, 1.0)


def places(view: View, blur: float) -> Iterator[float]:
    """Where on the ring, on either side of the best, the subject is so blurred."""
    for ring in ((view.best, 0.0), (view.best, 1.0)) if blur else ():
        way = np.linspace(*ring, 4001)
        blurs = np.array([view.blur(each) for each in way])
        if blurs.max() >= blur:
            yield float(way[int(np.argmax(blurs >= blur))])
    if not blur:
        yield view.best


def lit(before: View, after: View, ring: float, threshold: float) -> list[bool]:
    """Whether the light is on, frame after frame, of the subject that is there now: found in focus was another."""
    coach = Coach(threshold)
    turn = round(CLIMB_S * FPS)
    way = [*np.linspace(0, 1, turn), *np.linspace(1, before.best, round(turn * (1 - before.best)) + 2)]
    shown = [before.shot(float(each), "still") for each in way + [before.best] * round(REST_S * FPS)]
    shown += [after.shot(ring, ("still", "still again")[n % 2]) for n in range(round(LATEST_S * FPS) + FPS)]
    on = [
        coach.update(replace(shot.reading, frame=n, time=n / FPS, taken=n / FPS)).in_focus
        for n, shot in enumerate(shown)
    ]
    return on[-round(LATEST_S * FPS) - FPS :]


def recomposed(views: Sequence[View], threshold: float) -> Iterator[str]:
    """Two lines: how often the light is on at once on a soft subject, and on in the end on a sharp one.

    From a view to the next one through the same lens: nobody changes lenses meanwhile.
    """
    soft, sharp = [], []
    for number, after in enumerate(views):
        others = [*views[number + 1 :], *views[:number]]
        before = next((each for each in others if (each.lens, each.glass) == (after.lens, after.glass)), None)
        if before is None:
            continue
        for blur in SOFT + SHARP:
            for ring in places(after, blur):
                on = lit(before, after, ring, threshold)
                if blur in SOFT:
                    soft.append(any(on[round(HELD_S * FPS) + 2 : round((HELD_S + AT_ONCE_S) * FPS)]))
                else:
                    sharp.append(all(on[round(LATEST_S * FPS) :]))
    out = f"{SOFT[0]:.0f} to {SOFT[-1]:.0f} px out of focus"
    yield f"recomposed onto a subject {out}: green at once {np.mean(soft):.2f} of {len(soft)}"
    yield f"recomposed onto one that is sharp: green in the end {np.mean(sharp):.2f} of {len(sharp)}"
