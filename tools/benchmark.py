#!/usr/bin/env -S tools/python
"""What a frame costs: our whole step, its parts, and what it replaces, in one run on this machine.

`tools/benchmark.py` prints medians in milliseconds and their ratios, on one thread and on all. With --pi it counts
instructions on an emulated Raspberry Pi 4 in their place, and fails where a step has grown; with --memory it tells what
the service imports, when and what that costs, and what it takes as a whole.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from focuscam.errors import FocuscamError
from lab.benchmark import memory, timing
from lab.benchmark.jobs import frame_of_a_camera
from lab.pi import machine, report
from lab.places import SEED_MODEL

ROOTS = Path("/var/tmp/focuscam-arm64")


class Options(argparse.Namespace):
    """What was given."""

    repeat: int
    model: Path | None
    seed_model: Path
    json: bool
    pi: bool
    memory: bool
    keep: bool
    roots: Path


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/benchmark.py", description=__doc__)
    parser.add_argument("--repeat", type=int, default=100, metavar="N", help="runs of each, the median counts (100)")
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="PATH.tflite, with PATH.json beside it (the shipped one)"
    )
    parser.add_argument(
        "--seed-model", type=Path, default=SEED_MODEL, metavar="FILE", help="the seed network as int8 .tflite"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument("--pi", action="store_true", help="count instructions on an emulated Raspberry Pi 4 (as root)")
    parser.add_argument("--memory", action="store_true", help="what is imported, when, and the memory of the service")
    parser.add_argument("--keep", action="store_true", help="with --pi: keep these figures, to compare the next with")
    parser.add_argument(
        "--roots", type=Path, default=ROOTS, metavar="FOLDER", help=f"with --pi: where it is made ({ROOTS})"
    )
    return parser


def on_a_pi(options: Options) -> int:
    """Count, print, and return the exit status: 1 where a step has grown. Raises NoPi."""
    found = report.counted(options.roots, frame_of_a_camera())
    print(json.dumps(found) if options.json else report.table(found))
    if options.keep:
        report.keep(found)
    grown = report.grown(found)
    for sentence in grown:
        print(sentence, file=sys.stderr)
    return 1 if grown else 0


def of_memory(options: Options) -> None:
    """Measure and print. Raises FocuscamError where a service does not start."""
    rows, whole = list(memory.steps()), memory.services()
    print(json.dumps({"steps": rows, "services": whole}) if options.json else memory.table(rows, whole))


def main(given: list[str] | None = None) -> int:
    """Run, print, and return the exit status."""
    options = arguments().parse_args(given, Options())
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        if options.pi:
            return on_a_pi(options)
        if options.memory:
            of_memory(options)
            return 0
        columns, remark = timing.run(options.model, options.seed_model, options.repeat)
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    except machine.NoPi as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(columns) if options.json else timing.table(columns))
    if remark:
        print(remark, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
