"""From what is asked to the table: the judges, what each is shown, and what of it is a line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from focuscam.errors import UsageError
from focuscam.focus import runtime
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.messages import COARSE_SIDE
from focuscam.region import Box, parse
from lab import places
from lab.evaluation import calibration, cases, compared, pictures, points, rivals, sets, simulated, table
from lab.evaluation import wanted as lines
from lab.evaluation.trials import Judge

RUNTIMES = {"litert": "LiteRT", "tflite": "tflite-runtime"}
SKIES = 10
"""Seeds of each kind of sky, unless more are wanted."""
SEARCHES = 5
"""One sky in so many is searched by autofocus as well."""

T = TypeVar("T")


class Options(argparse.Namespace):
    """What is to be looked at, and by whom."""

    sets: Path | None
    spots: list[Path]
    skies: int
    """Of each kind."""
    cases: Path | None
    photos: Path | None
    sweeps: Path | None
    train: Path | None
    model: Path | None
    seed_model: Path
    only: str | None
    """Judges whose names contain this."""
    conditions: str | None
    """Words, commas between them."""
    plot: Path | None


def complete(options: Options) -> None:
    """Look at all that is beside the repository where nothing was chosen. Raises UsageError where nothing is there."""
    if options.train is None and places.DATA.is_dir():
        options.train = places.DATA
    if any((options.photos, options.sweeps, options.sets, options.spots, options.skies, options.cases)):
        return
    if not places.DATA.is_dir():
        raise UsageError("Give something to look at: --sets FOLDER, --spots FOLDER, --skies, --cases FOLDER.")
    options.sets = places.DATA / "photos" / "validation"
    options.spots = [places.DATA / "sweeps" / "validation", places.DATA / "series" / "validation"]
    options.skies, options.cases = SKIES, places.SHARED / "cases"


def conditions(options: Options, otherwise: list[str]) -> list[str]:
    """Those that are asked for. Raises UsageError for one that is none."""
    chosen = options.conditions.split(",") if options.conditions else otherwise
    for name in chosen:
        if name not in pictures.CONDITIONS:
            raise UsageError(f"There is no condition {name!r}: choose from {', '.join(pictures.CONDITIONS)}.")
    return chosen


def ours(options: Options) -> list[rivals.Ours]:
    """The network on each runtime that is installed; says which is not."""
    found = []
    for name, label in RUNTIMES.items():
        if name in runtime.installed():
            found.append(rivals.Ours(FocusModel(options.model, runtime=name), f"focuscam, {label}"))
        else:
            print(f"focuscam, {label}: not installed here.", file=sys.stderr)
    return [each for each in found if _asked_for(options, each)]


def others(options: Options) -> list[rivals.Measured]:
    """What focuscam replaces, with the best thresholds: all of it to compare with, in the table the seed network."""
    found = rivals.classical() if options.photos or options.sweeps else []
    if options.seed_model.exists():
        found.append(rivals.SeedNetwork(options.seed_model))
    else:
        print(
            f"seed network: {options.seed_model.name} is not there (15 MB, too large to ship). These make it: "
            "`tools/train.py seed --simulate ../shared/data/sharp` and "
            "`tools/convert.py models/scratch/seed.keras --calibrate ../shared/data/sharp`.",
            file=sys.stderr,
        )
    found = [each for each in found if _asked_for(options, each)]
    if found and (options.photos or options.sweeps or options.sets or options.spots):
        if options.train is None:
            raise UsageError("The rivals need training data for their thresholds: give --train, or --only focuscam.")
        _train(found, options.train)
    return found


def _asked_for(options: Options, judge: Judge) -> bool:
    return not options.only or options.only.lower() in judge.name.lower()


def _train(judges: list[rivals.Measured], folder: Path) -> None:
    photos = [(photo.luma, photo.kind == "none") for photo in simulated.photos(folder / "sharp")]
    sweeps = [pictures.sweep(each) for each in pictures.sweep_folders(folder / "sweeps" / "train")]
    frames = [
        (pictures.no_larger(luma, COARSE_SIDE), c >= 0.95)
        for sweep in sweeps
        for luma, c in zip(sweep.lumas, sweep.c, strict=True)
        if c >= 0.95 or c < 0.5
    ]
    for each in tqdm(judges, "thresholds", disable=None):
        each.train(photos, frames)


def parts(options: Options, mine: list[rivals.Ours], rest: list[rivals.Measured]) -> list[table.Part]:
    """The table. Raises FocuscamError."""
    # Whatever is wrong with a folder is said before anything is looked at.
    photos = sets.listed(options.sets) if options.sets else []
    series = calibration.listed(options.spots)
    given = cases.listed(options.cases) if options.cases else []
    looks: list[calibration.Looks] = [*mine, *(each for each in rest if isinstance(each, rivals.SeedNetwork))]
    found = []
    if photos:
        found.append(_sets(photos, [*mine, *rest]))
    if series:
        found += [_spots(series, looks, each, options.plot) for each in conditions(options, ["clean"])]
    if options.skies:
        found.append(_skies(options.skies, mine))
    if given:
        said = {
            judge.name: [cases.tried(judge.model, *each) for each in _shown(given, "cases", judge)] for judge in mine
        }
        found.append(table.of_cases("Cases: score of the best subject, and of the spot", said))
    return found


def _shown(what: Iterable[T], title: str, judge: Judge) -> Iterable[T]:
    shown: Iterable[T] = tqdm(what, f"{title}, {judge.name}", disable=None, leave=False)
    return shown


def _sets(photos: Sequence[tuple[str, str, Path]], judges: Sequence[Judge]) -> table.Part:
    found = {}
    for judge in judges:
        said = sets.seen(judge, _shown(photos, "sets", judge))
        found[judge.name] = sets.figures(said, getattr(judge, "photo_threshold", judge.threshold))
    return table.of_figures("Photos: mean over sets", lines.SETS, found)


def _spots(
    series: Sequence[tuple[Path, list[Box]]], judges: Sequence[calibration.Looks], condition: str, plot: Path | None
) -> table.Part:
    found = {}
    for judge in judges:
        said = calibration.shown(judge, _shown(series, "spots", judge), condition)
        found[judge.name] = calibration.figures(said)
        if plot and judge is judges[0] and condition == "clean":
            calibration.plot(said, plot / "reliability.png")
    title = "Spots of sweeps: mean over series" + f", {condition}" * (condition != "clean")
    return table.of_figures(title, lines.SPOTS, found)


def _skies(count: int, judges: list[rivals.Ours]) -> table.Part:
    found = {}
    for judge in judges:
        scorer = Scorer(judge.model, parse("whole"))
        skies = list(points.seeds(0, count))
        some = list(points.seeds(0, -(-count // SEARCHES)))
        said = [points.shown(scorer, *each) for each in _shown(skies, "skies", judge)]
        searches = [points.searched(scorer, *each) for each in _shown(some, "autofocus", judge)]
        found[judge.name] = points.figures(said, searches)
    return table.of_figures("Points of light: share of skies", lines.SKIES, found)


def run(options: Options) -> tuple[list[table.Part], compared.Compared]:
    """The table, and the comparison with what focuscam replaces; each empty where nothing is asked. Raises
    FocuscamError.
    """
    complete(options)
    photos = pictures.photos(options.photos) if options.photos else []
    sweeps = [pictures.sweep(folder) for folder in pictures.sweep_folders(options.sweeps)] if options.sweeps else []
    chosen = conditions(options, list(pictures.CONDITIONS))
    mine = ours(options)
    rest = others(options)
    if not mine and not rest:
        raise UsageError(f"No judge's name contains {options.only!r}: --only focuscam, LiteRT, tflite or seed.")
    found = parts(options, mine, rest)
    if not photos and not sweeps:
        return found, {}
    result, written = compared.run([*mine, *rest], chosen, photos, sweeps, options.plot)
    for path in written:
        print(path, file=sys.stderr)
    return found, result
