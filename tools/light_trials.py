#!/usr/bin/env -S tools/python
"""Where a person ends who turns the ring and stops when the light comes on: on real focus series, with many hands.

Each hand comes to each spot (a box of one depth) from either end, and stops at the first green: right where the
contrast is 0.85 of the best or more, early where it is less than 0.7. A series counts once. Beside it: is the light on
at rest at the best and off where it is soft (green), and right on one frame alone (cold).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
from tqdm import tqdm

from focuscam.errors import FocuscamError, UsageError
from focuscam.focus.model import FocusModel
from lab.evaluation import spots, statistics
from lab.evaluation.pictures import LIGHT_CONDITIONS
from lab.evaluation.ring import HANDS
from lab.evaluation.spot_lights import Ours, rivals
from lab.evaluation.spot_trials import Spot, figures
from lab.places import DATA, TOOLS

FOLDERS = [DATA / "sweeps" / "validation", DATA / "series" / "validation"]
BEFORE = TOOLS / "lab" / "evaluation" / "light_before.json"
"""What the coach of commit dacd929, which did not wait for the top, did on those folders, by condition."""
OURS = "focuscam"


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


def chosen(given: str | None, known: list[str], what: str) -> list[str]:
    """The words of an option. Raises UsageError for one that is none."""
    words = given.split(",") if given else known
    for word in words:
        if word not in known:
            raise UsageError(f"There is no {what} {word!r}: choose from {', '.join(known)}.")
    return words


def looked_at(job: tuple[Path, list | None], model: Path | None, conditions: list[str], most: int) -> list[Spot]:
    """Read one series, and every spot of it under every condition."""
    cv2.setNumThreads(1)
    folder, boxes = job
    network = FocusModel(model)
    series = spots.read(folder, boxes)
    return [Spot(series, box, network, condition) for condition in conditions for box in series.boxes[:most]]


def read(options: argparse.Namespace, conditions: list[str]) -> dict[str, list[Spot]]:
    """All spots, by condition. Raises FocuscamError."""
    jobs = [job for folder in options.folders for job in spots.listed(folder, options.most)]
    by_condition: dict[str, list[Spot]] = defaultdict(list)
    look = partial(looked_at, model=options.model, conditions=conditions, most=options.most)
    # Fresh processes: a fork of one whose OpenCV has threads may wait for them for ever.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        for each in tqdm(pool.map(look, jobs), "looking", len(jobs), disable=None, leave=False):
            for spot in each:
                by_condition[spot.condition].append(spot)
    if not by_condition:
        raise UsageError("None of these series has a spot of one depth.")
    return by_condition


def run(options: argparse.Namespace) -> dict[str, dict[str, dict]]:
    """Figures by condition, then by light, hand and figure. Raises FocuscamError."""
    hands = chosen(options.hands, list(HANDS), "hand")
    conditions = chosen(options.conditions, list(LIGHT_CONDITIONS), "condition")
    threshold = FocusModel(options.model).threshold
    result: dict[str, dict[str, dict]] = {}
    for condition, seen in read(options, conditions).items():
        who = {OURS: partial(Ours, threshold)}
        if options.rivals:
            who |= rivals(threshold, [pair for spot in seen for pair in spot.seen()])
        result[condition] = {
            name: figures(seen, hands, make) for name, make in tqdm(who.items(), condition, disable=None, leave=False)
        }
        if options.plot and condition == conditions[0]:
            from lab.evaluation.spot_plots import draw_the_worst

            draw_the_worst(options.plot, seen, hands, partial(Ours, threshold))
    return result


def table(light: str, condition: str, told: dict[str, dict[str, list[float]]]) -> None:
    """One light's figures, a row a hand."""
    n = len(told["at rest"]["green"])
    print(f"\n{light}, {condition}, {n} series: mean over series [95 % interval]")
    print(f"{'hand':32}{'right':20}{'early':20}{'never':20}legs")
    for name, values in told.items():
        if name == "at rest":
            continue
        right, early, never, legs = (statistics.mean(values[key]) for key in ("right", "early", "never", "legs"))
        told_of = [f"{each.value:.3f} [{each.low:.2f} {each.high:.2f}]" for each in (right, early, never)]
        words = HANDS[name].words
        print(f"{words:32}" + "".join(f"{each:20}" for each in told_of) + f"{legs.value:.2f}")
    for name, values in told["at rest"].items():
        print(f"{name} {statistics.mean(values)}")


def main(given: list[str] | None = None) -> int:
    """Play, print, and return the exit status."""
    options = arguments().parse_args(given)
    try:
        result = run(options)
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
