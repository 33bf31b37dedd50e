"""Where the contrast of a zone has its top, from a sweep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FEWEST = 6
"""Positions that a sweep must have: the curve has four unknowns and its shape."""
_SHAPES = (0.5, 0.75, 1.0, 1.5, 2.5)
_WIDTHS = 24
_PLACES = 400
_BEYOND = 0.15
"""The top is looked for so far past the ends, in lengths of the sweep: it must be able to lie there."""
_REPEATABLE, _AS_IF = 0.02, 3.0
"""Contrast repeats within 2 % of its top, which counts as much as so many observations: few frames fit too well."""
_FALLEN = 0.85
"""Both sides of a top must be seen to fall below this share of it."""
_ROUGH = 0.15
"""Residuals beyond this share of the top's height: not one top, or none."""
_FLAT = 0.25
"""A curve that rises less than this above its foot, in shares of its top, says nothing about focus."""


@dataclass(frozen=True, slots=True, eq=False)
class Top:
    """The top of one zone's contrast over the sweep."""

    kind: str
    """inside; before or after (at the first or last position, or beyond); flat (nothing to see); several (not one)."""
    position: float
    """In the unit of the sweep's positions; of meaning where kind is inside."""
    error: float
    """Its standard deviation."""
    width: float
    """From the top to half of its height, in the same unit."""
    without: Floats
    """The position with each frame left out in turn: (n,), in the order of the frames."""


class Curves:
    """All curves that a zone may have in a sweep: made once, compared with every zone.

    The curve is foot + height * (1 + ((position - top) / width)^2)^-shape: Moffat's, "A theoretical investigation
    of focal stellar images", Astronomy and Astrophysics 3 (1969). With the shape 0.75 it falls as the root of the
    energy that a defocus disc leaves of a fine detail: the envelope of J1(u) / u is u^-1.5 (Hopkins, "The frequency
    response of a defocused optical system", Proc. Roy. Soc. A 231, 1955); scenes differ, so the shape is left free.
    """

    def __init__(self, positions: Floats) -> None:
        """positions: (n,), in any order, at least FEWEST different ones."""
        self._positions = positions
        low, high = float(np.min(positions)), float(np.max(positions))
        self._low = low
        span = high - low
        self._step = step = float(np.median(np.diff(np.unique(positions))))
        self.places = np.linspace(low - _BEYOND * span, high + _BEYOND * span, _PLACES)
        widths = np.geomspace(0.4 * step, max(span, 2 * step), _WIDTHS)
        away = (positions - self.places[:, None]) ** 2
        self._curves = np.stack(
            [(1 + away / width**2) ** -shape for width in widths for shape in _SHAPES], axis=1
        )  # (places, curves, n)
        # Half of the height is where 1 + u^2 = 2^(1 / shape).
        self._half = np.array([width * np.sqrt(2 ** (1 / shape) - 1) for width in widths for shape in _SHAPES])

    def top(self, contrast: Floats) -> Top:
        """The top of one zone. contrast: (n,), at the positions."""
        most = float(np.max(contrast))
        if most <= 0:
            return Top("flat", self._low, np.inf, np.inf, np.full(len(contrast), self._low))
        # The noise is taken off the energy, whose root wavers the more the smaller it is.
        weights: Floats = np.square(np.clip(contrast / most, 0.1, 1.0))
        misfit, height = _misfits(self._curves, contrast, weights[:, None])
        misfit, height = misfit[..., 0], height[..., 0]
        best = misfit.argmin(axis=1)
        profile = misfit[np.arange(len(misfit)), best]
        place = int(np.argmin(profile))
        kind = int(best[place])
        width = float(self._half[kind])
        # So many observations count, and this the curve leaves of each.
        count = weights.sum() ** 2 / np.square(weights).sum()
        variance = (profile[place] / weights.sum() * count + _AS_IF * (_REPEATABLE * most) ** 2) / (
            max(count - 4, 0.0) + _AS_IF
        )
        position = _lowest(self.places, profile, place)
        error = _rise(self.places, profile, place, variance)
        left = self._left(contrast, place, kind)
        told = self._kind(contrast, position, float(height[place, kind]), left, most)
        if told == "inside" and not np.isfinite(error):
            told = "several"
        without = (
            self._without(contrast, weights, place, width) if told == "inside" else np.full(len(contrast), position)
        )
        return Top(told, position, error, width, without)

    def _without(self, contrast: Floats, weights: Floats, place: int, width: float) -> Floats:
        """The top again with each frame left out in turn, looked for near the one with all: (n,)."""
        near = np.abs(self.places - self.places[place]) <= max(3 * width, 3 * self._step)
        alike = (self._half > width / 3) & (self._half < width * 3)
        others = weights[:, None] * (1 - np.eye(len(weights)))
        misfit, _ = _misfits(self._curves[near][:, alike], contrast, others)
        profiles = misfit.min(axis=1)
        return np.array([_lowest(self.places[near], each, int(each.argmin())) for each in profiles.T])

    def _left(self, contrast: Floats, place: int, kind: int) -> float:
        """What a curve leaves of all frames alike, root mean square: noise alone may look like a top, and no more."""
        curve = self._curves[place, kind]
        design = np.column_stack([np.ones_like(curve), curve])
        values, *_ = np.linalg.lstsq(design, contrast, rcond=None)
        return float(np.sqrt(np.mean(np.square(contrast - design @ values))))

    def _kind(self, contrast: Floats, position: float, height: float, rest: float, most: float) -> str:
        if height < _FLAT * most or np.min(contrast) > (1 - _FLAT) * most:
            return "flat"
        if rest > _ROUGH * height:
            return "several"
        before, after = contrast[self._positions <= position], contrast[self._positions >= position]
        if not len(before) or np.min(before) > _FALLEN * most:
            return "before"
        if not len(after) or np.min(after) > _FALLEN * most:
            return "after"
        return "inside"


def _misfits(curves: Floats, contrast: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Least weighted sum of squares left by foot and height of each curve, and that height.

    curves: (places, kinds, n); contrast: (n,); weights: (n, sets). Returns (places, kinds, sets) twice. The foot may
    not lie below nothing: where it would, the height alone is fitted.
    """
    places, kinds, count = curves.shape
    flat = curves.reshape(-1, count)
    total = weights.sum(0)
    mean = contrast @ weights / total
    squared = np.square(flat) @ weights
    curve_mean = flat @ weights / total
    crossed = flat @ (weights * contrast[:, None])
    moment = np.maximum(squared - total * curve_mean**2, 1e-12)
    height = np.maximum((crossed - total * curve_mean * mean) / moment, 0)
    energy = np.square(contrast) @ weights
    left = energy - total * mean**2 - height**2 * moment
    below = height * curve_mean > mean
    bare = crossed / np.maximum(squared, 1e-12)
    left = np.maximum(np.where(below, energy - bare * crossed, left), 0)
    shape = places, kinds, weights.shape[1]
    return left.reshape(shape), np.where(below, bare, height).reshape(shape)


def _lowest(places: Floats, profile: Floats, place: int) -> float:
    """Where a parabola through the three values around the least has its bottom."""
    middle = min(max(place, 1), len(profile) - 2)
    low, least, high = profile[middle - 1 : middle + 2]
    bend = low - 2 * least + high
    if bend <= 0:
        return float(places[place])
    return float(places[middle] + np.clip((low - high) / 2 / bend, -1, 1) * (places[1] - places[0]))


def _rise(places: Floats, profile: Floats, place: int, variance: float) -> float:
    """How far from its least the misfit has risen by the variance of an observation: one standard deviation.

    (Press and others, "Numerical recipes", 15.6: the region where chi squared is within 1 of its least.)
    """
    above = profile > profile[place] + variance
    left, right = np.flatnonzero(above[:place]), np.flatnonzero(above[place:])
    if not len(left) or not len(right):
        return float("inf")
    ends = []
    for outer, inner in ((left[-1], left[-1] + 1), (place + right[0], place + right[0] - 1)):
        share = (profile[place] + variance - profile[inner]) / (profile[outer] - profile[inner])
        ends.append(places[inner] + share * (places[outer] - places[inner]))
    return float((ends[1] - ends[0]) / 2)
