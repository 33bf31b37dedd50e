"""Every judge on every photo and sweep under every condition: the figures of the table."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from evaluation.light import NEAR, Light, Trial, trial
from evaluation.pictures import CONDITIONS, Photo, Sweep, frame_of
from evaluation.statistics import Figure, auc, mean, rank_correlation, share
from focuscam.messages import Frame, Reading

VERSIONS = 3
"""Frames of each step under noise: the light is shown them in turn, as a sensor's noise differs from frame to frame."""


class Judge(Protocol):
    """Who is tried: looks at photos and frames, and makes a light."""

    name: str
    threshold: float

    def photo(self, frame: Frame) -> Reading: ...  # noqa: D102
    def frame(self, frame: Frame) -> Reading: ...  # noqa: D102
    def light(self) -> Light: ...  # noqa: D102


@dataclass
class OnPhotos:
    """What a judge said of each photo."""

    photos: list[Photo]
    readings: list[Reading]
    threshold: float

    def _scores(self, kind: str) -> list[float]:
        return [r.score or 0.0 for p, r in zip(self.photos, self.readings, strict=True) if p.kind == kind]

    def figures(self) -> dict[str, Figure]:
        """AUC, accuracy (a photo that can't be judged is rejected), and how often the kind of blur was right."""
        sharp, defocus, motion = (self._scores(kind) for kind in ("none", "defocus", "motion"))
        kept = [score >= self.threshold for score in sharp]
        refused = [score < self.threshold for score in defocus + motion]
        kinds = [
            r.blur == p.kind
            for p, r in zip(self.photos, self.readings, strict=True)
            if p.kind != "none" and (r.score or 0.0) < self.threshold
        ]
        return {
            "AUC defocus": auc(sharp, defocus),
            "AUC motion": auc(sharp, motion),
            "accuracy": share(kept + refused),
            "on sharp": share(kept),
            "on blurred": share(refused),
            "kind": share(kinds),
        }


@dataclass
class OnSweeps:
    """What a judge said of each frame of each sweep, and what its light did."""

    sweeps: list[Sweep]
    readings: list[list[list[Reading]]] = field(default_factory=list)
    """By sweep, step and version."""
    trials: list[Trial] = field(default_factory=list)

    def scores(self, index: int) -> np.ndarray:
        """Score of each step of a sweep, of its first version; 0 where it can't be told."""
        return np.array([versions[0].score or 0.0 for versions in self.readings[index]])

    def figures(self) -> dict[str, Figure]:
        """Rank correlation, how near the top is, and the light's three figures."""
        ranks, near, off = [], [], []
        for index, sweep in enumerate(self.sweeps):
            scores = self.scores(index)
            ranks.append(rank_correlation(scores, sweep.best))
            steps = float(np.abs(np.flatnonzero(scores >= scores.max() - 1e-9) - sweep.best).mean())
            off.append(steps)
            near.append(steps <= 1)
        result = {"rank": mean(ranks), "top, steps": mean(off), "top within 1": share(near)}
        if self.trials:
            result["green"] = share([each.green for each in self.trials])
            result["first green"] = share([c >= NEAR for each in self.trials for c in each.first])
            result["cold start"] = share([right for each in self.trials for _, _, right in each.cold])
        return result


def on_photos(judge: Judge, photos: list[Photo], condition: str) -> OnPhotos:
    """Show a judge each photo once."""
    readings = [judge.photo(frame_of(changed(p.luma, condition, p.name))) for p in photos]
    return OnPhotos(photos, readings, getattr(judge, "photo_threshold", judge.threshold))


def on_sweeps(judge: Judge, sweeps: list[Sweep], condition: str, light: bool) -> OnSweeps:
    """Show a judge each frame of each sweep, and try its light where `light`."""
    result = OnSweeps(sweeps)
    versions = VERSIONS if light and "noise" in condition else 1
    for sweep in sweeps:
        readings = [
            [
                judge.frame(frame_of(changed(luma, condition, f"{sweep.name} {name} {k}"), step, name=name))
                for k in range(versions)
            ]
            for step, (name, luma) in enumerate(zip(sweep.names, sweep.lumas, strict=True))
        ]
        result.readings.append(readings)
        if light:
            result.trials.append(trial(judge.light, readings, sweep.c))
    return result


def against_first(
    kept: list[tuple[Judge, str, OnPhotos | None, OnSweeps | None]],
) -> Iterator[tuple[str, str, Figure]]:
    """How often the same network decides alike on another runtime: judge, condition, share of photos and frames.

    kept: what was seen, ours first; judges with another threshold are no runtimes of ours and are left out.
    """
    first = {condition: (judge, seen) for judge, condition, *seen in kept if judge is kept[0][0]}
    for judge, condition, *seen in kept:
        before, reference = first[condition]
        if judge is not before and type(judge) is type(before) and judge.threshold == before.threshold:
            pairs = zip(_decisions(judge, *reference), _decisions(judge, *seen), strict=True)
            yield judge.name, condition, share([one == other for one, other in pairs])


def _decisions(judge: Judge, photos: OnPhotos | None, sweeps: OnSweeps | None) -> list[bool]:
    readings = list(photos.readings) if photos else []
    for steps in sweeps.readings if sweeps else []:
        readings += [reading for versions in steps for reading in versions]
    return [(reading.score or 0.0) >= judge.threshold for reading in readings]


def changed(luma: np.ndarray, condition: str, what: str) -> np.ndarray:
    """A luma under a condition: the same noise for every judge, another for every picture."""
    return CONDITIONS[condition](luma, np.random.default_rng(zlib.crc32(f"{condition} {what}".encode())))
