#!/usr/bin/env -S tools/python
"""Lights at night: is the light on at focus, off beside it, and does autofocus find it?

`tools/sky_trials.py` prints, for each kind of sky of `evaluation.skies`, the share of seeds whose picture counts as in
focus, by blur; the share that is right at every blur; and how far from focus the search ends.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from evaluation import points  # noqa: E402
from evaluation.points import BLURS, Searched, Shown  # noqa: E402
from evaluation.skies import KINDS, Sky  # noqa: E402
from tqdm import tqdm  # noqa: E402

from focuscam.focus.model import FocusModel  # noqa: E402
from focuscam.focus.scorer import Scorer  # noqa: E402
from focuscam.region import parse  # noqa: E402

MOST = 10
"""Seeds that went wrong that are named."""


def told(kind: str, skies: list[Shown], searches: list[Searched]) -> None:
    """Print what was found of one kind, and which seeds went wrong."""
    found = [each for each in searches if each.found]
    worst = max((each.blur for each in searches if each.blur is not None), default=float("nan"))
    right = points.figures(skies, searches)[kind]
    print(f"{kind:24}" + "".join(f"{each:6.2f}" for each in np.mean([each.lit for each in skies], axis=0)), end="")
    print(f"   {right.value:.3f}   {len(found)} of {len(searches)}; {worst:.1f}")
    known = np.mean([[score is not None for score in each.scores] for each in skies], axis=0)
    print(f"{'  can be told':24}" + "".join(f"{each:6.2f}" for each in known))
    if wrong := [each for each in skies if each.wrong]:
        words = [f"{each.seed} (at {', '.join(f'{BLURS[i]:g}' for i in each.wrong)} px)" for each in wrong[:MOST]]
        print(f"  wrong: {', '.join(words)}" + (", ..." if len(wrong) > MOST else ""))
    if lost := [each for each in searches if not each.found]:
        words = [f"{each.seed} ({'nothing' if each.blur is None else f'{each.blur:.1f} px'})" for each in lost[:MOST]]
        print(f"  focus not found: {', '.join(words)}" + (", ..." if len(lost) > MOST else ""))
    sys.stdout.flush()


def draw(folder: Path, skies: list[Shown]) -> None:
    """Write the pictures at which the light was wrong, of some seeds."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in [each for each in skies if each.wrong][:MOST]:
        for index in each.wrong:
            score = each.scores[index]
            name = f"{each.kind} {each.seed} at {BLURS[index]:g} px {'none' if score is None else f'{score:.2f}'}.png"
            cv2.imwrite(str(folder / name), Sky(each.kind, each.seed).frame(BLURS[index]).fine)


def main(given: list[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="tools/sky_trials.py", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, metavar="N", help="skies of each kind (200)")
    parser.add_argument("--searches", type=int, default=20, metavar="N", help="of them for autofocus (20)")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the first seed (0)")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind")
    parser.add_argument("--region", default="whole", help="what is looked at: whole, best, spot or x,y,w,h (whole)")
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="write the pictures that went wrong as PNG")
    options = parser.parse_args(given)
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
        told(kind, skies, searches)
        if options.plot:
            draw(options.plot, skies)
    return 0


if __name__ == "__main__":
    sys.exit(main())
