"""The surface on which a lens is in focus: a plane and a curvature, through the tops of the zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from focuscam.lens_report.statistics import Fit, Measured, fitted, student
from focuscam.lens_report.tops import Top

Floats = npt.NDArray[np.float64]

FEWEST = 9
"""Zones with a top that it takes: four unknowns, and some to disagree."""
_MOST_AWAY = 0.2
"""A larger share of zones off the surface: the target was not flat."""
_ROUGH = 0.1
"""A scatter of the zones around the surface beyond this share of the curve's width shows in the picture, a disc of
some 5 px being what halves the contrast: the same."""
_STEP, _WIDTH = 0.05, 0.01
"""Standard deviation of what all zones have in common, in steps of the sweep and in widths of the curve: a hand does
not stop just where it says, and no curve is quite Moffat's."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Where the lens is in focus over the field, in the sweep's positions."""

    centre: Measured
    across: Measured
    """Tilt: the right edge less the left one."""
    down: Measured
    """Tilt: the bottom edge less the top one."""
    curvature: Measured
    """The corners less the centre, beside the tilt."""
    scatter: float
    """Standard deviation of the zones around it beyond their own errors."""
    away: frozenset[int]
    """Zones that lie off it and were left out."""
    scattered: bool
    """The zones do not lie on it: the target was not flat."""


def surface(tops: Mapping[int, Top], places: Mapping[int, Floats], step: float) -> Surface | None:
    """Fit it; None where too few zones have a top, or they do not reach far enough over the field.

    tops: of the zones that have one; places: theirs, see `zones.place`; step: of the sweep's positions. Field
    curvature is, to the third order, a paraboloid around the axis (Petzval and astigmatism together: Welford,
    "Aberrations of optical systems", 1986, chapter 8); a tilted sensor adds a plane. The uncertainty has two
    parts: how far the zones scatter, and what leaving out each frame in turn does to all of them together (the
    jackknife: Efron and Stein, Annals of Statistics 9, 1981), their degrees of freedom put together as Welch
    (Biometrika 34, 1947) does.
    """
    if len(tops) < FEWEST:
        return None
    zones = np.array(sorted(tops))
    design = np.array([[1.0, *places[zone]] for zone in zones])
    position = np.array([tops[zone].position for zone in zones])
    without = np.array([tops[zone].without for zone in zones])
    errors = np.maximum([tops[zone].error for zone in zones], np.sqrt(_jackknife(without)))
    fit = fitted(design, position, errors)
    if fit is None:
        return None
    width = float(np.median([tops[zone].width for zone in zones]))
    common = float(np.hypot(_STEP * step, _WIDTH * width))
    leftout = _leftout(fit, design, errors, without)
    # Of the difference of two places, edges or corner and centre, each with its own.
    centre, *differences = np.eye(4)
    across, down, curvature = (_measured(fit, leftout, row, common * np.sqrt(2)) for row in differences)
    away = frozenset(int(zone) for zone in zones[~fit.used])
    scattered = len(away) > _MOST_AWAY * len(zones) or fit.scatter > _ROUGH * width
    middle = _measured(fit, leftout, centre, common)
    return Surface(middle, across, down, curvature, fit.scatter, away, bool(scattered))


def _jackknife(values: Floats) -> Floats:
    """The variance of each row, from its values with one frame left out in turn."""
    count = values.shape[1]
    away = values - values.mean(axis=1, keepdims=True)
    return np.asarray((count - 1) / count * np.square(away).sum(axis=1))


def _leftout(fit: Fit, design: Floats, errors: Floats, without: Floats) -> Floats:
    """The parameters with each frame left out in turn: (4, frames)."""
    used = fit.used
    weight = 1 / (errors[used] ** 2 + fit.scatter**2)
    rows = design[used]
    return np.asarray(np.linalg.solve(rows.T @ (weight[:, None] * rows), (rows.T * weight) @ without[used]))


def _measured(fit: Fit, leftout: Floats, row: Floats, common: float) -> Measured:
    away = row @ leftout
    away = away - away.mean()
    zones, frames = float(row @ fit.covariance @ row), float(_jackknife((row @ leftout)[None])[0])
    squares = np.square(away)
    # So many frames have a say.
    say = max(float(np.sum(squares)) ** 2 / max(float(np.sum(np.square(squares))), 1e-300), 1.0)
    total = zones + frames + common**2
    freedom = total**2 / (zones**2 / fit.freedom + frames**2 / say + 1e-300)
    return Measured(float(row @ fit.values), student(freedom) * float(np.sqrt(total)))
