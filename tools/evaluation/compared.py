"""Ours and what it replaces, under many conditions: photos, sweeps, and the light on whole frames."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from evaluation import pictures, trials
from evaluation.statistics import Figure
from evaluation.table import as_json

Compared = dict[str, dict[str, dict[str, Figure]]]
"""Figures by judge, condition, name."""

COLUMNS = {
    "Photos": ("AUC defocus", "AUC motion", "accuracy", "on sharp", "on blurred", "kind"),
    "Sweeps": ("rank", "top, steps", "top within 1"),
    "The light": ("green", "first green", "cold start"),
    "The runtimes": ("same decision",),
}


def run(
    judges: Sequence[trials.Judge],
    conditions: Sequence[str],
    photos: list[pictures.Photo],
    sweeps: list[pictures.Sweep],
    plot: Path | None,
) -> tuple[Compared, list[Path]]:
    """Every judge under every condition, and the PNG that were written into the folder `plot`."""
    result: Compared = {}
    kept = []
    for judge in tqdm(judges, "judges", disable=None):
        for condition in tqdm(conditions, judge.name, disable=None, leave=False):
            figures: dict[str, Figure] = {}
            on_photos = trials.on_photos(judge, photos, condition) if photos else None
            if on_photos:
                figures |= on_photos.figures()
            lit = condition in pictures.LIGHT_CONDITIONS
            on_sweeps = trials.on_sweeps(judge, sweeps, condition, lit) if sweeps else None
            if on_sweeps:
                figures |= on_sweeps.figures()
            result.setdefault(judge.name, {})[condition] = figures
            kept.append((judge, condition, on_photos, on_sweeps))
    for name, condition, said in trials.against_first(kept):
        result[name][condition]["same decision"] = said
    if plot is None:
        return result, []
    from evaluation import plots

    return result, plots.write(plot, kept)


def text(result: Compared) -> str:
    """The figures, to read: value, 95 % interval, number of cases."""
    lines = []
    for title, columns in COLUMNS.items():
        rows = [
            (judge, condition, [figures.get(column) for column in columns])
            for judge, by_condition in result.items()
            for condition, figures in by_condition.items()
            if any(column in figures for column in columns)
        ]
        if not rows:
            continue
        width = max(len(f"{judge}  {condition}") for judge, condition, _ in rows)
        lines += [f"{title:{width}}  " + "  ".join(f"{column:24}" for column in columns)]
        before = None
        for judge, condition, figures in rows:
            name = "" if judge == before else judge
            gap = width - len(condition)
            lines.append(f"{name:{gap}}{condition}  " + "  ".join(f"{figure!s:24}" for figure in figures))
            before = judge
        lines.append("")
    return "\n".join(lines)


def plain(result: Compared) -> dict[str, object]:
    """The figures as JSON has them."""
    return {
        judge: {
            condition: {name: as_json(figure) for name, figure in figures.items()}
            for condition, figures in by_condition.items()
        }
        for judge, by_condition in result.items()
    }
