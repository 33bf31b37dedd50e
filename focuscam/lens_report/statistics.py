"""A value with its uncertainty, and the few formulas that it takes. No SciPy: a Pi need not carry it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """A value and half the width of the interval that holds the true one in 95 of 100 cases."""

    value: float
    uncertainty: float

    def times(self, factor: float) -> Measured:
        """In another unit."""
        return Measured(self.value * factor, self.uncertainty * abs(factor))


def student(freedom: float) -> float:
    """The 97.5 % point of Student's t.

    Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5; within 1 % from 3 degrees of
    freedom on, of which fewer are taken as 3.
    """
    n, z = max(freedom, 3.0), 1.959964
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / n**power for power, term in enumerate(terms, start=1))


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A weighted fit that allows for a scatter which the errors of the single values do not explain."""

    values: Floats
    """The parameters: (p,)."""
    covariance: Floats
    """Theirs: (p, p)."""
    scatter: float
    """Standard deviation beyond the stated errors, in the unit of what was fitted."""
    residuals: Floats
    """Observed less fitted, of all observations: (n,)."""
    used: npt.NDArray[np.bool_]
    """Which observations were not put aside as outliers: (n,)."""

    @property
    def freedom(self) -> int:
        """Degrees of freedom."""
        return int(self.used.sum()) - len(self.values)

    def measured(self, combination: npt.ArrayLike) -> Measured:
        """A linear combination of the parameters, with its 95 % interval."""
        row = np.asarray(combination, np.float64)
        error = math.sqrt(max(float(row @ self.covariance @ row), 0.0))
        return Measured(float(row @ self.values), student(self.freedom) * error)


OUTLIER = 4.0
"""Observations further off than so many standard deviations are put aside."""


def fitted(design: Floats, observed: Floats, errors: Floats, outlier: float = OUTLIER) -> Fit | None:
    """Fit observed = design @ parameters; None where the observations do not fix the parameters.

    design: (n, p); observed and errors (standard deviations): (n,). The scatter is that of Paule and Mandel,
    "Consensus values and weighting factors", J. Res. NBS 87 (1982): as much as makes chi squared equal to its
    degrees of freedom. Outliers are judged from a fit of least absolute deviations first, which they do not bend.
    """
    count, size = design.shape
    if count < size + 2 or np.linalg.matrix_rank(design) < size:
        return None
    residuals = observed - design @ _least_absolute(design, observed, errors)
    # 1.4826 times the median absolute deviation is the standard deviation of what is normal; a fit takes a part of it.
    spread = 1.4826 * float(np.median(np.abs(residuals))) * np.sqrt(count / (count - size))
    used = np.abs(residuals) <= outlier * np.sqrt(errors**2 + spread**2)
    if used.sum() < size + 2 or np.linalg.matrix_rank(design[used]) < size:
        return None
    scatter = _scatter(design[used], observed[used], errors[used])
    values, covariance, _ = _solved(design[used], observed[used], errors[used], scatter)
    return Fit(values, covariance, scatter, observed - design @ values, used)


def _solved(design: Floats, observed: Floats, errors: Floats, scatter: float) -> tuple[Floats, Floats, float]:
    """Parameters, covariance and chi squared of plain weighted least squares."""
    deviation = np.sqrt(errors**2 + scatter**2)
    rows = design / deviation[:, None]
    values, *_ = np.linalg.lstsq(rows, observed / deviation, rcond=None)
    covariance = np.linalg.pinv(rows.T @ rows)
    return values, covariance, float(np.square((observed - design @ values) / deviation).sum())


def _scatter(design: Floats, observed: Floats, errors: Floats) -> float:
    freedom = len(observed) - design.shape[1]
    if _solved(design, observed, errors, 0.0)[2] <= freedom:
        return 0.0
    low, high = 0.0, float(np.ptp(observed)) + float(np.max(errors))
    for _ in range(60):  # chi squared falls as the scatter grows: halving finds the place
        middle = (low + high) / 2
        low, high = (middle, high) if _solved(design, observed, errors, middle)[2] > freedom else (low, middle)
    return high


def _least_absolute(design: Floats, observed: Floats, errors: Floats) -> Floats:
    """By least squares with weights that are made anew from the residuals (Schlossmacher 1973)."""
    floor = max(float(np.median(errors)), 1e-12)
    values, *_ = _solved(design, observed, errors, floor)
    for _ in range(40):
        residuals = np.abs(observed - design @ values)
        values, *_ = _solved(design, observed, np.sqrt(np.maximum(residuals, 0.1 * floor) * (errors + floor)), 0.0)
    return values
