#!/usr/bin/env -S tools/python
"""How good the light is: focuscam and what it replaces, on photos and focus sweeps, in one table.

`tools/evaluate.py` looks at the data beside the repository; `--photos` and `--sweeps` take others.
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

from evaluation import calibration, pictures, rivals, sets, simulated, trials  # noqa: E402
from evaluation.statistics import Figure  # noqa: E402
from tqdm import tqdm  # noqa: E402

from focuscam.errors import FocuscamError, UsageError  # noqa: E402
from focuscam.focus import runtime  # noqa: E402
from focuscam.focus.model import FocusModel  # noqa: E402

DATA = HERE.parent.parent / "shared" / "data"
SEED = HERE.parent / "models" / "scratch" / "seed.tflite"
RUNTIMES = {"litert": "LiteRT", "tflite": "tflite-runtime"}


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/evaluate.py", description=__doc__)
    parser.add_argument("--photos", type=Path, metavar="FOLDER", help="photos in the layout of the Kaggle set")
    parser.add_argument("--sweeps", type=Path, metavar="FOLDER", help="sweeps, each a folder with a sweep.csv")
    parser.add_argument("--sets", type=Path, metavar="FOLDER", help="sets of photos, each with sharp, defocus, motion")
    parser.add_argument(
        "--spots",
        type=Path,
        nargs="+",
        default=[],
        metavar="FOLDER",
        help="series with a spots.csv: is the score right?",
    )
    parser.add_argument(
        "--train", type=Path, metavar="FOLDER", help="holds sharp/ and sweeps/train: thresholds of rivals"
    )
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="PATH.tflite, with PATH.json beside it (the shipped one)"
    )
    parser.add_argument("--seed-model", type=Path, default=SEED, metavar="FILE", help="the seed network as .tflite")
    parser.add_argument("--only", metavar="WORD", help="only judges whose name contains this")
    parser.add_argument("--conditions", metavar="WORD,...", help="only these, such as clean,noise 8")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="write the curves as PNG")
    return parser


def judges(options: argparse.Namespace, needs_rivals: bool) -> tuple[list[trials.Judge], list[str]]:
    """All who are tried, and what to say of those who cannot be."""
    found: list[trials.Judge] = []
    remarks = []
    names = runtime.installed()
    for name in RUNTIMES:
        if name in names:
            label = f"focuscam, {RUNTIMES[name]}"
            found.append(rivals.Ours(FocusModel(options.model, runtime=name), label))
        else:
            remarks.append(f"focuscam, {RUNTIMES[name]}: not installed here.")
    rest = rivals.classical() if needs_rivals else []
    if not options.seed_model.exists():
        remarks.append(
            f"seed network: {options.seed_model.name} is not there (15 MB, too large to ship). These make it: "
            "`tools/train.py seed --simulate ../shared/data/sharp` and "
            "`tools/convert.py models/scratch/seed.keras --calibrate ../shared/data/sharp`."
        )
    elif needs_rivals:
        rest.append(rivals.SeedNetwork(options.seed_model))
    if options.only:
        found = [each for each in found if options.only.lower() in each.name.lower()]
        rest = [each for each in rest if options.only.lower() in each.name.lower()]
    if rest:
        if options.train is None:
            raise UsageError("The rivals need training data for their thresholds: give --train, or --only focuscam.")
        photos = [(p.luma, p.kind == "none") for p in simulated.photos(options.train / "sharp")]
        sweeps = [pictures.sweep(folder) for folder in pictures.sweep_folders(options.train / "sweeps" / "train")]
        frames = [
            (pictures.no_larger(luma, pictures.COARSE_SIDE), c >= 0.95)
            for sweep in sweeps
            for luma, c in zip(sweep.lumas, sweep.c, strict=True)
            if c >= 0.95 or c < 0.5
        ]
        for each in tqdm(rest, "thresholds", disable=None):
            each.train(photos, frames)
    return found + rest, remarks


def run(options: argparse.Namespace) -> dict[str, dict[str, dict[str, Figure]]]:
    """Every judge under every condition: figures by judge, condition, name. Raises FocuscamError."""
    photos = pictures.photos(options.photos) if options.photos else []
    sweeps = [pictures.sweep(folder) for folder in pictures.sweep_folders(options.sweeps)] if options.sweeps else []
    wanted = options.conditions.split(",") if options.conditions else list(pictures.CONDITIONS)
    for name in wanted:
        if name not in pictures.CONDITIONS:
            raise UsageError(f"There is no condition {name!r}: choose from {', '.join(pictures.CONDITIONS)}.")
    who, remarks = judges(options, True)
    result: dict[str, dict[str, dict[str, Figure]]] = {}
    kept = []
    for judge in tqdm(who, "judges", disable=None):
        for condition in tqdm(wanted, judge.name, disable=None, leave=False):
            figures: dict[str, Figure] = {}
            if photos:
                on_photos = trials.on_photos(judge, photos, condition)
                figures |= on_photos.figures()
            if sweeps:
                on_sweeps = trials.on_sweeps(judge, sweeps, condition, condition in pictures.LIGHT_CONDITIONS)
                figures |= on_sweeps.figures()
            if options.spots and condition in pictures.LIGHT_CONDITIONS and isinstance(judge, rivals.Ours):
                shown = calibration.shown(judge.model, options.spots, condition)
                result.setdefault(f"{judge.name}, spots", {})[condition] = calibration.figures(shown)
                if options.plot and judge is who[0] and condition == "clean":
                    calibration.plot(shown, options.plot / "reliability.png")
            if options.sets and condition == "clean":
                said = sets.seen(judge, options.sets)
                threshold = getattr(judge, "photo_threshold", judge.threshold)
                result.setdefault(f"{judge.name}, sets", {})[condition] = sets.figures(said, threshold)
            result.setdefault(judge.name, {})[condition] = figures
            kept.append((judge, condition, on_photos if photos else None, on_sweeps if sweeps else None))
    for judge, condition, said in trials.against_first(kept):
        result[judge][condition]["same decision"] = said
    for remark in remarks:
        print(remark, file=sys.stderr)
    if options.plot:
        from evaluation import plots

        for path in plots.write(options.plot, kept):
            print(path, file=sys.stderr)
    return result


COLUMNS = {
    "Photos": ("AUC defocus", "AUC motion", "accuracy", "on sharp", "on blurred", "kind"),
    "Sweeps": ("rank", "top, steps", "top within 1"),
    "The light": ("green", "first green", "cold start"),
    "The runtimes": ("same decision",),
    "Photos in sets": (
        "AUC defocus",
        "AUC motion",
        "sharp",
        "defocus",
        "motion",
        "worst motion",
        "kind",
        "kind, when said",
    ),
    "Spots, one frame alone": ("ECE", "sharp over 0.9", "sharp on", "soft under 0.1", "soft on"),
}


def table(result: dict[str, dict[str, dict[str, Figure]]]) -> str:
    """The figures as text: value, 95 % interval, number of cases."""
    lines = []
    for title, columns in COLUMNS.items():
        # Photos in sets and the single ones have figures of the same names.
        of_sets = title == "Photos in sets"
        rows = [
            (
                judge.removesuffix(", sets").removesuffix(", spots"),
                condition,
                [figures.get(column) for column in columns],
            )
            for judge, by_condition in result.items()
            if judge.endswith(", sets") == of_sets
            for condition, figures in by_condition.items()
            if any(column in figures for column in columns)
        ]
        if not rows:
            continue
        width = max(len(f"{judge}  {condition}") for judge, condition, _ in rows)
        lines += [f"{title:{width}}  " + "  ".join(f"{column:24}" for column in columns)]
        before = None
        for judge, condition, figures in rows:
            name = "" if judge == before else judge
            gap = width - len(condition)
            lines.append(f"{name:{gap}}{condition}  " + "  ".join(f"{figure!s:24}" for figure in figures))
            before = judge
        lines.append("")
    return "\n".join(lines)


def plain(result: dict[str, dict[str, dict[str, Figure]]]) -> dict[str, object]:
    """The figures as JSON has them: null where there is no case."""
    return {
        judge: {
            condition: {
                name: {key: None if value != value else value for key, value in vars(figure).items()}
                for name, figure in figures.items()
            }
            for condition, figures in by_condition.items()
        }
        for judge, by_condition in result.items()
    }


def main(given: list[str] | None = None) -> int:
    """Run, print, and return the exit status."""
    options = arguments().parse_args(given)
    if not (options.photos or options.sweeps or options.sets or options.spots):
        if not DATA.is_dir():
            print("Give photos or sweeps to look at: --photos FOLDER, --sweeps FOLDER.", file=sys.stderr)
            return 2
        options.photos, options.sweeps = DATA / "kwentar", DATA / "sweeps" / "validation"
    if options.train is None and DATA.is_dir():
        options.train = DATA
    try:
        result = run(options)
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    if options.json:
        print(json.dumps(plain(result)))
    else:
        print(table(result), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
