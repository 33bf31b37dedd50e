#!/usr/bin/env -S tools/python
"""Trap focus on simulated hands: is there a still of what was in focus, and none of what was soft?

`tools/capture_trials.py` plays 200 hands on the views of `tools/coach_trials.py` and prints, for each way to set the
trap, the share of hands with a still within three frames of focus, and the share without any still that is soft.
"Through a mode switch": the exposure that is kept comes so many frames after the one that was decided on, is scored
by itself, and left out where it is soft. In focus and soft: the circle of confusion, and twice that, of the truth.
"""

from __future__ import annotations

import argparse
import json
import sys

from focuscam.errors import FocuscamError
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.region import parse
from lab.coaching import stills, trials


class Options(argparse.Namespace):
    """What was given."""

    hands: int
    seed: int
    json: bool


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/capture_trials.py", description=__doc__)
    parser.add_argument("--hands", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    return parser


def main(given: list[str] | None = None) -> int:
    """Play, print, and return the exit status."""
    options = arguments().parse_args(given, Options())
    try:
        scorer = Scorer(FocusModel(), parse("spot"))
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    seen = trials.views(scorer, options.seed)
    ways = stills.run(seen, scorer.model.threshold, options.hands, options.seed)
    table = {name: stills.figures(tried) for name, tried in ways.items()}
    if options.json:
        print(json.dumps({n: {k: getattr(v, "value", v) for k, v in row.items()} for n, row in table.items()}))
        return 0
    print(f"{'trap':50}{'within 3 frames of focus':34}{'none while soft':34}stills")
    for name, row in table.items():
        print(f"{name:50}" + "".join(f"{figure!s:34}" for figure in row.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
