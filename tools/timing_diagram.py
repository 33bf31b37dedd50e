#!/usr/bin/env -S tools/python
"""Everything the light and the sound can say, as a timing diagram: the pins' levels over time, in every mode.

`tools/timing_diagram.py FILE.png` plays the demo of `focuscam indicators --demo` on mock pins, mode by mode, and draws
what the pins did.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lab.timing_diagram import draw


class Options(argparse.Namespace):
    """What was given."""

    file: Path


def main(given: list[str] | None = None) -> int:
    """Draw, and return the exit status."""
    parser = argparse.ArgumentParser(prog="tools/timing_diagram.py", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE.png")
    draw(parser.parse_args(given, Options()).file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
