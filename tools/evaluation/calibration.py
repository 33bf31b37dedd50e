"""Whether a score means what it says: frames of spots, their scores against how many of them are in focus."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import cv2
import matplotlib.pyplot as plt
import numpy as np

from evaluation.light import SHARP, SOFT
from evaluation.pictures import CONDITIONS, frame_of, no_larger, reference_contrast
from evaluation.statistics import Figure, mean
from focuscam.cameras.photo import read_photo
from focuscam.errors import UsageError
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer, crop
from focuscam.messages import COARSE_SIDE
from focuscam.region import Region

IN_FOCUS, OUT_OF_FOCUS = 0.85, 0.7
"""Contrast of a spot over its best from which it is in focus, and under which it is not; between them nobody knows."""
BINS = 10
MOST = 2
"""Spots of a series that are looked at."""


@dataclass
class Shown:
    """Frames of spots, all of the same length."""

    score: np.ndarray
    c: np.ndarray
    series: np.ndarray
    """The name of each frame's series: series count alike."""

    @property
    def weight(self) -> np.ndarray:
        """Of each frame whose focus is known; 0 where it is not."""
        told = (self.c >= IN_FOCUS) | (self.c < OUT_OF_FOCUS)
        return np.array([(told & (self.series == name)).sum() for name in self.series]) ** -1.0 * told


def shown(model: FocusModel, folders: list[Path], condition: str = "clean") -> Shown:
    """Score each frame of up to MOST spots of each series: a folder holds the series and their spots.csv.

    Raises UsageError where there is no spots.csv, FocuscamError.
    """
    rows: list[tuple[float, float, str]] = []
    for folder in folders:
        table = folder / "spots.csv"
        if not table.is_file():
            raise UsageError(f"{folder} holds no spots.csv: boxes of one depth in its series (sweep,x,y,w,h).")
        boxes: dict[str, list[Region]] = defaultdict(list)
        with table.open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                boxes[row["sweep"]].append(Region("", tuple(float(row[key]) for key in "xywh")))
        for name, regions in boxes.items():
            rows += [(*each, name) for each in _of_series(model, folder / name, regions[:MOST], condition)]
    score, c, series = zip(*rows, strict=True)
    return Shown(np.array(score), np.array(c), np.array(series))


def _of_series(model: FocusModel, folder: Path, regions: list[Region], condition: str) -> list[tuple[float, float]]:
    with (folder / "sweep.csv").open(newline="", encoding="utf-8") as lines:
        lumas = [read_photo(folder / row["file"]).fine.copy() for row in csv.DictReader(lines)]
    shape = lumas[0].shape[::-1]
    lumas = [cv2.resize(luma, shape, interpolation=cv2.INTER_AREA) for luma in lumas]
    rng = np.random.default_rng(0)
    found = []
    for region in regions:
        scorer = Scorer(model, region)
        contrast = np.array([reference_contrast(crop(no_larger(luma, COARSE_SIDE), region.box)) for luma in lumas])
        for luma, c in zip(lumas, contrast / contrast.max(), strict=True):
            found.append((scorer.score(frame_of(CONDITIONS[condition](luma, rng))).score or 0.0, float(c)))
    return found


def figures(said: Shown) -> dict[str, Figure]:
    """Expected calibration error; plainly sharp frames that read above 0.9 and are on, soft ones under 0.1 and on."""
    place, weight = _bins(said), said.weight
    error = sum(
        weight[place == k].sum() * abs(predicted - true)
        for k, (predicted, true, _) in enumerate(curve(said))
        if true >= 0
    )
    by_series: dict[str, list[float]] = {}
    for name in np.unique(said.series):
        here = said.series == name
        for title, chosen, right in (
            ("sharp over 0.9", said.c >= SHARP, said.score > 0.9),
            ("sharp on", said.c >= SHARP, said.score >= 0.5),
            ("soft under 0.1", said.c < SOFT, said.score < 0.1),
            ("soft on", said.c < SOFT, said.score >= 0.5),
        ):
            if (here & chosen).any():
                by_series.setdefault(title, []).append(float(right[here & chosen].mean()))
    n = int((weight > 0).sum())
    ece = Figure(float(error / weight.sum()), n, float("nan"), float("nan"))
    return {"ECE": ece} | {title: mean(values) for title, values in by_series.items()}


def _bins(said: Shown) -> np.ndarray:
    return np.minimum((said.score * BINS).astype(int), BINS - 1)


def curve(said: Shown) -> list[tuple[float, float, int]]:
    """Of each bin the mean score, the share in focus (-1 where there is no frame), and how many frames it has."""
    place, weight, result = _bins(said), said.weight, []
    for k in range(BINS):
        here = (place == k) & (weight > 0)
        if here.any():
            score, true = (np.average(v[here], weights=weight[here]) for v in (said.score, said.c >= IN_FOCUS))
            result.append((float(score), float(true), int(here.sum())))
        else:
            result.append((float("nan"), -1.0, 0))
    return result


def plot(said: Shown, path: Path) -> None:
    """The reliability diagram, as a small PNG."""
    points = [each for each in curve(said) if each[2]]
    figure, axis = plt.subplots(figsize=(4, 4))
    axis.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
    axis.plot([p for p, _, _ in points], [t for _, t, _ in points], "o-", color="tab:blue")
    for score, true, n in points:
        axis.annotate(str(n), (score, true), textcoords="offset points", xytext=(4, -10), fontsize=7)
    axis.set_xlabel("score")
    axis.set_ylabel("share of frames in focus")
    axis.set_title(f"ECE {figures(said)['ECE'].value:.3f}; numbers: frames", fontsize=9)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=70)
    plt.close(figure)
