"""Photos in sets, SET/{sharp,defocus,motion}/*: how each judge parts them, sets counting alike."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from evaluation.pictures import frame_of
from evaluation.statistics import Figure, auc, mean
from evaluation.trials import Judge
from focuscam.cameras.photo import read_photo
from focuscam.cameras.recorded import images_in
from focuscam.errors import UsageError
from focuscam.messages import Reading

LABELS = ("sharp", "defocus", "motion")
FEW = 3
"""A set with fewer photos of a label says nothing about it."""

Seen = dict[str, dict[str, list[Reading]]]
"""What a judge said, by set and label."""


def listed(folder: Path) -> list[tuple[str, str, Path]]:
    """Set, label and file of each photo below a folder. Raises UsageError where there is none."""
    found = [
        (each.name, label, path)
        for each in (sorted(folder.iterdir()) if folder.is_dir() else ())
        for label in LABELS
        if (each / label).is_dir()
        for path in images_in(each / label)
    ]
    if not found:
        raise UsageError(f"{folder} holds no sets of photos: each is a folder with {', '.join(LABELS)} in it.")
    return found


def seen(judge: Judge, photos: Iterable[tuple[str, str, Path]]) -> Seen:
    """Show a judge these photos. Raises FocuscamError for one that cannot be read."""
    result: Seen = {}
    for name, label, path in photos:
        reading = judge.photo(frame_of(read_photo(path).fine))
        result.setdefault(name, {}).setdefault(label, []).append(reading)
    return result


def figures(said: Seen, threshold: float) -> dict[str, Figure]:
    """AUC and shares right, each the mean over the sets; `worst motion` is that of the worst set.

    `kind`: of blurred photos that are called soft, the share whose kind is right; `kind, when said`: of those where
    one was said.
    """
    values: dict[str, list[float]] = {}

    def add(name: str, value: float) -> None:
        values.setdefault(name, []).append(value)

    for by_label in said.values():
        scores = {label: [r.score or 0.0 for r in readings] for label, readings in by_label.items()}
        for label, readings in by_label.items():
            if len(readings) < FEW:
                continue
            on = np.array(scores[label]) >= threshold
            add(label, float((on == (label == "sharp")).mean()))
            if label == "sharp":
                continue
            if len(scores.get("sharp", [])) >= FEW:
                add(f"AUC {label}", auc(scores["sharp"], scores[label]).value)
            kinds = [r.blur for r, lit in zip(readings, on, strict=True) if not lit]
            if kinds:
                add("kind", float(np.mean([kind == label for kind in kinds])))
            if told := [kind for kind in kinds if kind != "unknown"]:
                add("kind, when said", float(np.mean([kind == label for kind in told])))
    if "kind, when said" not in values:  # by a judge that says none
        values.pop("kind", None)
    if "motion" in values:
        values["worst motion"] = [min(values["motion"])]
    return {name: mean(several) for name, several in values.items()}
