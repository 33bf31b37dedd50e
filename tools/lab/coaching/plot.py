"""A trial as a picture: the blur, what the network said, how close, and when the light was on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

from focuscam.messages import Light, Status
from lab.coaching.hand import FPS
from lab.coaching.play import Played
from lab.coaching.views import CONFUSION


def draw(folder: Path, number: int, played: Played, said: Sequence[Status]) -> Path:
    """Write the picture; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    times = [n / FPS for n in range(len(said))]
    figure, (top, middle, bottom) = plt.subplots(3, sharex=True, figsize=(11, 6), height_ratios=(3, 3, 1))
    top.plot(times, played.blurs, color="black", label="blur, px")
    top.axhspan(0, CONFUSION, color="tab:green", alpha=0.2)
    top.axhline(2 * CONFUSION, color="tab:red", linewidth=0.7)
    top.set_yscale("symlog", linthresh=4)
    top.set_ylabel("blur, px")
    middle.plot(times, [s.reading.score or 0 for s in said], label="score")
    middle.plot(times, [s.closeness or 0 for s in said], label="closeness")
    contrast = [s.reading.contrast for s in said]
    middle.plot(times, [c / max(contrast) for c in contrast], label="contrast / best of all", linewidth=0.7)
    middle.axhline(said[0].threshold, color="gray", linewidth=0.7)
    middle.legend(loc="upper left", fontsize=8)
    bottom.fill_between(times, [float(s.in_focus) for s in said], step="post", color="tab:green")
    dark = [float(s.light is Light.CANNOT_TELL) / 2 for s in said]
    bottom.fill_between(times, dark, step="post", color="tab:orange")
    before = None
    for time, status in zip(times, said, strict=True):
        if status.hint != before:
            bottom.text(time, 1.05, status.hint or "", fontsize=6, rotation=45)
        before = status.hint
    bottom.set_ylim(0, 1.9)
    bottom.set_yticks([])
    bottom.set_xlabel("seconds")
    end = "ended sharp" if played.sharp else f"ended at {played.blurs[-1]:.1f} px"
    false = ", false green" if played.false_green else ""
    figure.suptitle(f"{number}: {played.view}, {played.event}: {end}{false}, {played.reversals} reversals")
    figure.tight_layout()
    path = folder / f"{number:03}.png"
    figure.savefig(path, dpi=70)
    plt.close(figure)
    return path
