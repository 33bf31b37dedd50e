"""The score at which the light comes on: a function of the training data and of nothing else.

Frames whose contrast is within 5 % of the best of their sweep should be green, those under half of
it should not: recorded sweeps, sharp photos blurred by the program, and windows of focus stacks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from evaluation import simulated
from evaluation.light import SHARP, SOFT
from evaluation.pictures import CONDITIONS, Sweep, as_sweep, frame_of, no_larger, sweep, sweep_folders
from focuscam.cameras.photo import read_photo
from focuscam.cameras.recorded import images_in
from focuscam.focus.model import FocusModel
from focuscam.focus.region import Region, crop, parse
from focuscam.focus.scorer import Scorer
from focuscam.frame import COARSE_SIDE

SEEN_UNDER = ("clean", "noise 8", "light 0.35 + noise 4")
PHOTOS = 20
WINDOWS = [(x, y, 0.5, 0.5) for y in (0.0, 0.25, 0.5) for x in (0.0, 0.25, 0.5)]
"""Parts of a focus stack: the whole never comes into focus at once, a part of it does."""
CUTS = np.linspace(0.05, 0.95, 181)


def stacks(folder: Path) -> Iterator[tuple[Region, Sweep]]:
    """Each window of each focus stack, as a region with its own contrast."""
    for stack in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = images_in(stack)
        lumas = [read_photo(path).fine for path in files]
        for box in WINDOWS:
            windows = [crop(no_larger(luma, COARSE_SIDE), box) for luma in lumas]
            seen = as_sweep(f"{stack.name} {box}", [path.name for path in files], windows)
            if seen.c.min() < SOFT:
                yield Region("", box), replace(seen, lumas=lumas)


def choose(model: FocusModel, data: Path) -> dict[str, object]:
    """The threshold that is right most often, frames of each kind of source counting as one, and how it was found.

    data: holds sharp/, stacks/ and sweeps/train. Raises UsageError, FocuscamError.
    """
    whole = parse("whole")
    sources = {
        "sweeps": [(whole, sweep(folder)) for folder in sweep_folders(data / "sweeps" / "train")],
        "blurred photos": [(whole, each) for each in simulated.sweeps(data / "sharp", PHOTOS)],
        "stacks": list(stacks(data / "stacks")),
    }
    right = np.zeros(len(CUTS))
    counts = {}
    for name, seen in sources.items():
        sharp, soft = [], []
        for region, each in tqdm(seen, name, disable=None):
            scorer = Scorer(model, region)
            for condition in SEEN_UNDER:
                rng = np.random.default_rng(0)
                for c, luma in zip(each.c, each.lumas, strict=True):
                    if c >= SHARP or c < SOFT:
                        score = scorer.score(frame_of(CONDITIONS[condition](luma, rng))).score or 0.0
                        (sharp if c >= SHARP else soft).append(score)
        on = (np.array(sharp)[:, None] >= CUTS).mean(0)
        off = (np.array(soft)[:, None] < CUTS).mean(0)
        right += (on + off) / 2 / len(sources)
        counts[name] = {"sweeps": len(seen), "sharp": len(sharp), "soft": len(soft)}
    # Near the top one threshold is as good as the next: the middle of those.
    good = CUTS[right >= right.max() - 0.005]
    threshold = round(float((good.min() + good.max()) / 2), 3)
    at = round(float(right[np.argmin(np.abs(CUTS - threshold))]), 4)
    return {"threshold": threshold, "right": at, "nearly_as_good": [float(good.min()), float(good.max())], "on": counts}


def write(card: Path, found: dict[str, object]) -> None:
    """Put the threshold, and how it was chosen, into a model's .json."""
    content = json.loads(card.read_text(encoding="utf-8"))
    content["threshold"] = found["threshold"]
    content["threshold_chosen"] = {
        "command": "tools/evaluate.py --choose-threshold",
        "rule": "the share of frames right, sharp (c >= 0.95) and soft (c < 0.5) ones and the sources counting alike; "
        "the middle of all that are within half a percent of the best",
        **{key: value for key, value in found.items() if key != "threshold"},
    }
    card.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
