"""The curves, as PNG, to be looked at: score and contrast along each sweep, and ROC of the photos."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from lab.evaluation.light import SHARP, SOFT
from lab.evaluation.trials import Judge, OnPhotos, OnSweeps

Kept = tuple[Judge, str, OnPhotos | None, OnSweeps | None]


def write(folder: Path, kept: list[Kept]) -> list[Path]:
    """One picture of all sweeps for each judge and condition, one of the ROC curves for each condition."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for judge, condition, _, on_sweeps in kept:
        if on_sweeps:
            written.append(_sweeps(folder, judge, condition, on_sweeps))
    for condition in dict.fromkeys(condition for _, condition, _, _ in kept):
        on_photos = [(judge, photos) for judge, each, photos, _ in kept if each == condition and photos]
        if on_photos:
            written.append(_roc(folder, condition, on_photos))
    return written


def _sweeps(folder: Path, judge: Judge, condition: str, seen: OnSweeps) -> Path:
    columns = min(3, len(seen.sweeps))
    rows = -(-len(seen.sweeps) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(5 * columns, 3.2 * rows), squeeze=False)
    for axis in axes.ravel()[len(seen.sweeps) :]:
        axis.set_visible(False)
    for index, (axis, sweep) in enumerate(zip(axes.ravel(), seen.sweeps, strict=False)):
        scores = seen.scores(index)
        contrast = np.array([versions[0].contrast for versions in seen.readings[index]])
        # A rival's number has no upper end: shown, with its threshold, over its best.
        unit = max(1.0, float(np.max(scores)))
        steps = np.arange(len(scores))
        axis.fill_between(steps, 0, 1, where=sweep.c < SOFT, color="0.93", step="mid")
        axis.plot(steps, sweep.c, color="0.5", label="c (clean, 640 px)")
        axis.plot(steps, contrast / max(contrast.max(), 1e-9), ":", color="tab:green", label="contrast over best")
        axis.plot(steps, scores / unit, ".-", color="tab:blue", label="score")
        axis.axhline(judge.threshold / unit, color="tab:red", linewidth=0.8, label="threshold")
        axis.plot(steps[sweep.c >= SHARP], np.full((sweep.c >= SHARP).sum(), 1.03), "v", color="k", markersize=4)
        title = sweep.name
        if seen.trials:
            trial = seen.trials[index]
            wrong = [step for step, _, right in trial.rests if not right]
            cold = [step for step, _, right in trial.cold if not right]
            title += (
                f"\nwrong rests {wrong[:8]}  cold {cold[:8]}  first green at c {[round(c, 2) for c in trial.first]}"
            )
        axis.set_title(title, fontsize=7)
        axis.set_ylim(0, 1.08)
    axes[0, 0].legend(fontsize=6)
    return _saved(figure, folder / f"sweeps {judge.name} {condition}")


def _roc(folder: Path, condition: str, on_photos: list[tuple[Judge, OnPhotos]]) -> Path:
    figure, axis = plt.subplots(figsize=(5, 5))
    for judge, seen in on_photos:
        scores = np.array([reading.score or 0.0 for reading in seen.readings])
        sharp = np.array([photo.kind == "none" for photo in seen.photos])
        cuts = np.concatenate([[np.inf], np.unique(scores)[::-1]])
        kept = [np.mean(scores[sharp] >= cut) for cut in cuts]
        wrong = [np.mean(scores[~sharp] >= cut) for cut in cuts]
        axis.plot(wrong, kept, drawstyle="steps-post", label=judge.name)
    axis.set_xlabel("blurred photos taken for sharp")
    axis.set_ylabel("sharp photos kept")
    axis.legend(fontsize=7)
    return _saved(figure, folder / f"roc {condition}")


def _saved(figure: Figure, path: Path) -> Path:
    path = path.with_name(re.sub(r"[^a-z0-9.+]+", "-", path.name.lower()) + ".png")
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    plt.close(figure)
    return path
