import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from lab.evaluation import statistics


def test_the_auc_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    sharp, blurred = list(rng.normal(1, 1, 30)), list(rng.normal(0, 1, 40))
    figure = statistics.auc(sharp, blurred)
    assert figure.value == pytest.approx(roc_auc_score([1] * 30 + [0] * 40, sharp + blurred))
    assert figure.low < figure.value < figure.high
    assert figure.n == 70


def test_wilsons_interval_is_that_of_the_books():
    figure = statistics.share([True] * 8 + [False] * 2)  # Agresti and Coull (1998): 0.49 to 0.94
    assert (figure.low, figure.high) == (pytest.approx(0.490, abs=0.001), pytest.approx(0.943, abs=0.001))


def test_no_cases_make_no_figure():
    assert str(statistics.share([])) == "-"
    assert str(statistics.auc([], [1.0])) == "-"


def test_the_best_threshold_of_a_rival_parts_what_can_be_parted():
    assert 3 < statistics.best_threshold([4.0, 5.0, 9.0], [1.0, 2.0, 3.0]) < 4


def test_rank_correlation_is_one_for_a_hill_and_falls_when_it_is_turned_over():
    hill = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
    assert statistics.rank_correlation(hill, 2) == pytest.approx(1)
    assert statistics.rank_correlation(-hill, 2) == pytest.approx(-1)
    assert statistics.rank_correlation(np.ones(5), 2) == 0
