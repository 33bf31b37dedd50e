#!/usr/bin/env -S tools/python
"""Two pages, one of them asleep, for as long as wanted: does the light notice, and does anything grow?

    tools/page_soak.py [--minutes 60] [--hostile]

Runs the real loop on a simulated lens beside a real `focuscam page`, by turns with nobody looking and with two pages
(with --hostile two strangers besides, who send what no page sends), and compares: frames a second, the delay from
exposure to the light (the median, and the 99th in a hundred), memory of both. Ends with 1 where that costs more than
3 % of the frames, a frame of delay, memory that stays, or more than 1.5 Mbit/s.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from lab.soak import turns
from lab.soak.pages import HOSTILE, PAGES, Pages


class Options(argparse.Namespace):
    """What was given."""

    minutes: float
    hostile: bool


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/page_soak.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--hostile", action="store_true", help="strangers knock as well, as fast as they are answered")
    return parser


def main(given: list[str] | None = None) -> int:
    """Run, print, and return the exit status."""
    options = arguments().parse_args(given, Options())
    made: list[Pages] = []

    def pages(place: Path) -> Pages:
        made.append(Pages(place, Path(folder), (*PAGES, *HOSTILE) if options.hostile else PAGES))
        return made[0]

    with tempfile.TemporaryDirectory() as folder:
        try:
            unnoticed = turns.told(turns.run(options.minutes, pages))
        finally:
            for each in made:
                each.close()
    return 0 if made[0].told() and unnoticed else 1


if __name__ == "__main__":
    sys.exit(main())
