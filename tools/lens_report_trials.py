#!/usr/bin/env -S tools/python
"""Simulated lenses of known tilt, field curvature and aberration: does the lens report find what is there?

`tools/lens_report_trials.py` prints for each figure how often it is told, how often the true value lies within the
uncertainty that is stated, how large that is, and how large the true values are; and what is said of scenes with
depth and of sweeps that do not reach the focus.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from focuscam.cameras.recorded import images_in
from focuscam.lens_report.chromatic import fringes
from focuscam.lens_report.figures import of_photos, of_sweep
from focuscam.lens_report.sweep import Swept, measured, table
from lab.lens_report.fringes import WAYS, fringed
from lab.lens_report.sweeps import in_depth, swept

DEEP = "step", "relief", "scene"


def measure(frames: list[np.ndarray], positions: list[float]) -> Swept:
    """As the command does."""
    return measured(frames, np.array(positions), table(frames))


def sweep_case(seed: int, number: int, photos: Sequence[Path]) -> dict[str, tuple[float, float | None, float | None]]:
    """Of each figure the true value, the measured one and its uncertainty; in px of blur disc, or degrees."""
    true = swept(np.random.default_rng([seed, 0, number]), photos=photos)
    told = {each.key: each.measured for each in of_sweep(measure(true.frames, true.positions), "positions")}
    px = true.disc
    truths = {
        "focus": (true.centre, px),
        "tilt_across": (true.across, px),
        "tilt_down": (true.down, px),
        "curvature": (true.curvature, px),
        "tilt_angle": (true.degrees, 1.0),
        "blur_growth": (true.disc, 1 / true.disc),
    }
    case = {}
    for key, (value, scale) in truths.items():
        found = told[key]
        # The place of focus itself has no size to compare with.
        offset = value if key == "focus" else 0.0
        if found is None:
            case[key] = ((value - offset) * scale, None, None)
        else:
            case[key] = ((value - offset) * scale, (found.value - offset) * scale, found.uncertainty * scale)
    return case


def photo_case(seed: int, number: int) -> tuple[str, dict[str, tuple[float, float | None, float | None]]]:
    """The same for a photo, and how it was stored; px."""
    true = fringed(np.random.default_rng([seed, 1, number]))
    told = {each.key: each.measured for each in of_photos(fringes([true.photo]))}
    case = {}
    for key, value in (("red_corner", true.red), ("blue_corner", true.blue)):
        found = told[key]
        case[key] = (value, found and found.value, found and found.uncertainty)
    return true.way, case


def summary(cases: list[tuple[float, float | None, float | None]]) -> dict[str, float]:
    """What became of one figure."""
    told = np.array([case for case in cases if case[1] is not None], float).reshape(-1, 3)
    error = np.abs(told[:, 1] - told[:, 0])
    return {
        "told": len(told) / len(cases),
        "within": float(np.mean(error <= told[:, 2])) if len(told) else float("nan"),
        "uncertainty": float(np.median(told[:, 2])) if len(told) else float("nan"),
        "error": float(np.median(error)) if len(told) else float("nan"),
        "true": float(np.median(np.abs([case[0] for case in cases]))),
    }


def main(given: list[str] | None = None) -> int:
    """Try, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="tools/lens_report_trials.py", description=__doc__)
    parser.add_argument("--cases", type=int, default=200, metavar="N", help="lenses; a fifth as many of other scenes")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument(
        "--targets", type=Path, metavar="FOLDER", help="photos that are swept over as flat targets, not invented ones"
    )
    options = parser.parse_args(given)
    photos = images_in(options.targets) if options.targets else []
    found: dict[str, list[tuple[float, float | None, float | None]]] = {}
    by_way: dict[str, list[tuple[float, float | None, float | None]]] = {}
    for number in tqdm(range(options.cases), "lenses", disable=None, leave=False):
        way, photo = photo_case(options.seed, number)
        by_way.setdefault(way, []).extend(photo.values())
        for key, case in (sweep_case(options.seed, number, photos) | photo).items():
            found.setdefault(key, []).append(case)
    others = max(options.cases // 5, 1)
    travels: Counter[str] = Counter()
    for number in tqdm(range(others), "beyond", disable=None, leave=False):
        case = swept(np.random.default_rng([options.seed, 2, number]), "beyond")
        told = measure(case.frames, case.positions).travel
        side = "before" if case.centre < min(case.positions) else "after"
        travels["right" if told == side else "not enough to tell" if told == "unknown" else "wrong"] += 1
    refused: dict[str, float] = {}
    for kind in tqdm(DEEP, "scenes with depth", disable=None, leave=False):
        count = 0
        for number in range(others):
            random = np.random.default_rng([options.seed, 3, number])
            if kind == "scene":
                frames, positions = in_depth(random)
            else:
                deep = swept(random, kind)
                frames, positions = deep.frames, deep.positions
            told_all = {each.key: each.measured for each in of_sweep(measure(frames, positions), "positions")}
            count += told_all["tilt_across"] is None and told_all["curvature"] is None
        refused[kind] = count / others
    result = {
        "figures": {key: summary(cases) for key, cases in found.items()},
        "photos": {way: summary(by_way[way]) for way in WAYS if way in by_way},
        "beyond": {key: count / others for key, count in travels.items()},
        "refused": refused,
    }
    if options.json:
        print(json.dumps(result))
        return 0
    units = {"tilt_angle": "degrees × f-number", "blur_growth": "share", "red_corner": "px", "blue_corner": "px"}
    head = f"{'':24}{'told':>6}{'within':>8}{'uncertainty':>13}{'error':>8}{'true size':>11}   (medians)"
    print(head)
    for key, row in result["figures"].items():
        print(_row(key, row) + f"   {units.get(key, 'px of blur disc')}")
    print("\naberration, by how the photo is stored:")
    for way, row in result["photos"].items():
        print(_row(way, row) + "   px")
    print(f"\nfocus beyond an end of the sweep (n = {others}): " + _shares(result["beyond"]))
    print(f"scene with depth (n = {others} each), tilt and curvature refused: " + _shares(refused))
    return 0


def _row(name: str, row: dict[str, float]) -> str:
    how_far = f"{row['uncertainty']:13.3f}{row['error']:8.3f}{row['true']:11.2f}"
    return f"{name:24}{row['told']:6.2f}{row['within']:8.3f}{how_far}"


def _shares(shares: dict[str, float]) -> str:
    return ", ".join(f"{key} {share:.2f}" for key, share in shares.items())


if __name__ == "__main__":
    sys.exit(main())
