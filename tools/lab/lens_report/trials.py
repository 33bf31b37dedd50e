"""Lenses of known faults, measured as the lens report does: what was found, beside what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from focuscam.lens_report.chromatic import fringes
from focuscam.lens_report.figures import of_photos, of_sweep
from focuscam.lens_report.sweep import Swept, measured, table
from focuscam.messages import Luma
from lab.lens_report.fringes import WAYS, fringed
from lab.lens_report.sweeps import in_depth, swept

DEEP = "step", "relief", "scene"
Case = tuple[float, float | None, float | None]
"""Of one figure the true value, the measured one and its uncertainty; the last two None where it is not told."""


def measure(frames: Sequence[Luma], positions: Sequence[float]) -> Swept:
    """As the command does."""
    return measured(frames, np.array(positions), table(frames))


def sweep_case(seed: int, number: int, photos: Sequence[Path]) -> dict[str, Case]:
    """Of each figure the true value, the measured one and its uncertainty; in px of blur disc, or degrees."""
    true = swept(np.random.default_rng([seed, 0, number]), photos=photos)
    told = {each.key: each.measured for each in of_sweep(measure(true.frames, true.positions), "positions")}
    px = true.disc
    truths = {
        "focus": (true.centre, px),
        "tilt_across": (true.across, px),
        "tilt_down": (true.down, px),
        "curvature": (true.curvature, px),
        "tilt_angle": (true.degrees, 1.0),
        "blur_growth": (true.disc, 1 / true.disc),
    }
    case: dict[str, Case] = {}
    for key, (value, scale) in truths.items():
        found = told[key]
        # The place of focus itself has no size to compare with.
        offset = value if key == "focus" else 0.0
        if found is None:
            case[key] = ((value - offset) * scale, None, None)
        else:
            case[key] = ((value - offset) * scale, (found.value - offset) * scale, found.uncertainty * scale)
    return case


def photo_case(seed: int, number: int) -> tuple[str, dict[str, Case]]:
    """The same for a photo, and how it was stored; px."""
    true = fringed(np.random.default_rng([seed, 1, number]))
    told = {each.key: each.measured for each in of_photos(fringes([true.photo]))}
    case: dict[str, Case] = {}
    for key, value in (("red_corner", true.red), ("blue_corner", true.blue)):
        found = told[key]
        case[key] = (value, None, None) if found is None else (value, found.value, found.uncertainty)
    return true.way, case


def summary(cases: list[Case]) -> dict[str, float]:
    """What became of one figure."""
    told = np.array([case for case in cases if case[1] is not None], float).reshape(-1, 3)
    error = np.abs(told[:, 1] - told[:, 0])
    return {
        "told": len(told) / len(cases),
        "within": float(np.mean(error <= told[:, 2])) if len(told) else float("nan"),
        "uncertainty": float(np.median(told[:, 2])) if len(told) else float("nan"),
        "error": float(np.median(error)) if len(told) else float("nan"),
        "true": float(np.median(np.abs([case[0] for case in cases]))),
    }


@dataclass(frozen=True)
class Found:
    """What came of all lenses."""

    figures: dict[str, dict[str, float]]
    photos: dict[str, dict[str, float]]
    """The aberration, by how the photo is stored."""
    beyond: dict[str, float]
    """Focus beyond an end of the sweep: shares of what was said."""
    refused: dict[str, float]
    """Of each of DEEP the share of which neither tilt nor curvature was told."""


def run(cases: int, seed: int, photos: Sequence[Path]) -> Found:
    """Measure so many lenses, and a fifth as many of other scenes."""
    found: dict[str, list[Case]] = {}
    by_way: dict[str, list[Case]] = {}
    for number in tqdm(range(cases), "lenses", disable=None, leave=False):
        way, photo = photo_case(seed, number)
        by_way.setdefault(way, []).extend(photo.values())
        for key, case in (sweep_case(seed, number, photos) | photo).items():
            found.setdefault(key, []).append(case)
    others = fewer(cases)
    travels = Counter(beyond_case(seed, number) for number in tqdm(range(others), "beyond", disable=None, leave=False))
    refused = {
        kind: sum(refused_case(seed, number, kind) for number in range(others)) / others
        for kind in tqdm(DEEP, "scenes with depth", disable=None, leave=False)
    }
    return Found(
        {key: summary(each) for key, each in found.items()},
        {way: summary(by_way[way]) for way in WAYS if way in by_way},
        {key: count / others for key, count in travels.items()},
        refused,
    )


def fewer(cases: int) -> int:
    """How many there are of each other kind of scene."""
    return max(cases // 5, 1)


def beyond_case(seed: int, number: int) -> str:
    """What is said of a sweep that does not reach the focus."""
    case = swept(np.random.default_rng([seed, 2, number]), "beyond")
    told = measure(case.frames, case.positions).travel
    side = "before" if case.centre < min(case.positions) else "after"
    return "right" if told == side else "not enough to tell" if told == "unknown" else "wrong"


def refused_case(seed: int, number: int, kind: str) -> bool:
    """Whether neither tilt nor curvature is told of a scene with depth."""
    random = np.random.default_rng([seed, 3, number])
    if kind == "scene":
        frames, positions = in_depth(random)
    else:
        deep = swept(random, kind)
        frames, positions = deep.frames, deep.positions
    told = {each.key: each.measured for each in of_sweep(measure(frames, positions), "positions")}
    return told["tilt_across"] is None and told["curvature"] is None
