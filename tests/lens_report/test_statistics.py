import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.lens_report.statistics import Measured, fitted, student


def test_students_t_is_that_of_the_tables():
    table = {3: 3.182, 5: 2.571, 10: 2.228, 30: 2.042, 1000: 1.962}
    assert {n: student(n) for n in table} == pytest.approx(table, rel=0.01)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(-100, 100))
def test_an_uncertainty_is_never_below_nothing_whatever_the_unit(value, uncertainty, factor):
    assert Measured(value, uncertainty).times(factor).uncertainty >= 0


def line(scatter=0.0, count=40):
    random = np.random.default_rng(4)
    x = np.linspace(-1, 1, count)
    errors = np.full(count, 0.1)
    return np.column_stack([np.ones(count), x]), 3 + 2 * x + random.normal(0, np.hypot(0.1, scatter), count), errors


def test_a_line_is_found_within_its_uncertainty():
    fit = fitted(*line())
    for row, true in (((1, 0), 3), ((0, 1), 2)):
        found = fit.measured(row)
        assert abs(found.value - true) <= found.uncertainty < 0.15


def test_scatter_that_the_errors_do_not_explain_is_told_and_widens_the_uncertainty():
    calm, wild = fitted(*line()), fitted(*line(scatter=0.5))
    assert calm.scatter < 0.05
    assert wild.scatter == pytest.approx(0.5, rel=0.3)
    assert wild.measured((0, 1)).uncertainty > 3 * calm.measured((0, 1)).uncertainty


def test_outliers_are_put_aside():
    design, observed, errors = line()
    observed[[3, 20]] += 5
    fit = fitted(design, observed, errors)
    assert np.flatnonzero(~fit.used).tolist() == [3, 20]
    assert fit.values == pytest.approx([3, 2], abs=0.1)


def test_parameters_that_the_observations_do_not_fix_have_no_fit():
    assert fitted(np.ones((10, 2)), np.ones(10), np.ones(10)) is None
    assert fitted(np.column_stack([np.ones(3), np.arange(3)]), np.ones(3), np.ones(3)) is None
