"""Everybody who looks for focus, on recorded sweeps, on spots of series, and on simulated scenes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tqdm import tqdm

from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.region import parse
from lab.autofocus import played, rivals
from lab.autofocus.played import Played as Recorded
from lab.autofocus.scenes import MOST_BACKLASH, Scene
from lab.autofocus.seen import Subject
from lab.autofocus.trial import UPSETS, Method, Trial, Upset, ours, play
from lab.autofocus.variants import variants
from lab.evaluation import spots
from lab.evaluation.statistics import Figure, mean, share

SPOTS = ("sweeps/validation", "series/validation")
"""Folders there of series whose spots are played."""
OURS = "focuscam"
Tried = tuple[Trial, int]
"""A trial, and the steps of its lens."""
NOISE = "noise 16"
"""The sweeps are played a second time in noise of this deviation, grey levels."""
WITHIN = 1.0
"""Steps from the best."""
Spots = dict[str, list[Trial]]
"""The trials on the spots of each series."""


def methods(threshold: float) -> dict[str, Method]:
    """Everybody who is tried."""
    climbs: dict[str, Method] = {}
    for parts in (8, 16, 32):
        climbs[f"hill climb, raw contrast, first 1/{parts}"] = rivals.hill_climb(1 / parts)
    return {
        OURS: ours(threshold),
        "full sweep": rivals.full_sweep(),
        "full sweep, raw contrast": rivals.full_sweep(rivals.raw),
        **climbs,
        "hill climb, focuscam's contrast, 1/8": rivals.hill_climb(1 / 8, rivals.robust),
        "golden section, raw contrast": rivals.golden_section(),
        "sweep by JPEG size (OpenFlexure)": rivals.by_jpeg(),
    }


def everywhere(subjects: Sequence[Subject], tried: Method) -> list[Trial]:
    """From every position of every recorded sweep, without backlash."""
    random = np.random.default_rng(0)
    return [play(subject, tried, start, 0, random) for subject in subjects for start in range(subject.steps)]


def simulated(subject: Subject, number: int, tried: Method, seed: int, upset: Upset = UPSETS[0]) -> Trial:
    """From anywhere, with any backlash; the same for everybody."""
    random = np.random.default_rng([seed, number])
    start, backlash = int(random.integers(subject.steps)), int(random.integers(MOST_BACKLASH + 1))
    return play(subject, tried, start, backlash, random, upset)


def found(trial: Trial) -> bool:
    """Whether it ended where it should."""
    return not trial.refused and trial.off <= WITHIN


def read_spots(data: Path, most: int, model: FocusModel) -> list[Recorded]:
    """The first `most` spots of every series; none where there are no series. Raises FocuscamError."""
    listed = [
        each for folder in SPOTS if most and (data / folder).is_dir() for each in spots.listed(data / folder, most)
    ]
    found = []
    for folder, boxes in tqdm(listed, "spots", disable=None, leave=False):
        series = spots.read(folder, boxes)
        found += [played.spot(series, box, model) for box in series.boxes[:most]]
    return found


def on_spots(subjects: Sequence[Recorded], tried: Method) -> Spots:
    """From every position of every spot, without backlash."""
    result: Spots = {}
    for subject in subjects:
        result.setdefault(subject.name, []).extend(everywhere([subject], tried))
    return result


def figures(
    real: list[Tried], noisy: list[Trial], seen: Spots, made: list[Tried], empty: list[Trial]
) -> dict[str, Figure | float]:
    """The figures of one method; each trial beside the steps of its lens. Of spots a series counts once."""
    result: dict[str, Figure | float] = {}
    if real:
        by_sweep: dict[str, list[Tried]] = {}
        for each in real:
            by_sweep.setdefault(each[0].subject, []).append(each)
        looks = [float(np.mean([trial.exposures for trial, _ in each])) for each in by_sweep.values()]
        result["sweeps, within 1"] = share([found(trial) for trial, _ in real])
        result["of steps"] = sum(looks) / sum(each[0][1] for each in by_sweep.values())
        result["in noise"] = share([found(trial) for trial in noisy])
    if seen:
        result["spots, within 1"] = mean([float(np.mean([found(trial) for trial in each])) for each in seen.values()])
    if made:
        result["scenes, within 1"] = share([found(trial) for trial, _ in made])
        result["exposures"] = float(np.mean([trial.exposures for trial, _ in made]))
        result["of steps, mean"] = float(np.mean([trial.exposures / steps for trial, steps in made]))
        result["of steps, most"] = max(trial.exposures / steps for trial, steps in made)
        result["travelled"] = float(np.mean([trial.travelled for trial, _ in made]))
    if empty:
        result["empty, refused"] = share([trial.refused for trial in empty])
    return result


@dataclass
class Found:
    """What came of everybody."""

    sweeps: list[Recorded]
    real: dict[str, list[Tried]]
    """On the recorded sweeps, by method."""
    noisy: dict[str, list[Trial]]
    """On the same in noise."""
    seen: dict[str, Spots]
    made: dict[str, list[Tried]]
    """On simulated scenes."""
    empty: dict[str, list[Trial]]
    """On scenes with nothing to focus on."""
    kinds: dict[str, list[Trial]] = field(default_factory=dict)
    """Ours, by kind of scene."""
    upset: dict[str, list[Trial]] = field(default_factory=dict)
    """Ours, by what went wrong meanwhile."""

    def figures(self) -> dict[str, dict[str, Figure | float]]:
        """Of each method."""
        return {
            name: figures(self.real[name], self.noisy[name], self.seen[name], self.made[name], self.empty[name])
            for name in self.real
        }


def run(data: Path, scenes: int, empty: int, spots: int, seed: int, own: bool) -> Found:
    """Let everybody look for focus. Raises FocuscamError.

    data: holds recorded sweeps and series, if any. spots: of each series. own: our search without one of its parts,
    in place of others.
    """
    model = FocusModel()
    whole, spot = Scorer(model, parse("whole")), Scorer(model, parse("spot"))
    places = read_spots(data, spots, model)
    folders = sorted(table.parent for table in data.glob("sweeps/*/*/sweep.csv"))
    sweeps = [played.sweep(folder, whole) for folder in folders]
    in_noise = [played.sweep(folder, whole, NOISE) for folder in folders]
    who = {OURS: ours(model.threshold), **variants(model.threshold)} if own else methods(model.threshold)
    found = Found(
        sweeps,
        {name: [(t, s.steps) for s in sweeps for t in everywhere([s], each)] for name, each in who.items()},
        {name: everywhere(in_noise, each) for name, each in who.items()},
        {name: on_spots(places, each) for name, each in who.items()},
        {name: [] for name in who},
        {name: [] for name in who},
        upset={each.name: [] for each in UPSETS},
    )
    for without, count in ((False, scenes), (True, empty)):
        words = "empty scenes" if without else "scenes"
        for number in tqdm(range(count), words, disable=None, leave=False):
            scene = Scene(seed, number, spot, empty=without)
            for name, each in who.items():
                trial = simulated(scene, number, each, seed)
                if without:
                    found.empty[name].append(trial)
                else:
                    found.made[name].append((trial, scene.steps))
                if name == OURS:
                    found.kinds.setdefault(scene.name, []).append(trial)
            if not without:
                for upset in UPSETS:
                    found.upset[upset.name].append(simulated(scene, number, who[OURS], seed, upset))
    return found
