#!/usr/bin/env -S tools/python
"""What the light does on recorded focus sweeps, with the shipped settings: green light, first green, cold start.

`tools/light_trials.py [FOLDER]` tries each sweep in the folder (a folder with a sweep.csv each), clean, in noise and
in a third of the light, and prints each sweep and the sums.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from evaluation import pictures, rivals, trials  # noqa: E402
from evaluation.light import Trial  # noqa: E402
from evaluation.statistics import Figure, share  # noqa: E402
from tqdm import tqdm  # noqa: E402

from focuscam.errors import FocuscamError, UsageError  # noqa: E402
from focuscam.focus.model import FocusModel  # noqa: E402

SWEEPS = HERE.parent.parent / "shared" / "data" / "sweeps" / "validation"
NEAR = 0.85
"""Contrast, over the best of the sweep, from which a first green counts."""


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/light_trials.py", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SWEEPS, help="sweeps, each a folder with a sweep.csv")
    parser.add_argument("--model", type=Path, metavar="FILE", help="another network, its .json beside it")
    parser.add_argument("--conditions", metavar="WORD,...", help="only these, such as clean,noise 8")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    return parser


def figures(tried: Iterable[Trial]) -> dict[str, Figure]:
    """The three figures of the light."""
    tried = list(tried)
    return {
        "green light": share([each.green for each in tried]),
        "first green": share([c >= NEAR for each in tried for c in each.first]),
        "cold start": share([right for each in tried for _, _, right in each.cold]),
    }


def told(trial: Trial) -> str:
    """One line: what was wrong, and where the first green was."""
    wrong = [
        f"{what} at step {step}: {'dark' if should else 'green'}"
        for what, cases in (("rest", trial.rests), ("alone", trial.cold))
        for step, should, right in cases
        if not right
    ]
    first = ", ".join("never" if c == 0 else f"{c:.2f}" for c in trial.first)
    return f"first green {first}; {'all right' if not wrong else '; '.join(wrong)}"


def run(options: argparse.Namespace) -> dict[str, dict[str, Trial]]:
    """Every sweep under every condition: trials by condition and sweep. Raises FocuscamError."""
    folders = pictures.sweep_folders(options.folder)
    wanted = options.conditions.split(",") if options.conditions else list(pictures.LIGHT_CONDITIONS)
    for name in wanted:
        if name not in pictures.CONDITIONS:
            raise UsageError(f"There is no condition {name!r}: choose from {', '.join(pictures.CONDITIONS)}.")
    judge = rivals.Ours(FocusModel(options.model))
    sweeps = [pictures.sweep(folder) for folder in folders]
    return {
        condition: {
            sweep.name: trials.on_sweeps(judge, [sweep], condition, light=True).trials[0]
            for sweep in tqdm(sweeps, condition, disable=None, leave=False)
        }
        for condition in wanted
    }


def main(given: list[str] | None = None) -> int:
    """Run, print, and return the exit status."""
    options = arguments().parse_args(given)
    try:
        result = run(options)
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    sums = {condition: figures(tried.values()) for condition, tried in result.items()}
    if options.json:
        print(json.dumps({c: {name: vars(f) for name, f in each.items()} for c, each in sums.items()}))
        return 0
    for condition, tried in result.items():
        print(condition)
        width = max(map(len, tried))
        for name, trial in tried.items():
            print(f"  {name:{width}}  {'green ' if trial.green else 'WRONG '}  {told(trial)}")
    print(f"\n{'':20}  " + "".join(f"{name:26}" for name in next(iter(sums.values()))))
    for condition, each in sums.items():
        print(f"{condition:20}  " + "".join(f"{figure!s:26}" for figure in each.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
