#!/usr/bin/env -S tools/python
"""A million frames: does the daemon's memory grow, do its threads or its open files?

    tools/endurance.py [--frames 1000000] [--minutes 600]

Plays a folder of small frames over and over, as fast as they can be scored, through the daemon with its socket, and
looks at the process after ten thousand frames, a hundred thousand and a million. Nothing is connected to its pins.
Ends with 1 where something grew, 2 where there was no time for a second look.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from lab.soak.endurance import LOOKS, grown, watch


class Options(argparse.Namespace):
    """What was given."""

    frames: int
    minutes: float


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/endurance.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--frames", type=int, default=LOOKS[-1])
    parser.add_argument("--minutes", type=float, default=600.0)
    return parser


def main(given: list[str] | None = None) -> int:
    """Run, print, and return the exit status."""
    options = arguments().parse_args(given, Options())
    with tempfile.TemporaryDirectory(prefix="focuscam-endurance-") as folder:
        found = watch(Path(folder), options.frames, options.minutes)
    if len(found) < 2:
        print("There was no time for a second look.")
        return 2
    grew = grown(found)
    print(f"Grew: {', '.join(grew)}." if grew else "Nothing grew.")
    return 1 if grew else 0


if __name__ == "__main__":
    sys.exit(main())
