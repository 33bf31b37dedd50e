#!/usr/bin/env -S tools/python
"""Simulated hands on a simulated lens: where the ring ends when a hand goes by our light, and by what others show.

`tools/coach_trials.py` plays 200 hands with each feedback on the same views, seeds and habits, and prints a table:
usual hands, quick and slow ones, and such as nudge and look, on good lenses and on others. `--plot FOLDER` draws our
trials that went wrong, or all of them with `--all`; `--list` names them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from focuscam.errors import FocuscamError
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.region import parse
from lab.coaching import trials
from lab.coaching.feedback import Ours
from lab.coaching.play import Played
from lab.coaching.recompose import recomposed


class Options(argparse.Namespace):
    """What was given."""

    hands: int
    seed: int
    plot: Path | None
    list: bool
    all: bool
    json: bool


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/coach_trials.py", description=__doc__)
    parser.add_argument("--hands", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="draw our trials that went wrong as PNG")
    parser.add_argument("--list", action="store_true", help="name our trials that went wrong")
    parser.add_argument("--all", action="store_true", help="with --plot: draw every trial")
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

    def draw(number: int, played: Played, feedback: Ours) -> None:
        if options.plot and (not played.sharp or played.false_green or options.all):
            from lab.coaching import plot

            print(plot.draw(options.plot, number, played, feedback.said), file=sys.stderr)

    seen = trials.views(scorer, options.seed)
    who = trials.feedbacks(scorer.model.threshold, seen)
    tried = trials.run(seen, who, options.hands, options.seed, draw)
    result = {name: trials.summary(each, who[name]().is_light) for name, each in tried.items()}
    if options.json:
        print(json.dumps(result))
        return 0
    columns = list(next(iter(result.values())))
    print(f"{'':34}" + "".join(f"{column:29}" for column in columns))
    for name, figures in result.items():
        print(f"{name:34}" + "".join(f"{'-' if v is None else format(v, '.3f'):29}" for v in figures.values()))
    ours, truth = tried[trials.OURS], tried[trials.TRUTH]
    lines = [*trials.by_kind(ours, truth), *recomposed(seen, scorer.model.threshold)]
    print("\n".join([*lines, *(trials.wrong(ours, truth) if options.list else ())]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
