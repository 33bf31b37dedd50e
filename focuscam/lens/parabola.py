"""The top of the hill between the looks: a parabola through the reciprocals of their contrasts.

Near its top the contrast of a defocused picture falls as 1 / (1 + (x / w)^2) of the way x from the top, so its
reciprocal is a parabola, and stays one down to a quarter of the top; the contrast itself is a parabola only down to
nine tenths, where noise hides it. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from focuscam.lens.likelihood import Look

FOOT = 0.4
"""Looks with less of the best contrast lie where the hill is no longer that shape."""
MOST = 5
"""Looks that are fitted, the nearest to the best one: far ones would bend a lopsided hill to their side."""
LOPSIDED = 0.04
"""By how much of the looks' mean distance from the top it may be off, since no hill is quite the same on both sides."""
WAVER = 0.01
"""Relative standard deviation of a contrast, at least: noise, flicker, the light."""


@dataclass(frozen=True, slots=True)
class Crest:
    """The fitted top."""

    position: float
    """In steps; may lie between two, or outside of the looks."""
    error: float
    """Its standard deviation, steps."""
    contrast: float
    """What is expected there."""
    width: float
    """Steps from the top to half of its contrast."""
    misfit: float
    """Root mean square of how far the looks lie from the parabola, of themselves; 0 where only three were fitted."""


def crest(looks: Sequence[Look], best: Look) -> Crest | None:
    """The top of the hill on which these looks lie, none lower than FOOT of the best one's contrast.

    None where there are fewer than three places, or they make no top.
    """
    near = sorted(looks, key=lambda look: abs(look.position - best.position))[:MOST]
    if best.contrast <= 0 or len({look.position for look in near}) < 3:
        return None
    away = np.array([look.position - best.position for look in near], float)
    scale = float(np.max(np.abs(away)))
    design = np.stack([np.ones_like(away), away / scale, (away / scale) ** 2], 1)
    height = best.contrast / np.array([look.contrast for look in near])
    weight = 1 / (WAVER * height)
    solved, _, _, _ = np.linalg.lstsq(design * weight[:, None], height * weight, rcond=None)
    floor, slope, bend = (float(each) for each in solved)
    if bend <= 1e-6:
        return None
    top = -slope / (2 * bend)
    height_there = floor - slope**2 / (4 * bend)
    if height_there <= 0:
        return None
    inverse = np.linalg.inv(design.T @ (design * (weight**2)[:, None]))
    squares = float(np.square((design @ solved - height) * weight).sum()) / (len(near) - 3) if len(near) > 3 else 0.0
    # top = -slope / (2 bend): its derivatives by slope and bend.
    by = np.array([0.0, -1 / (2 * bend), slope / (2 * bend**2)])
    error = math.sqrt(max(squares, 1.0) * float(by @ inverse @ by))
    lopsided = LOPSIDED * float(np.abs(away / scale - top).mean())
    return Crest(
        position=best.position + top * scale,
        error=math.hypot(error, lopsided) * scale,
        contrast=best.contrast / height_there,
        width=scale * math.sqrt(height_there / bend),
        misfit=WAVER * math.sqrt(squares),
    )
