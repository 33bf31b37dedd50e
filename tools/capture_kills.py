#!/usr/bin/env -S tools/python
"""Stills saved by a process that is killed at random moments: is every file whole that has a final name?

`tools/capture_kills.py` starts a process that saves one still after another (JPEG, and a file in the place of the DNG),
kills it with SIGKILL after 0 to 100 ms, opens all that it left, starts the next one in the same folder, and goes on
until 1,000 stills were saved. Prints how often it killed, what it found, and ends with 1 where a file was broken.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lab.soak import kills


class Options(argparse.Namespace):
    """What was given."""

    captures: int
    seed: int
    folder: Path | None


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/capture_kills.py", description=__doc__)
    parser.add_argument("--captures", type=int, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--folder", type=Path, help="where, such as on a card; a temporary folder by default")
    return parser


def main(given: list[str] | None = None) -> int:
    """Kill, look, print, and return the exit status."""
    options = arguments().parse_args(given, Options())
    found = kills.run(options.captures, options.seed, options.folder)
    if found is None:
        return 1
    print(
        f"{found.stills} stills, {found.kills} kills; {found.unfinished} files were unfinished, "
        f"{found.leftover} of them still there at the end"
    )
    named = f": {', '.join(found.broken)}" if found.broken else ""
    print(f"{len(found.broken)} files under a final name are broken{named}")
    print(f"{found.alone} stills without one of their two files: killed between the two names")
    return 1 if found.broken or found.leftover else 0


if __name__ == "__main__":
    sys.exit(main())
