#!/usr/bin/env -S tools/python
"""How good the light is, in one table: what is wanted, and what was found on each runtime that is installed.

`tools/evaluate.py` looks at all validation data beside the repository: photos in sets, spots of focus sweeps, lights at
night, cases from the field. An option for one of them looks at that alone. `--photos` and `--sweeps` compare with what
focuscam replaces.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from evaluation import calibration, cases, compared, pictures, points, rivals, sets, simulated, table  # noqa: E402
from evaluation import wanted as lines  # noqa: E402
from evaluation.trials import Judge  # noqa: E402
from tqdm import tqdm  # noqa: E402

from focuscam.errors import FocuscamError, UsageError  # noqa: E402
from focuscam.focus import runtime  # noqa: E402
from focuscam.focus.model import FocusModel  # noqa: E402
from focuscam.focus.scorer import Scorer  # noqa: E402
from focuscam.region import parse  # noqa: E402

SHARED = HERE.parent.parent / "shared"
DATA = SHARED / "data"
SEED = HERE.parent / "models" / "scratch" / "seed.tflite"
RUNTIMES = {"litert": "LiteRT", "tflite": "tflite-runtime"}
SKIES = 10
"""Seeds of each kind of sky, unless more are wanted."""
SEARCHES = 5
"""One sky in so many is searched by autofocus as well."""


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/evaluate.py", description=__doc__)
    add = parser.add_argument
    add("--sets", type=Path, metavar="FOLDER", help="sets of photos, each with sharp, defocus, motion")
    add("--spots", type=Path, nargs="+", default=[], metavar="FOLDER", help="series with a spots.csv")
    add("--skies", type=_count, nargs="?", const=SKIES, default=0, metavar="N", help=f"N skies of each kind ({SKIES})")
    add("--cases", type=Path, metavar="FOLDER", help="pictures of cases from the field")
    add("--photos", type=Path, metavar="FOLDER", help="photos in the layout of the Kaggle set, for all judges")
    add("--sweeps", type=Path, metavar="FOLDER", help="sweeps, each a folder with a sweep.csv, for all judges")
    add("--train", type=Path, metavar="FOLDER", help="holds sharp/ and sweeps/train: thresholds of rivals")
    add("--model", type=Path, metavar="FILE", help="PATH.tflite, with PATH.json beside it (the shipped one)")
    add("--seed-model", type=Path, default=SEED, metavar="FILE", help="the seed network as .tflite")
    add("--only", metavar="WORD", help="only judges whose name contains this")
    add("--conditions", metavar="WORD,...", help="only these, such as clean,noise 8 (spots: clean)")
    add("--json", action="store_true", help="one JSON object in place of the tables")
    add("--plot", type=Path, metavar="FOLDER", help="write the curves as PNG")
    return parser


def _count(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("one or more")
    return number


def complete(options: argparse.Namespace) -> None:
    """Look at all that is beside the repository where nothing was chosen. Raises UsageError where nothing is there."""
    if options.train is None and DATA.is_dir():
        options.train = DATA
    if any((options.photos, options.sweeps, options.sets, options.spots, options.skies, options.cases)):
        return
    if not DATA.is_dir():
        raise UsageError("Give something to look at: --sets FOLDER, --spots FOLDER, --skies, --cases FOLDER.")
    options.sets = DATA / "photos" / "validation"
    options.spots = [DATA / "sweeps" / "validation", DATA / "series" / "validation"]
    options.skies, options.cases = SKIES, SHARED / "cases"


def conditions(options: argparse.Namespace, otherwise: list[str]) -> list[str]:
    """Those that are asked for. Raises UsageError for one that is none."""
    chosen = options.conditions.split(",") if options.conditions else otherwise
    for name in chosen:
        if name not in pictures.CONDITIONS:
            raise UsageError(f"There is no condition {name!r}: choose from {', '.join(pictures.CONDITIONS)}.")
    return chosen


def ours(options: argparse.Namespace) -> list[rivals.Ours]:
    """The network on each runtime that is installed; says which is not."""
    found = []
    for name, label in RUNTIMES.items():
        if name in runtime.installed():
            found.append(rivals.Ours(FocusModel(options.model, runtime=name), f"focuscam, {label}"))
        else:
            print(f"focuscam, {label}: not installed here.", file=sys.stderr)
    return [each for each in found if _asked_for(options, each)]


def others(options: argparse.Namespace) -> list[rivals.Measured]:
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


def _asked_for(options: argparse.Namespace, judge: Judge) -> bool:
    return not options.only or options.only.lower() in judge.name.lower()


def _train(judges: list[rivals.Measured], folder: Path) -> None:
    photos = [(photo.luma, photo.kind == "none") for photo in simulated.photos(folder / "sharp")]
    sweeps = [pictures.sweep(each) for each in pictures.sweep_folders(folder / "sweeps" / "train")]
    frames = [
        (pictures.no_larger(luma, pictures.COARSE_SIDE), c >= 0.95)
        for sweep in sweeps
        for luma, c in zip(sweep.lumas, sweep.c, strict=True)
        if c >= 0.95 or c < 0.5
    ]
    for each in tqdm(judges, "thresholds", disable=None):
        each.train(photos, frames)


def parts(options: argparse.Namespace, mine: list[rivals.Ours], rest: list[rivals.Measured]) -> list[table.Part]:
    """The table. Raises FocuscamError."""
    # Whatever is wrong with a folder is said before anything is looked at.
    photos = sets.listed(options.sets) if options.sets else []
    series = calibration.listed(options.spots)
    given = cases.listed(options.cases) if options.cases else []
    looks = [*mine, *(each for each in rest if isinstance(each, rivals.SeedNetwork))]
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


def _shown(what, title: str, judge: Judge):
    return tqdm(what, f"{title}, {judge.name}", disable=None, leave=False)


def _sets(photos, judges) -> table.Part:
    found = {}
    for judge in judges:
        said = sets.seen(judge, _shown(photos, "sets", judge))
        found[judge.name] = sets.figures(said, getattr(judge, "photo_threshold", judge.threshold))
    return table.of_figures("Photos: mean over sets", lines.SETS, found)


def _spots(series, judges, condition: str, plot: Path | None) -> table.Part:
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


def run(options: argparse.Namespace) -> tuple[list[table.Part], compared.Compared]:
    """The table, and the comparison with what focuscam replaces; each empty where nothing is asked. Raises
    FocuscamError.
    """
    complete(options)
    photos = pictures.photos(options.photos) if options.photos else []
    sweeps = [pictures.sweep(folder) for folder in pictures.sweep_folders(options.sweeps)] if options.sweeps else []
    chosen = conditions(options, list(pictures.CONDITIONS))
    mine = ours(options)
    rest = others(options)
    found = parts(options, mine, rest)
    if not photos and not sweeps:
        return found, {}
    result, written = compared.run([*mine, *rest], chosen, photos, sweeps, options.plot)
    for path in written:
        print(path, file=sys.stderr)
    return found, result


def main(given: list[str] | None = None) -> int:
    """Run, print, and return the exit status."""
    options = arguments().parse_args(given)
    try:
        found, result = run(options)
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    if options.json:
        print(json.dumps({"table": table.plain(found), "compared": compared.plain(result)}))
    else:
        print(table.text(found) if found else "", compared.text(result), sep="", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
