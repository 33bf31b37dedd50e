#!/usr/bin/env -S tools/python
"""Simulated lenses of known tilt, field curvature and aberration: does the lens report find what is there?

`tools/lens_report_trials.py` prints for each figure how often it is told, how often the true value lies within the
uncertainty that is stated, how large that is, and how large the true values are; and what is said of scenes with
depth and of sweeps that do not reach the focus.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from focuscam.cameras.recorded import images_in
from lab.lens_report import trials

UNITS = {"tilt_angle": "degrees × f-number", "blur_growth": "share", "red_corner": "px", "blue_corner": "px"}


class Options(argparse.Namespace):
    """What was given."""

    cases: int
    seed: int
    json: bool
    targets: Path | None


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/lens_report_trials.py", description=__doc__)
    parser.add_argument("--cases", type=int, default=200, metavar="N", help="lenses; a fifth as many of other scenes")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument(
        "--targets", type=Path, metavar="FOLDER", help="photos that are swept over as flat targets, not invented ones"
    )
    return parser


def main(given: list[str] | None = None) -> int:
    """Try, print, and return the exit status."""
    options = arguments().parse_args(given, Options())
    found = trials.run(options.cases, options.seed, images_in(options.targets) if options.targets else [])
    if options.json:
        print(json.dumps(dataclasses.asdict(found)))
        return 0
    print(f"{'':24}{'told':>6}{'within':>8}{'uncertainty':>13}{'error':>8}{'true size':>11}   (medians)")
    for key, row in found.figures.items():
        print(_row(key, row) + f"   {UNITS.get(key, 'px of blur disc')}")
    print("\naberration, by how the photo is stored:")
    for way, row in found.photos.items():
        print(_row(way, row) + "   px")
    n = trials.fewer(options.cases)
    print(f"\nfocus beyond an end of the sweep (n = {n}): " + _shares(found.beyond))
    print(f"scene with depth (n = {n} each), tilt and curvature refused: " + _shares(found.refused))
    return 0


def _row(name: str, row: dict[str, float]) -> str:
    how_far = f"{row['uncertainty']:13.3f}{row['error']:8.3f}{row['true']:11.2f}"
    return f"{name:24}{row['told']:6.2f}{row['within']:8.3f}{how_far}"


def _shares(shares: dict[str, float]) -> str:
    return ", ".join(f"{key} {share:.2f}" for key, share in shares.items())


if __name__ == "__main__":
    sys.exit(main())
