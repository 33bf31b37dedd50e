"""What was found of lights at night, as lines to read, and the pictures that went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from lab.evaluation import points
from lab.evaluation.points import BLURS, Searched, Shown
from lab.evaluation.skies import Sky

MOST = 10
"""Seeds that went wrong that are named."""


def told(kind: str, skies: list[Shown], searches: list[Searched]) -> Iterator[str]:
    """Lines: what was found of one kind, and which seeds went wrong."""
    found = [each for each in searches if each.found]
    worst = max((each.blur for each in searches if each.blur is not None), default=float("nan"))
    right = points.figures(skies, searches)[kind]
    lit = "".join(f"{each:6.2f}" for each in np.mean([each.lit for each in skies], axis=0))
    yield f"{kind:24}{lit}   {right.value:.3f}   {len(found)} of {len(searches)}; {worst:.1f}"
    known = np.mean([[score is not None for score in each.scores] for each in skies], axis=0)
    yield f"{'  can be told':24}" + "".join(f"{each:6.2f}" for each in known)
    if wrong := [each for each in skies if each.wrong]:
        words = [f"{each.seed} (at {', '.join(f'{BLURS[i]:g}' for i in each.wrong)} px)" for each in wrong[:MOST]]
        yield f"  wrong: {', '.join(words)}" + (", ..." if len(wrong) > MOST else "")
    if lost := [each for each in searches if not each.found]:
        words = [f"{each.seed} ({'nothing' if each.blur is None else f'{each.blur:.1f} px'})" for each in lost[:MOST]]
        yield f"  focus not found: {', '.join(words)}" + (", ..." if len(lost) > MOST else "")


def draw(folder: Path, skies: list[Shown]) -> None:
    """Write the pictures at which the light was wrong, of some seeds."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in [each for each in skies if each.wrong][:MOST]:
        for index in each.wrong:
            score = each.scores[index]
            name = f"{each.kind} {each.seed} at {BLURS[index]:g} px {'none' if score is None else f'{score:.2f}'}.png"
            cv2.imwrite(str(folder / name), Sky(each.kind, each.seed).frame(BLURS[index]).fine)
