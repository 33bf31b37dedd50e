"""Hands on simulated lenses, each with every feedback on the same views, seeds and habits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from focuscam.focus.scorer import Scorer
from focuscam.simulation.optics import ThinLens
from lab.coaching.feedback import Feedback, FixedThreshold, MaxHold, Number, Ours, Tone, Truth, best_fixed_threshold
from lab.coaching.hand import Habit
from lab.coaching.play import EVENTS, Played, habit, play
from lab.coaching.views import View

LENSES = (
    ThinLens(),
    ThinLens(focal_mm=25.0, f_number=2.0, nearest_m=0.4),
    ThinLens(focal_mm=8.0, f_number=1.4, nearest_m=0.2),
)
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


OURS, TRUTH = "focuscam", "a light that knows the truth"


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


def by_kind(ours: list[Played], truth: list[Played]) -> Iterator[str]:
    """Our figures, and the reversals beside those of a light that knows the truth, by all that may matter."""
    yield "\nfocuscam: within the depth of focus, false green, let go by itself; reversals at the mean, those with the"
    yield "truth for a light, and the share of hands that turned back at most once more than with that one"
    for key in ("hand", "glass", "view", "event"):
        for value in dict.fromkeys(getattr(each, key) for each in ours):
            some = [(mine, best) for mine, best in zip(ours, truth, strict=True) if getattr(mine, key) == value]
            mine, best = zip(*some, strict=True)
            more = [one.reversals <= other.reversals + 1 for one, other in some]
            yield (
                f"  {value:20} {np.mean([each.sharp for each in mine]):.3f} of {len(mine):3} "
                f"{np.mean([each.false_green for each in mine]):.3f}  {np.mean([each.ended for each in mine]):.3f}  "
                f"{np.mean([each.reversals for each in mine]):.2f}  {np.mean([each.reversals for each in best]):.2f}  "
                f"{np.mean(more):.2f}"
            )
        yield ""


def wrong(ours: list[Played], truth: list[Played]) -> Iterator[str]:
    """A line for each trial that went wrong, or took many more reversals than with the truth."""
    for number, (mine, best) in enumerate(zip(ours, truth, strict=True)):
        if not mine.sharp or mine.false_green or mine.reversals > best.reversals + 3:
            yield told(number, mine, best)


def told(number: int, played: Played, truth: Played) -> str:
    """What went wrong in a trial, in a line."""
    end = f"ended at {played.blurs[-1]:.1f} px" if played.ended else f"gave up at {played.blurs[-1]:.1f} px"
    false = ", false green" if played.false_green else ""
    lit = np.mean([each > 0 for each in played.told])
    return (
        f"{number}: {played.view}, {played.hand}, {played.event}: {end}{false}, {played.reversals} reversals "
        f"({truth.reversals} with the truth), lit {lit:.2f} of {len(played.told) / 30:.0f} s"
    )


def feedbacks(threshold: float, seen: Sequence[View]) -> dict[str, Callable[[], Feedback]]:
    """Everybody who tells a hand something, made anew for each trial. threshold: the network's."""
    cut = best_fixed_threshold(pair for view in seen for pair in view.all_shots())
    return {
        OURS: lambda: Ours(threshold),
        "contrast, best fixed threshold": lambda: FixedThreshold(cut),
        "contrast, 0.9 of the best so far": MaxHold,
        "contrast as a number": Number,
        "contrast as a tone, once a second": Tone,
        TRUTH: Truth,
    }


@dataclass(frozen=True)
class Start:
    """What a trial sets out from, the same for everybody."""

    number: int
    index: int
    """Of the view."""
    event: str
    how: Habit

    def play(self, seen: Sequence[View], feedback: Feedback) -> Played:
        """With one feedback."""
        return play(seen, self.index, self.event, feedback, self.how, self.number)


def starts(seen: Sequence[View], hands: int, seed: int) -> Iterator[Start]:
    """So many hands: each view in its turn, then each event."""
    for number in tqdm(range(hands), "hands", disable=None, leave=False):
        random = np.random.default_rng([seed, number])
        index, event = number % len(seen), EVENTS[(number // len(seen)) % len(EVENTS)]
        yield Start(number, index, event, habit(seen[index], random))


def run(
    seen: Sequence[View],
    who: dict[str, Callable[[], Feedback]],
    hands: int,
    seed: int,
    look: Callable[[int, Played, Ours], None] | None = None,
) -> dict[str, list[Played]]:
    """Let every hand go by every feedback. look: shown each trial of ours as it ends."""
    tried: dict[str, list[Played]] = {name: [] for name in who}
    for start in starts(seen, hands, seed):
        for name, make in who.items():
            feedback = make()
            played = start.play(seen, feedback)
            tried[name].append(played)
            if look is not None and isinstance(feedback, Ours):
                look(start.number, played, feedback)
    return tried
