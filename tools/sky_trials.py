#!/usr/bin/env -S tools/python
"""Lights at night: is the light on at focus, off beside it, and does autofocus find it?

`tools/sky_trials.py` prints, for each kind of sky of `lab.evaluation.skies`, the share of seeds whose picture counts
as in focus, by blur; the share that is right at every blur; and how far from focus the search ends.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.region import parse
from lab.evaluation import points, sky_report
from lab.evaluation.points import BLURS
from lab.evaluation.skies import KINDS


class Options(argparse.Namespace):
    """What was given."""

    seeds: int
    searches: int
    first: int
    kind: list[str] | None
    region: str
    plot: Path | None


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/sky_trials.py", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, metavar="N", help="skies of each kind (200)")
    parser.add_argument("--searches", type=int, default=20, metavar="N", help="of them for autofocus (20)")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the first seed (0)")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind")
    parser.add_argument("--region", default="whole", help="what is looked at: whole, best, spot or x,y,w,h (whole)")
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="write the pictures that went wrong as PNG")
    return parser


def main(given: list[str] | None = None) -> int:
    """Run and print."""
    parser = arguments()
    options = parser.parse_args(given, Options())
    try:
        scorer = Scorer(FocusModel(), parse(options.region))
    except ValueError as error:
        parser.error(f"--region: {error}")
    blurs = "".join(f"{blur:6g}" for blur in BLURS)
    print(f"{'share on, by blur, px':24}{blurs}   right   focus found; worst, px")
    for kind in options.kind or KINDS:
        seeds = points.seeds(options.first, options.seeds, [kind])
        some = points.seeds(options.first, min(options.searches, options.seeds), [kind])
        skies = [points.shown(scorer, *each) for each in tqdm(list(seeds), kind, disable=None, leave=False)]
        searches = [points.searched(scorer, *each) for each in tqdm(list(some), kind, disable=None, leave=False)]
        print("\n".join(sky_report.told(kind, skies, searches)), flush=True)
        if options.plot:
            sky_report.draw(options.plot, skies)
    return 0


if __name__ == "__main__":
    sys.exit(main())
