"""Whether a score means what it says: frames of spots, their scores against how many of them are in focus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from evaluation import spots
from evaluation.light import SHARP, SOFT
from evaluation.pictures import frame_of
from evaluation.ring import FPS
from evaluation.spot_trials import ALONE, FAR
from evaluation.statistics import NONE, Figure, mean, middle
from evaluation.trials import Judge, changed
from focuscam.errors import UsageError
from focuscam.messages import Frame, Reading
from focuscam.region import Box

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
    green: np.ndarray
    """Whether the light comes on that is shown this frame alone."""
    end: np.ndarray
    """Whether it is the first or the last frame of its series."""
    threshold: float = 0.5

    @property
    def weight(self) -> np.ndarray:
        """Of each frame whose focus is known; 0 where it is not."""
        told = (self.c >= IN_FOCUS) | (self.c < OUT_OF_FOCUS)
        _, place = np.unique(self.series, return_inverse=True)
        return told / np.maximum(np.bincount(place, told), 1)[place]


class Looks(Judge, Protocol):
    """A judge that can be pointed at a spot, and whose score is a probability."""

    def at(self, box: Box) -> Callable[[Frame], Reading]: ...  # noqa: D102


def listed(folders: list[Path]) -> list[tuple[Path, list[Box]]]:
    """The series in these folders, and up to MOST spots of each, from the spots.csv beside them.

    Raises UsageError where there is none.
    """
    for folder in folders:
        if not (folder / "spots.csv").is_file():
            raise UsageError(f"{folder} holds no spots.csv: boxes of one depth in its series (sweep,x,y,w,h).")
    return [(series, boxes) for folder in folders for series, boxes in spots.listed(folder, MOST) if boxes]


def shown(judge: Looks, series: Iterable[tuple[Path, list[Box]]], condition: str = "clean") -> Shown:
    """Show a judge each frame of each spot, and its light that frame alone. Raises FocuscamError."""
    rows: list[tuple[float, float, str, bool, bool]] = []
    for folder, boxes in series:
        read = spots.read(folder, boxes)
        for box in boxes:
            look = judge.at(box)
            readings = [look(each) for each in _frames(read, condition)]
            for step, (reading, c) in enumerate(zip(readings, spots.closeness(read, box), strict=True)):
                end = step in (0, len(readings) - 1)
                rows.append((reading.score or 0.0, float(c), read.name, _green(judge, reading), end))
    return Shown(*(np.array(column) for column in zip(*rows, strict=True)), threshold=judge.threshold)


def _frames(series: spots.Series, condition: str) -> Iterator[Frame]:
    for step, (fine, coarse) in enumerate(zip(series.fine, series.coarse, strict=True)):
        if condition == "clean":
            yield Frame(step, 0.0, fine, coarse, 0.0)
        else:
            yield frame_of(changed(fine, condition, f"{series.name} {step}"))


def _green(judge: Judge, reading: Reading) -> bool:
    light = judge.light()
    return [light.show(reading, number / FPS) for number in range(ALONE)][-1]


def figures(said: Shown) -> dict[str, Figure]:
    """Expected calibration error; what plainly sharp frames and plainly soft ones score, and how many are green."""
    place, weight = _bins(said), said.weight
    error = sum(
        weight[place == k].sum() * abs(predicted - true)
        for k, (predicted, true, _) in enumerate(curve(said))
        if true >= 0
    )
    n = int((weight > 0).sum())
    result = {"ECE": Figure(float(error / weight.sum()), n, float("nan"), float("nan"))} if n else {"ECE": NONE}
    sharp, soft, far_end = said.c >= SHARP, said.c < SOFT, said.end & (said.c <= FAR)
    for title, chosen, value in (
        ("soft green", soft, said.green),
        ("ends green", far_end, said.green),
        ("sharp over 0.9", sharp, said.score >= 0.9),
        ("sharp on", sharp, said.score >= said.threshold),
        ("soft under 0.1", soft, said.score <= 0.1),
        ("soft on", soft, said.score >= said.threshold),
    ):
        result[title] = mean([float(each.mean()) for each in _by_series(said, chosen, value)])
    for title, chosen in (("sharp, score", sharp), ("soft, score", soft)):
        result[title] = middle([float(np.median(each)) for each in _by_series(said, chosen, said.score)])
    return result


def _by_series(said: Shown, chosen: np.ndarray, value: np.ndarray) -> Iterator[np.ndarray]:
    """The values of the chosen frames of each series that has any."""
    for name in np.unique(said.series):
        if (here := chosen & (said.series == name)).any():
            yield value[here]


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
