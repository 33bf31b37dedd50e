#!/usr/bin/env -S tools/python
"""Make the moving picture of the README: the view over SSH and the LED while a simulated lens is focused.

It takes as long as it shows, for it is what really happens; so let the machine do nothing else meanwhile.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lab.docs.moving_picture import record, save
from lab.places import REPOSITORY


class Options(argparse.Namespace):
    """What was given."""

    file: Path
    seconds: float
    skip: float
    fps: float


def main(given: list[str] | None = None) -> int:
    """Record, write, and return the exit status."""
    parser = argparse.ArgumentParser(prog="tools/moving_picture.py", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=REPOSITORY / "docs/images/view.gif", metavar="FILE.gif")
    parser.add_argument("--seconds", type=float, default=15.0, help="how long it is (15)")
    parser.add_argument("--skip", type=float, default=1.0, help="seconds that are left out at the start (1)")
    parser.add_argument("--fps", type=float, default=8.0, help="pictures a second (8)")
    options = parser.parse_args(given, Options())
    pictures = record(options.skip + options.seconds, options.fps)[round(options.skip * options.fps) :]
    save(pictures, options.file, options.fps)
    print(f"{options.file}: {len(pictures)} pictures, {options.file.stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
