#!/usr/bin/env -S tools/python
"""Who finds focus with a motor, and with how many exposures: our search, a full sweep, hill climbs, and others.

`tools/autofocus_trials.py` plays the recorded sweeps as a lens, from every position, the same and more series on their
spots (a whole frame of several depths has no single answer), and simulated scenes before three lenses with play, and
prints a table. `--few` is a quick look at a tenth of the scenes; `--list` names our trials that went wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

import cv2
import numpy as np
from tqdm import tqdm

from focuscam.errors import FocuscamError
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.region import parse
from lab.autofocus import played as recorded
from lab.autofocus import rivals
from lab.autofocus.scenes import EMPTY, MOST_BACKLASH, Scene
from lab.autofocus.seen import Subject
from lab.autofocus.trial import UPSETS, Method, Trial, Upset, ours, play
from lab.autofocus.variants import variants
from lab.evaluation import spots
from lab.evaluation.statistics import Figure, mean, share
from lab.places import DATA

SPOTS = ("sweeps/validation", "series/validation")
"""Folders there of series whose spots are played."""
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
        "focuscam": ours(threshold),
        "full sweep": rivals.full_sweep(),
        "full sweep, raw contrast": rivals.full_sweep(rivals.raw),
        **climbs,
        "hill climb, focuscam's contrast, 1/8": rivals.hill_climb(1 / 8, rivals.robust),
        "golden section, raw contrast": rivals.golden_section(),
        "sweep by JPEG size (OpenFlexure)": rivals.by_jpeg(),
    }


def played(subjects: Sequence[Subject], tried: Method) -> list[Trial]:
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


def read_spots(most: int, model: FocusModel) -> list[recorded.Played]:
    """The first `most` spots of every series; none where there are no series. Raises FocuscamError."""
    listed = [
        each for folder in SPOTS if most and (DATA / folder).is_dir() for each in spots.listed(DATA / folder, most)
    ]
    found = []
    for folder, boxes in tqdm(listed, "spots", disable=None, leave=False):
        series = spots.read(folder, boxes)
        found += [recorded.spot(series, box, model) for box in series.boxes[:most]]
    return found


def on_spots(subjects: Sequence[recorded.Played], tried: Method) -> Spots:
    """From every position of every spot, without backlash."""
    result: Spots = {}
    for subject in subjects:
        result.setdefault(subject.name, []).extend(played([subject], tried))
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


def main(given: list[str] | None = None) -> int:
    """Try, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="tools/autofocus_trials.py", description=__doc__)
    parser.add_argument("--scenes", type=int, default=500, metavar="N", help="simulated scenes (500)")
    parser.add_argument("--empty", type=int, default=100, metavar="N", help="scenes with nothing to focus on (100)")
    parser.add_argument("--spots", type=int, default=2, metavar="N", help="spots of each series (2)")
    parser.add_argument("--few", action="store_true", help="a tenth of both")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument(
        "--variants", action="store_true", help="our search without one of its parts, instead of others"
    )
    parser.add_argument("--list", action="store_true", help="name our trials that went wrong")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    options = parser.parse_args(given)
    many = (options.scenes // 10, options.empty // 10) if options.few else (options.scenes, options.empty)
    cv2.setNumThreads(1)
    try:
        model = FocusModel()
        whole, spot = Scorer(model, parse("whole")), Scorer(model, parse("spot"))
        places = read_spots(options.spots, model)
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    folders = sorted(table.parent for table in DATA.glob("sweeps/*/*/sweep.csv"))
    sweeps = [recorded.sweep(folder, whole) for folder in folders]
    in_noise = [recorded.sweep(folder, whole, NOISE) for folder in folders]
    if not sweeps:
        print(f"No recorded sweeps in {DATA}: simulated scenes only.", file=sys.stderr)
    who = methods(model.threshold)
    if options.variants:
        who = {"focuscam": who["focuscam"], **variants(model.threshold)}
    real = {name: [(t, s.steps) for s in sweeps for t in played([s], each)] for name, each in who.items()}
    noisy = {name: played(in_noise, each) for name, each in who.items()}
    seen = {name: on_spots(places, each) for name, each in who.items()}
    made: dict[str, list[Tried]] = {name: [] for name in who}
    empty: dict[str, list[Trial]] = {name: [] for name in who}
    kinds: dict[str, list[Trial]] = {}
    upset: dict[str, list[Trial]] = {each.name: [] for each in UPSETS}
    for without, count in ((False, many[0]), (True, many[1])):
        words = "empty scenes" if without else "scenes"
        for number in tqdm(range(count), words, disable=None, leave=False):
            scene = Scene(options.seed, number, spot, empty=without)
            for name, each in who.items():
                trial = simulated(scene, number, each, options.seed)
                if without:
                    empty[name].append(trial)
                else:
                    made[name].append((trial, scene.steps))
                if name == "focuscam":
                    kinds.setdefault(scene.name, []).append(trial)
            if not without:
                for each in UPSETS:
                    upset[each.name].append(simulated(scene, number, who["focuscam"], options.seed, each))
    result = {name: figures(real[name], noisy[name], seen[name], made[name], empty[name]) for name in who}
    if options.json:
        print(json.dumps({n: {k: getattr(v, "value", v) for k, v in each.items()} for n, each in result.items()}))
        return 0
    table(result)
    details(sweeps, real["focuscam"], seen["focuscam"], kinds)
    if many[0]:
        print("\nfocuscam, where something goes wrong: ended right, said so, neither; exposures")
    for name, tried in upset.items() if many[0] else ():
        right, said = [found(each) for each in tried], [each.warned for each in tried]
        silent = [not r and not s for r, s in zip(right, said, strict=True)]
        shares = f"{np.mean(right):.3f}  {np.mean(said):.3f}  {np.mean(silent):.3f}"
        print(f"  {name:32} {shares}  {np.mean([each.exposures for each in tried]):.1f}")
    if options.list:
        tried_by_us = [trial for trial, _ in real["focuscam"] + made["focuscam"]]
        for trial in [t for t in sum(seen["focuscam"].values(), tried_by_us) if not found(t)]:
            print(f"{trial.subject} from {trial.start}, backlash {trial.backlash}: {trial.off:.1f} off. {trial.told}")
        for trial in empty["focuscam"]:
            if not trial.refused:
                print(f"{trial.subject} from {trial.start}: not refused. {trial.told}")
    return 0


def table(result: dict[str, dict[str, Figure | float]]) -> None:
    """One line for each method."""
    columns = list(next(iter(result.values())))
    print(f"{'':38}" + "".join(f"{column:>20}" for column in columns))
    for name, each in result.items():
        cells = [
            f"{v.value:.3f} [{v.low:.2f} {v.high:.2f}]" if isinstance(v, Figure) else f"{v:.2f}" for v in each.values()
        ]
        print(f"{name:38}" + "".join(f"{cell:>20}" for cell in cells))
    print("\nof steps: exposures over the positions that the lens has; the intervals hold 95 %, of spots over series.")


def details(sweeps: Sequence[recorded.Played], real: list[Tried], seen: Spots, kinds: dict[str, list[Trial]]) -> None:
    """Ours, sweep by sweep, spot by spot where it went wrong, and kind by kind."""
    print("\nfocuscam, by sweep: within one step, mean exposures of all there are")
    for sweep in sweeps:
        own = [trial for trial, _ in real if trial.subject == sweep.name]
        right, looks = np.mean([found(trial) for trial in own]), np.mean([trial.exposures for trial in own])
        print(f"  {sweep.name:24} {right:.2f} of {len(own):2}  {looks:4.1f} of {sweep.steps}")
    if seen:
        print("\nfocuscam, series on whose spots it did not always end within one step")
    for name, own in seen.items():
        right = np.mean([found(trial) for trial in own])
        if right < 1:
            print(f"  {name:24} {right:.2f} of {len(own):2}  {np.mean([trial.exposures for trial in own]):4.1f}")
    print("\nfocuscam, by kind of scene: right, mean and most exposures")
    for name, tried in sorted(kinds.items()):
        empty = name.split(", ")[1] in EMPTY
        right = [trial.refused if empty else found(trial) for trial in tried]
        looks = [trial.exposures for trial in tried]
        print(f"  {name:24} {np.mean(right):.3f} of {len(tried):3}  {np.mean(looks):4.1f} {max(looks):3}")


if __name__ == "__main__":
    sys.exit(main())
