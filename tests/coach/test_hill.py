import math
import pickle

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


def over(xs):
    """Contrast at distances from the best place, on the hill 1 / (1 + x^2)."""
    return [0.05 / (1 + x * x) for x in xs]


def line(start, end, frames):
    return [start + (end - start) * n / frames for n in range(frames)]


def test_a_jolt_is_as_if_it_had_not_been():
    climb = over(line(-4, -1, 40))
    calm, jolted = Hill(), Hill()
    for n, contrast in enumerate(climb):
        if not 20 <= n < 32:
            calm.add(contrast, n / 30)
        jolted.add(contrast * (0.5 if 20 <= n < 32 else 1), n / 30)
    assert not jolted.passed
    assert jolted.rising_fast
    assert jolted.closeness == 1
    assert jolted.peak == pytest.approx(calm.peak)
    assert jolted.frames == len(climb) - 12


def test_what_is_lost_for_longer_than_a_jolt_is_the_other_side():
    hill = climbed([*over(line(-4, 0, 40)), *[0.02] * 60, *[0.05] * 5])
    assert hill.passed


def test_a_ring_that_is_turned_in_jerks_is_not_a_jolt():
    steps = [0.01, 0.02, 0.04, 0.05, 0.035, 0.02, 0.01, 0.02, 0.035]
    hill = climbed([contrast for contrast in steps for _ in range(3)])
    assert hill.frames == 3 * len(steps)
    assert hill.passed


def test_the_way_to_a_known_top_is_told_in_seconds():
    hill = climbed(over([*line(-4, 2, 60), *[2] * 30, *line(2, 0.5, 30)]))
    # 1.5 in 30 frames is 1.5 a second; the median is a frame late, the rate that of the tenth of a second before.
    assert hill.top_in_s == pytest.approx(0.5 / 1.5, abs=0.1)
    assert climbed(over(line(-4, -0.5, 30))).top_in_s == math.inf, "nobody knows that top"
    assert climbed(over([*line(-4, 2, 60), *[0.5] * 30])).top_in_s == math.inf, "nobody turns"


def test_a_hand_that_turns_back_on_the_slope_has_not_passed_a_lower_top():
    hill = Hill()
    contrasts = over([*line(-4, 3, 70), *line(3, 1.5, 20), *line(1.5, 4, 30)])
    for n, contrast in enumerate(contrasts):
        hill.add(contrast, n / 30, sharp=contrast > 0.03)
    assert math.exp(hill.peak) == pytest.approx(0.05, rel=0.05)


def test_a_slope_that_was_gone_down_before_does_not_hide_that_it_is_climbed_now():
    away_and_back = over([*line(1, 3, 40), *line(3, 0.9, 40)])
    assert climbed(away_and_back).rising_fast


def test_a_hill_does_not_grow_however_often_it_is_jolted():
    hill, sizes = Hill(), []
    for n in range(30 * 120):
        hill.add(0.05 if n % 60 < 30 else 0.02, n / 30)
        sizes.append(len(pickle.dumps(hill)))
    assert max(sizes[-300:]) <= 1.1 * max(sizes[300:600])
