#!/usr/bin/env -S tools/python
"""Eight readers on the daemon's socket, one of them stopped and one that sends random bytes: does the light notice?

    python tools/readers_soak.py [--minutes 10] [--one-processor]

Runs the real loop on a simulated lens, by turns with nobody looking and with eight readers, and compares: frames a
second, the delay from exposure to the light (the median, and the 99th in a hundred), memory. Ends with 1 where the
readers cost more than 3 % of the frames, a frame of delay, or memory that stays.

`--one-processor` holds the daemon, and nothing else, to one processor, as on the smallest Pi, and lets three readers
look at pictures and focus maps: what is made for them may cost the light less than a frame.
"""

from __future__ import annotations

import argparse
import sys

from lab.soak.processor import hold_to_one_processor
from lab.soak.readers import KINDS, LOOKING, Readers


class Options(argparse.Namespace):
    """What was given."""

    minutes: float
    one_processor: bool


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/readers_soak.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--one-processor", action="store_true", help="three readers look; the loop has one processor")
    return parser


def main(given: list[str] | None = None) -> int:
    """Run, print, and return the exit status."""
    options = arguments().parse_args(given, Options())
    if options.one_processor:
        hold_to_one_processor()
    # Only now: libraries make threads as they are loaded, which would keep the processors of then.
    from lab.soak import turns

    kinds = LOOKING if options.one_processor else KINDS
    return 0 if turns.told(turns.run(options.minutes, lambda place: Readers(place, kinds))) else 1


if __name__ == "__main__":
    sys.exit(main())
