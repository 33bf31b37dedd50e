"""The approaches that went worst, as pictures: contrast, score, phase and light over time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

from focuscam.messages import Phase
from lab.evaluation.ring import FPS, HANDS
from lab.evaluation.spot_lights import Ours
from lab.evaluation.spot_trials import Spot, Stop, play, starts, stop

WORST = 20
AFTER = 60
"""Frames that are shown after the hand has stopped."""
PHASES = list(Phase)


def draw_the_worst(folder: Path, spots: list[Spot], hands: Sequence[str], make: Callable[[], Ours]) -> None:
    """Write the approaches whose first green had the least contrast, and those that had none, as PNG.

    Of each spot and end that a hand comes from the worst hand alone: the others fail for the same reason.
    """
    worst = []
    for spot in spots:
        for start in starts(spot):
            tried = [(stop(spot, HANDS[hand], start, make), spot, hand) for hand in hands]
            worst.append(min(tried, key=lambda each: each[0].c))
    worst = sorted((each for each in worst if not each[0].right), key=lambda each: each[0].c)
    folder.mkdir(parents=True, exist_ok=True)
    for number, (stopped, spot, hand) in enumerate(worst[:WORST]):
        light = make()
        legs = HANDS[hand].way(stopped.start, spot.last - stopped.start, spot.best)
        places = list(itertools.chain.from_iterable(legs))[: stopped.frame + AFTER]
        lit = list(play(spot, light, places))
        name = f"{number:02} {spot.name} {hand} from {stopped.start}"
        path = folder / f"{name.replace(' ', '_').replace(',', '-')}.png"
        _draw(path, f"{name}: {_told(stopped)}", light, lit, [spot.c_at(place) for place in places])


def _told(stopped: Stop) -> str:
    if stopped.place is None:
        return "never green"
    return f"green at c {stopped.c:.2f}, leg {stopped.leg}, after {stopped.frame / FPS:.1f} s"


def _draw(path: Path, title: str, light: Ours, lit: list[bool], c: list[float]) -> None:
    times = [n / FPS for n in range(len(lit))]
    figure, (top, bottom) = plt.subplots(2, sharex=True, figsize=(10, 5.5), height_ratios=(3, 2))
    top.plot(times, c, color="black", label="c: contrast over the best of all")
    top.plot(times, [each.closeness or 0 for each in light.said], label="closeness: over the best so far", lw=0.8)
    top.plot(times, [each.reading.score or 0 for each in light.said], label="score")
    top.axhline(light.said[0].threshold, color="gray", linewidth=0.7)
    top.fill_between(times, [float(each) for each in lit], step="post", color="tab:green", alpha=0.2, label="light")
    top.legend(fontsize=8)
    bottom.step(times, [PHASES.index(each.phase) for each in light.said], where="post")
    bottom.set_yticks(range(len(PHASES)), [each.value for each in PHASES], fontsize=7)
    bottom.set_xlabel("seconds")
    figure.suptitle(title, fontsize=10)
    figure.tight_layout()
    figure.savefig(path, dpi=70)
    plt.close(figure)
