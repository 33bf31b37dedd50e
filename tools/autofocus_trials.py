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

import cv2

from focuscam.errors import FocuscamError
from lab import places
from lab.autofocus import report, trials


class Options(argparse.Namespace):
    """What was given."""

    scenes: int
    empty: int
    spots: int
    few: bool
    seed: int
    variants: bool
    list: bool
    json: bool


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
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
    return parser


def main(given: list[str] | None = None) -> int:
    """Try, print, and return the exit status."""
    options = arguments().parse_args(given, Options())
    scenes, empty = (options.scenes // 10, options.empty // 10) if options.few else (options.scenes, options.empty)
    cv2.setNumThreads(1)
    try:
        found = trials.run(places.DATA, scenes, empty, options.spots, options.seed, options.variants)
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    if not found.sweeps:
        print(f"No recorded sweeps in {places.DATA}: simulated scenes only.", file=sys.stderr)
    result = found.figures()
    if options.json:
        print(json.dumps({n: {k: getattr(v, "value", v) for k, v in each.items()} for n, each in result.items()}))
        return 0
    lines = [*report.table(result), *report.details(found)]
    lines += report.upsets(found) if scenes else ()
    lines += report.wrong(found) if options.list else ()
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
