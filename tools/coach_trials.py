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
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import numpy as np  # noqa: E402
from hands import feedback as feedbacks  # noqa: E402
from hands.play import EVENTS, Played, habit, play  # noqa: E402
from hands.recompose import recomposed  # noqa: E402
from hands.views import View  # noqa: E402
from tqdm import tqdm  # noqa: E402

from focuscam.errors import FocuscamError  # noqa: E402
from focuscam.focus.model import FocusModel  # noqa: E402
from focuscam.focus.scorer import Scorer  # noqa: E402
from focuscam.region import parse  # noqa: E402
from focuscam.simulation.optics import Lens  # noqa: E402

LENSES = (Lens(), Lens(focal_mm=25.0, f_number=2.0, nearest_m=0.4), Lens(focal_mm=8.0, f_number=1.4, nearest_m=0.2))
VIEWS = (
    ("16 mm", 0, 1.0, "plain", "good"),
    ("25 mm", 1, 1.0, "plain", "good"),
    ("8 mm", 2, 1.0, "plain", "good"),
    ("16 mm, dim", 0, 0.1, "plain", "good"),
    ("25 mm, dim", 1, 0.1, "plain", "good"),
    ("16 mm, weak subject", 0, 1.0, "weak", "good"),
    ("25 mm, weak subject", 1, 1.0, "weak", "good"),
    ("16 mm, fence", 0, 1.0, "fence", "good"),
    ("25 mm, fence", 1, 1.0, "fence", "good"),
    ("16 mm, end stop", 0, 1.0, "plain", "end stop"),
    ("25 mm, soft", 1, 1.0, "plain", "soft"),
    ("16 mm, breathing", 0, 1.0, "plain", "breathing"),
    ("8 mm, soft", 2, 1.0, "plain", "soft"),
    ("25 mm, breathing", 1, 1.0, "plain", "breathing"),
    ("25 mm, end stop", 1, 1.0, "plain", "end stop"),
)
"""Name, number of its lens, light, kind of scene and of lens: a view each."""


def views(scorer: Scorer, seed: int) -> list[View]:
    """Every scene through its lens, rendered and scored."""
    return [
        View(name, seed * 100 + number, LENSES[lens], light, kind, scorer, glass)
        for number, (name, lens, light, kind, glass) in enumerate(tqdm(VIEWS, "rendering", disable=None, leave=False))
    ]


def summary(tried: list[Played], is_light: bool) -> dict[str, float | None]:
    """The figures of one feedback."""
    return {
        "within the depth of focus": float(np.mean([each.sharp for each in tried])),
        "blur at the end, px, median": float(np.median([each.blurs[-1] for each in tried])),
        "reversals, median": float(np.median([each.reversals for each in tried])),
        "reversals, mean": float(np.mean([each.reversals for each in tried])),
        "seconds, median": float(np.median([len(each.told) / 30 for each in tried])),
        "false green": float(np.mean([each.false_green for each in tried])) if is_light else None,
        "shortest, s": min(each.shortest for each in tried) if is_light else None,
    }


def by_kind(ours: list[Played], truth: list[Played]) -> None:
    """Print our figures, and the reversals beside those of a light that knows the truth, by all that may matter."""
    print("\nfocuscam: within the depth of focus, false green, let go by itself; reversals at the mean, those with the")
    print("truth for a light, and the share of hands that turned back at most once more than with that one")
    for key in ("hand", "glass", "view", "event"):
        for value in dict.fromkeys(getattr(each, key) for each in ours):
            some = [(mine, best) for mine, best in zip(ours, truth, strict=True) if getattr(mine, key) == value]
            mine, best = zip(*some, strict=True)
            more = [one.reversals <= other.reversals + 1 for one, other in some]
            print(
                f"  {value:20} {np.mean([each.sharp for each in mine]):.3f} of {len(mine):3} "
                f"{np.mean([each.false_green for each in mine]):.3f}  {np.mean([each.ended for each in mine]):.3f}  "
                f"{np.mean([each.reversals for each in mine]):.2f}  {np.mean([each.reversals for each in best]):.2f}  "
                f"{np.mean(more):.2f}"
            )
        print()


def told(number: int, played: Played, truth: Played) -> str:
    """What went wrong in a trial, in a line."""
    end = f"ended at {played.blurs[-1]:.1f} px" if played.ended else f"gave up at {played.blurs[-1]:.1f} px"
    false = ", false green" if played.false_green else ""
    lit = np.mean([each > 0 for each in played.told])
    return (
        f"{number}: {played.view}, {played.hand}, {played.event}: {end}{false}, {played.reversals} reversals "
        f"({truth.reversals} with the truth), lit {lit:.2f} of {len(played.told) / 30:.0f} s"
    )


def main(given: list[str] | None = None) -> int:
    """Play, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="tools/coach_trials.py", description=__doc__)
    parser.add_argument("--hands", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="draw our trials that went wrong as PNG")
    parser.add_argument("--list", action="store_true", help="name our trials that went wrong")
    parser.add_argument("--all", action="store_true", help="with --plot: draw every trial")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    options = parser.parse_args(given)
    try:
        scorer = Scorer(FocusModel(), parse("spot"))
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    seen = views(scorer, options.seed)
    cut = feedbacks.best_fixed_threshold(pair for view in seen for pair in view.all_shots())
    who: dict[str, Callable[[], feedbacks.Feedback]] = {
        "focuscam": lambda: feedbacks.Ours(scorer.model.threshold),
        "contrast, best fixed threshold": lambda: feedbacks.FixedThreshold(cut),
        "contrast, 0.9 of the best so far": feedbacks.MaxHold,
        "contrast as a number": feedbacks.Number,
        "contrast as a tone, once a second": feedbacks.Tone,
        "a light that knows the truth": feedbacks.Truth,
    }
    tried: dict[str, list[Played]] = {name: [] for name in who}
    for number in tqdm(range(options.hands), "hands", disable=None, leave=False):
        random = np.random.default_rng([options.seed, number])
        index, event = number % len(seen), EVENTS[(number // len(seen)) % len(EVENTS)]
        how = habit(seen[index], random)
        for name, make in who.items():
            feedback = make()
            played = play(seen, index, event, feedback, how, number)
            tried[name].append(played)
            wrong = not played.sharp or played.false_green
            if options.plot and isinstance(feedback, feedbacks.Ours) and (wrong or options.all):
                from hands.plot import draw

                print(draw(options.plot, number, played, feedback.said), file=sys.stderr)
    result = {name: summary(each, who[name]().is_light) for name, each in tried.items()}
    if options.json:
        print(json.dumps(result))
        return 0
    columns = list(next(iter(result.values())))
    print(f"{'':34}" + "".join(f"{column:29}" for column in columns))
    for name, figures in result.items():
        print(f"{name:34}" + "".join(f"{'-' if v is None else format(v, '.3f'):29}" for v in figures.values()))
    by_kind(tried["focuscam"], tried["a light that knows the truth"])
    for line in recomposed(seen, scorer.model.threshold):
        print(line)
    if options.list:
        for number, (mine, best) in enumerate(
            zip(tried["focuscam"], tried["a light that knows the truth"], strict=True)
        ):
            if not mine.sharp or mine.false_green or mine.reversals > best.reversals + 3:
                print(told(number, mine, best))
    return 0


if __name__ == "__main__":
    sys.exit(main())
