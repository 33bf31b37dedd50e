"""How much a figure can be trusted: AUC, shares and correlations, each with a 95 % interval."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

Z = 1.959964
"""Standard normal deviate of a two-sided 95 % interval."""


@dataclass(frozen=True)
class Figure:
    """A number, how many cases it comes from, and its 95 % interval."""

    value: float
    n: int
    low: float
    high: float

    def __str__(self) -> str:
        """As it stands in the table; without an interval where there is none, as of the worst of several."""
        if self.n == 0:
            return "-"
        interval = f" [{self.low:.2f} {self.high:.2f}]" if self.low < self.high else ""
        return f"{self.value:.3f}{interval} n={self.n}"


NONE = Figure(math.nan, 0, math.nan, math.nan)


def share(right: list[bool]) -> Figure:
    """A share of cases, with Wilson's (1927) score interval."""
    n = len(right)
    if n == 0:
        return NONE
    p = sum(right) / n
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return Figure(p, n, max(middle - half, 0.0), min(middle + half, 1.0))


def auc(sharp: list[float], blurred: list[float]) -> Figure:
    """Area under the ROC curve, with DeLong's (1988) variance on the logit scale.

    Where the two do not overlap at all DeLong's variance is 0; then the interval is Wilson's for
    as many cases as the smaller group has.
    """
    if not sharp or not blurred:
        return NONE
    high, low = np.asarray(sharp)[:, None], np.asarray(blurred)[None, :]
    wins = (high > low) + 0.5 * (high == low)
    value, n = float(wins.mean()), len(sharp) + len(blurred)
    variance = sum(float(np.var(part, ddof=1)) / len(part) for part in (wins.mean(1), wins.mean(0)) if len(part) > 1)
    if variance == 0 or not 0 < value < 1:
        few = min(len(sharp), len(blurred))
        at_end = share([True] * few)
        return Figure(value, n, at_end.low if value == 1 else value, 1.0)
    spread = Z * math.sqrt(variance) / (value * (1 - value))
    logit = math.log(value / (1 - value))
    return Figure(value, n, 1 / (1 + math.exp(spread - logit)), 1 / (1 + math.exp(-spread - logit)))


def mean(values: list[float], seed: int = 0) -> Figure:
    """A mean, with a bootstrap interval (percentiles of 2,000 resamples)."""
    return _resampled(values, np.mean, seed)


def middle(values: list[float], seed: int = 0) -> Figure:
    """A median, with a bootstrap interval (percentiles of 2,000 resamples)."""
    return _resampled(values, np.median, seed)


def _resampled(values: list[float], measure: Callable[..., np.ndarray], seed: int) -> Figure:
    if not values:
        return NONE
    array = np.asarray(values)
    picks = np.random.default_rng(seed).integers(0, len(array), (2000, len(array)))
    low, high = np.percentile(measure(array[picks], axis=1), [2.5, 97.5])
    return Figure(float(measure(array)), len(array), float(low), float(high))


def rank_correlation(scores: np.ndarray, best: int) -> float:
    """Spearman's correlation of score with nearness to the best frame, in steps; 0 where all scores are one."""
    nearness = -np.abs(np.arange(len(scores)) - best)
    if np.ptp(scores) == 0:
        return 0.0
    return float(stats.spearmanr(scores, nearness).statistic)


def best_threshold(sharp: list[float], blurred: list[float]) -> float:
    """The threshold that is right on the largest mean share of sharp and of blurred cases: the best there is."""
    values = np.unique(np.concatenate([sharp, blurred]))
    cuts = np.concatenate([[values[0] - 1e-9], (values[1:] + values[:-1]) / 2, [values[-1] + 1e-9]])
    high, low = np.sort(sharp), np.sort(blurred)
    kept = 1 - np.searchsorted(high, cuts) / len(high)
    rejected = np.searchsorted(low, cuts) / len(low)
    balance = kept + rejected
    top = np.flatnonzero(balance >= balance.max() - 1e-12)
    return float(cuts[top[len(top) // 2]])
