#!/usr/bin/env -S tools/python
"""Where a person ends who turns the ring and stops when the light comes on: on real focus series, with many hands.

Each hand comes to each spot (a box of one depth) from either end, and stops at the first green: right where the
contrast is 0.85 of the best or more, early where it is less than 0.7. A series counts once. Beside it: is the light on
at rest at the best and off where it is soft (green), and right on one frame alone (cold).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from focuscam.errors import FocuscamError
from lab.evaluation import light_trials, statistics
from lab.evaluation.light_trials import BEFORE, FOLDERS, OURS, Told
from lab.evaluation.ring import HANDS


class Options(light_trials.Options):
    """What was given."""

    json: bool


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/light_trials.py", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*", default=FOLDERS, help="each holds series, and their spots.csv")
    parser.add_argument("--model", type=Path, metavar="FILE", help="another network, its .json beside it")
    parser.add_argument("--hands", metavar="WORD,...", help=f"only these of {','.join(HANDS)}")
    parser.add_argument("--conditions", metavar="WORD,...", help="only these, such as clean,noise 8")
    parser.add_argument("--most", type=int, default=2, metavar="N", help="spots of each series at most (2)")
    parser.add_argument("--rivals", action="store_true", help="other lights, too")
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="draw the twenty worst approaches as PNG")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the tables")
    return parser


def table(light: str, condition: str, told: Told) -> None:
    """One light's figures, a row a hand."""
    n = len(told["at rest"]["green"])
    print(f"\n{light}, {condition}, {n} series: mean over series [95 % interval]")
    print(f"{'hand':32}{'right':20}{'early':20}{'never':20}legs")
    for name, said in told.items():
        if name == "at rest":
            continue
        right, early, never, legs = (statistics.mean(said[key]) for key in ("right", "early", "never", "legs"))
        told_of = [f"{each.value:.3f} [{each.low:.2f} {each.high:.2f}]" for each in (right, early, never)]
        words = HANDS[name].words
        print(f"{words:32}" + "".join(f"{each:20}" for each in told_of) + f"{legs.value:.2f}")
    for figure, values in told["at rest"].items():
        print(f"{figure} {statistics.mean(values)}")


def main(given: list[str] | None = None) -> int:
    """Play, print, and return the exit status."""
    options = arguments().parse_args(given, Options())
    try:
        result = light_trials.run(options)
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    if options.json:
        print(json.dumps(result))
        return 0
    before = json.loads(BEFORE.read_text()) if options.folders == FOLDERS and BEFORE.is_file() else {}
    for condition, lights in result.items():
        for light, told in lights.items():
            table(light, condition, told)
        if condition in before and options.rivals:
            kept = {name: values for name, values in before[condition].items() if name in lights[OURS]}
            table("the coach of dacd929 (kept)", condition, kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
