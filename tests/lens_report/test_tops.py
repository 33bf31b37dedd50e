import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscam.lens_report.tops import Curves

POSITIONS = np.arange(25.0)
CURVES = Curves(POSITIONS)


def curve(top, width=3.0, shape=0.9, foot=0.002, positions=POSITIONS):
    return foot + 0.05 * (1 + ((positions - top) / width) ** 2) ** -shape


@given(st.floats(5, 19), st.floats(1.2, 4))
@settings(max_examples=40, deadline=None)
def test_a_top_between_two_frames_is_found_between_them(top, width):
    found = CURVES.top(curve(top, width))
    assert found.kind == "inside"
    assert abs(found.position - top) < 0.1
    assert found.error < 0.2


def test_noise_widens_the_error_and_the_top_lies_within_it():
    random = np.random.default_rng(0)
    clean = CURVES.top(curve(11.3)).error
    away = []
    for _ in range(40):
        found = CURVES.top(np.maximum(curve(11.3) + random.normal(0, 0.003, 25), 0))
        assert found.error > clean
        away.append((found.position - 11.3) / found.error)
    assert np.mean(np.abs(away) < 2) > 0.85


def test_positions_may_come_in_any_order_and_at_any_distance():
    random = np.random.default_rng(1)
    positions = np.sort(random.uniform(-300, -100, 24))[::-1].copy()
    found = Curves(positions).top(curve(-180, 25, positions=positions))
    assert found.kind == "inside"
    assert found.position == pytest.approx(-180, abs=2)


@pytest.mark.parametrize(("top", "kind"), [(-4, "before"), (0, "before"), (24, "after"), (30, "after")])
def test_a_top_at_an_end_or_beyond_is_not_one(top, kind):
    assert CURVES.top(curve(top)).kind == kind


def test_a_bare_wall_has_nothing_to_see():
    random = np.random.default_rng(2)
    assert CURVES.top(np.zeros(25)).kind == "flat"
    assert CURVES.top(0.004 + random.normal(0, 0.0002, 25)).kind == "flat"


def test_two_things_at_two_distances_have_no_single_top():
    assert CURVES.top(curve(5, 1.5) + curve(19, 1.5)).kind == "several"


def test_leaving_out_a_frame_far_from_the_top_changes_nothing_and_one_at_the_top_little():
    noisy = curve(12.4) + np.random.default_rng(5).normal(0, 0.0005, 25)
    found = CURVES.top(noisy)
    assert found.without.shape == (25,)
    assert abs(found.without[0] - found.position) < 0.05
    assert np.ptp(found.without) < 0.5
