"""Lights on spots of recorded series, with many hands, under several conditions; many processes look at once."""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
from tqdm import tqdm

from focuscam.errors import UsageError
from focuscam.focus.model import FocusModel
from focuscam.region import Box
from lab.evaluation import spots
from lab.evaluation.pictures import LIGHT_CONDITIONS
from lab.evaluation.ring import HANDS
from lab.evaluation.spot_lights import Ours, SpotLight, rivals
from lab.evaluation.spot_trials import Spot, figures
from lab.places import DATA

FOLDERS = [DATA / "sweeps" / "validation", DATA / "series" / "validation"]
BEFORE = Path(__file__).parent / "light_before.json"
"""What the coach of commit dacd929, which did not wait for the top, did on those folders, by condition."""
OURS = "focuscam"

Told = dict[str, dict[str, list[float]]]
"""Of one light: by hand, and at rest, the values of each figure, one a series."""
Lights = dict[str, Told]


class Options(argparse.Namespace):
    """What is to be tried."""

    folders: list[Path]
    model: Path | None
    hands: str | None
    """Words, commas between them; None for all. So are the conditions."""
    conditions: str | None
    most: int
    """Spots of each series."""
    rivals: bool
    plot: Path | None


def chosen(given: str | None, known: list[str], what: str) -> list[str]:
    """The words of an option. Raises UsageError for one that is none."""
    words = given.split(",") if given else known
    for word in words:
        if word not in known:
            raise UsageError(f"There is no {what} {word!r}: choose from {', '.join(known)}.")
    return words


def looked_at(job: tuple[Path, list[Box] | None], model: Path | None, conditions: list[str], most: int) -> list[Spot]:
    """Read one series, and every spot of it under every condition."""
    cv2.setNumThreads(1)
    folder, boxes = job
    network = FocusModel(model)
    series = spots.read(folder, boxes)
    return [Spot(series, box, network, condition) for condition in conditions for box in series.boxes[:most]]


def read(options: Options, conditions: list[str]) -> dict[str, list[Spot]]:
    """All spots, by condition. Raises FocuscamError."""
    jobs = [job for folder in options.folders for job in spots.listed(folder, options.most)]
    by_condition: dict[str, list[Spot]] = defaultdict(list)
    look = partial(looked_at, model=options.model, conditions=conditions, most=options.most)
    # Fresh processes: a fork of one whose OpenCV has threads may wait for them for ever.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        for each in tqdm(pool.map(look, jobs), "looking", len(jobs), disable=None, leave=False):
            for spot in each:
                by_condition[spot.condition].append(spot)
    if not by_condition:
        raise UsageError("None of these series has a spot of one depth.")
    return by_condition


def run(options: Options) -> dict[str, Lights]:
    """Figures by condition, then by light, hand and figure. Raises FocuscamError."""
    hands = chosen(options.hands, list(HANDS), "hand")
    conditions = chosen(options.conditions, list(LIGHT_CONDITIONS), "condition")
    threshold = FocusModel(options.model).threshold
    result: dict[str, Lights] = {}
    for condition, seen in read(options, conditions).items():
        who: dict[str, Callable[[], SpotLight]] = {OURS: partial(Ours, threshold)}
        if options.rivals:
            who |= rivals(threshold, [pair for spot in seen for pair in spot.seen()])
        result[condition] = {
            name: figures(seen, hands, make) for name, make in tqdm(who.items(), condition, disable=None, leave=False)
        }
        if options.plot and condition == conditions[0]:
            from lab.evaluation import spot_plots

            spot_plots.draw_the_worst(options.plot, seen, hands, partial(Ours, threshold))
    return result
