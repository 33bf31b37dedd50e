#!/usr/bin/env -S tools/python
"""Lights at night: is the light on at focus, off beside it, and does autofocus find it?

`tools/sky_trials.py` prints, for each kind of sky of `evaluation.skies`, the share of seeds whose picture counts as in
focus, by blur, and how far from focus the search ends.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import numpy as np  # noqa: E402
from evaluation.skies import KINDS, Sky  # noqa: E402

from focuscam.focus.model import FocusModel  # noqa: E402
from focuscam.focus.scorer import Scorer  # noqa: E402
from focuscam.lens.search import Search  # noqa: E402
from focuscam.region import parse  # noqa: E402

BLURS = (0.0, 6.0, 8.0, 12.0, 24.0, 40.0)
"""Radii of the blur disc, px: in focus, and from where the light must be off."""
STEPS = 100
"""Steps of the lens."""
A_STEP = 0.8
"""Blur, px, that a step makes."""
FOUND = 2.0
"""Blur, px, at which the search has found the focus."""


def searched(scorer: Scorer, sky: Sky, best: int, start: int) -> float | None:
    """Blur, px, at which autofocus leaves the lens; None where it says that there is nothing."""
    search = Search(0, STEPS, start, scorer.model.threshold)
    looks = 0
    while search.outcome is None:
        reading = scorer.score(sky.frame(abs(search.wanted - best) * A_STEP, looks))
        search.look(reading.score, reading.contrast)
        looks += 1
    return abs(search.outcome.position - best) * A_STEP if search.outcome.found == "focus" else None


def main(given: list[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="tools/sky_trials.py", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, metavar="N", help="skies of each kind (200)")
    parser.add_argument("--searches", type=int, default=20, metavar="N", help="of them for autofocus (20)")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the first seed (0)")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind")
    options = parser.parse_args(given)
    scorer = Scorer(FocusModel(), parse("whole"))
    print("share on, by blur, px" + " " * 9 + "".join(f"{blur:6g}" for blur in BLURS) + "   focus found; worst, px")
    for kind in options.kind or KINDS:
        on, told = np.zeros(len(BLURS)), np.zeros(len(BLURS))
        off = []
        for seed in range(options.first, options.first + options.seeds):
            sky = Sky(kind, seed)
            for index, blur in enumerate(BLURS):
                score = scorer.score(sky.frame(blur)).score
                on[index] += score is not None and score >= scorer.model.threshold
                told[index] += score is not None
            if seed < options.first + options.searches:
                rng = np.random.default_rng(seed)
                off.append(searched(scorer, sky, int(rng.integers(20, 80)), int(rng.integers(STEPS))))
        found = [each for each in off if each is not None and each <= FOUND]
        worst = max((each for each in off if each is not None), default=float("nan"))
        print(f"{kind:30}" + "".join(f"{each:6.2f}" for each in on / options.seeds), end="")
        print(f"   {len(found)} of {len(off)}; {worst:.1f}")
        print(f"{'  can be told':30}" + "".join(f"{each:6.2f}" for each in told / options.seeds), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
