import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.coach.hill import Hill

CONTRASTS = st.lists(st.floats(0, 10) | st.just(0.0), min_size=1, max_size=100)


def climbed(contrasts, fps=30):
    hill = Hill()
    for n, contrast in enumerate(contrasts):
        hill.add(contrast, n / fps)
    return hill


@given(CONTRASTS)
def test_closeness_is_between_0_and_1_whatever_the_contrasts(contrasts):
    hill = Hill()
    for n, contrast in enumerate(contrasts):
        hill.add(contrast, n / 30)
        assert 0 <= hill.closeness <= 1
        assert isinstance(hill.rising_fast, bool)
        assert 1 <= hill.rested <= n + 1


@given(st.floats(1e-3, 1e3), st.integers(1, 60))
def test_a_contrast_that_stays_is_at_rest_and_not_rising(contrast, frames):
    hill = climbed([contrast] * frames)
    assert hill.rested == frames
    assert not hill.rising_fast
    assert hill.closeness == pytest.approx(1)


@pytest.mark.parametrize("rate", [0.3, 1.0, 5.0])
def test_a_steady_climb_is_rising_fast_and_one_that_ends_is_not(rate):
    frames = math.ceil(30 * 1.5 / rate)
    climb = [0.01 * math.exp(rate * n / 30) for n in range(frames)]
    assert climbed(climb).rising_fast
    assert not climbed([*climb, *[climb[-1]] * 30]).rising_fast


def test_a_top_is_passed_once_the_contrast_has_fallen_on_its_other_side():
    up = [0.01 * 1.1**n for n in range(30)]
    assert not climbed(up).passed
    assert climbed([*up, *reversed(up)]).passed


def test_a_fall_by_motion_blur_is_not_the_other_side():
    hill = climbed([0.05] * 30)
    for n in range(30, 60):
        hill.add(0.02, n / 30, shaken=True)
    assert not hill.passed


def test_a_hill_is_complete_with_a_long_way_up_and_a_long_way_down():
    up = [0.01 * 1.1**n for n in range(30)]
    assert climbed([*up, *reversed(up)]).complete
    assert not climbed(list(reversed(up))).complete


def test_a_hill_higher_than_the_one_that_was_passed_has_to_be_passed_itself():
    up = [0.01 * 1.1**n for n in range(30)]
    over = [*up, *reversed(up)]
    assert not climbed([*over, *up, *[up[-1] * 1.05**n for n in range(6)]]).passed


def test_one_wild_contrast_makes_no_peak():
    assert climbed([0.05] * 10 + [5.0] + [0.05] * 10).closeness == pytest.approx(1)
