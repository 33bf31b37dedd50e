import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.coach.hill import CLIMB, FALL, REST, Hill

CONTRASTS = st.lists(st.floats(0, 10) | st.just(0.0), min_size=1, max_size=100)


def climbed(contrasts, fps=30):
    hill = Hill()
    for n, contrast in enumerate(contrasts):
        hill = hill.add(contrast, n / fps)
    return hill


def over(xs):
    """Contrast at distances from the best place, on the hill 1 / (1 + x^2)."""
    return [0.05 / (1 + x * x) for x in xs]


def line(start, end, frames):
    return [start + (end - start) * n / frames for n in range(frames)]


@given(CONTRASTS)
def test_closeness_is_between_0_and_1_and_no_top_is_above_the_best_whatever_the_contrasts(contrasts):
    hill = Hill()
    for n, contrast in enumerate(contrasts):
        hill = hill.add(contrast, n / 30)
        assert 0 <= hill.closeness <= 1
        assert hill.top is None or hill.top <= hill.best + 1e-9
        assert 1 <= hill.rested <= n + 1


@given(st.floats(1e-3, 1e3), st.integers(1, 60))
def test_a_contrast_that_stays_is_at_rest_and_no_climb(contrast, frames):
    hill = climbed([contrast] * frames)
    assert hill.rested == frames
    assert not hill.climbing
    assert hill.closeness == pytest.approx(1)


@pytest.mark.parametrize("seconds", [2, 8, 30, 120])
def test_a_climb_is_one_however_slow_and_a_pause_does_not_end_it(seconds):
    climb = over(line(-4, -1, 30 * seconds))
    assert climbed(climb).climbing
    assert climbed([*climb, *[climb[-1]] * 90]).climbing


@pytest.mark.parametrize("seconds", [2, 8, 30, 120])
def test_a_top_is_passed_once_the_contrast_has_fallen_behind_it_and_never_before(seconds):
    frames = 15 * seconds
    hill = Hill()
    for n, x in enumerate([*line(-4, 0, frames), *line(0, 1, frames // 4)]):
        hill = hill.add(over([x])[0], n / 30)
        if x <= 0:
            assert hill.top is None
    assert math.exp(hill.top) == pytest.approx(0.05, rel=0.05)


def test_a_fall_without_a_climb_before_it_is_no_top():
    assert climbed(over(line(0, 4, 60))).top is None


def test_a_fall_by_motion_blur_is_not_the_other_side():
    hill = climbed(over(line(-4, 0, 60)))
    for n in range(60, 90):
        hill = hill.add(0.02, n / 30, lost=True)
    assert hill.top is None


def test_a_hill_is_complete_with_a_long_way_up_and_a_long_way_down():
    assert climbed(over(line(-3, 3, 90))).complete
    assert not climbed(over(line(0, 3, 60))).complete
    assert not climbed(over(line(-3, 0.2, 60))).complete


def test_a_hill_higher_than_the_one_that_was_passed_has_to_be_passed_itself():
    up = [0.01 * 1.1**n for n in range(30)]
    over_one = [*up, *reversed(up)]
    assert climbed(over_one).top is not None
    assert climbed([*over_one, *up, *[up[-1] * 1.05**n for n in range(6)]]).top is None


def test_one_wild_contrast_makes_no_best():
    assert climbed([0.05] * 10 + [5.0] + [0.05] * 10).closeness == pytest.approx(1)


@pytest.mark.parametrize("sigma", [0.005, 0.02])
def test_noise_alone_is_neither_a_climb_nor_a_top(sigma):
    import numpy as np

    contrasts = 0.02 * np.exp(np.random.default_rng(1).normal(0, sigma, 3000))
    hill = Hill()
    for n, contrast in enumerate(contrasts):
        hill = hill.add(float(contrast), n / 30)
        assert hill.top is None


def test_a_jolt_is_as_if_it_had_not_been():
    climb = over(line(-4, -1, 40))
    calm, jolted = Hill(), Hill()
    for n, contrast in enumerate(climb):
        if not 20 <= n < 32:
            calm = calm.add(contrast, n / 30)
        jolted = jolted.add(contrast * (0.5 if 20 <= n < 32 else 1), n / 30)
    assert jolted.top is None
    assert jolted.climbing
    assert jolted.closeness == 1
    assert jolted.best == pytest.approx(calm.best)
    assert jolted.frames == len(climb) - 12


def test_what_is_lost_for_longer_than_a_jolt_is_the_other_side():
    assert climbed([*over(line(-4, 0, 40)), *[0.02] * 60, *[0.05] * 5]).top is not None


def test_a_ring_that_is_turned_in_jerks_is_not_a_jolt():
    steps = [0.01, 0.02, 0.04, 0.05, 0.035, 0.02, 0.01, 0.02, 0.035]
    hill = climbed([contrast for contrast in steps for _ in range(3)])
    assert hill.frames == 3 * len(steps)
    assert hill.top is not None
    assert hill.grain > FALL


def test_a_top_that_an_even_hand_went_over_was_seen_finely_however_fast():
    assert climbed(over(line(-4, 1, 80))).grain < FALL


def test_a_hand_that_turns_back_on_the_slope_has_not_passed_a_lower_top():
    hill = Hill()
    for n, contrast in enumerate(over([*line(-4, 3, 70), *line(3, 1.5, 20), *line(1.5, 4, 30)])):
        hill = hill.add(contrast, n / 30, sharp=contrast > 0.03)
    assert math.exp(hill.best) == pytest.approx(0.05, rel=0.05)


def test_a_top_that_can_not_be_reached_again_comes_down_and_one_that_can_is_had_back():
    there = over([*line(-4, 4, 80), *line(4, -4, 80)])
    lower = [contrast * 0.66 for contrast in there]
    assert 0.03 < math.exp(climbed([*there, *lower]).top) < 0.045
    hill = climbed([*there, *lower[:80], *over(line(4, 0, 40))])
    assert math.exp(hill.top) == pytest.approx(0.05, rel=0.05)


def test_a_new_light_is_no_top_on_the_way_up():
    """From one frame to the next everything is brighter, and the contrast a little higher for it."""
    hill = Hill()
    for n, x in enumerate(line(-4, -1, 90)):
        hill = hill.add(over([x])[0] * (1.05 if n >= 60 else 1), n / 30)
        if n == 61:
            hill.rescale(0.05)
        assert hill.top is None


def test_the_longest_pause_is_that_of_the_hand_and_not_the_rest_that_lasts_still():
    climb = over(line(-4, -1, 60))
    hill = climbed([*climb[:30], *[climb[30]] * 45, *climb[30:], *[climb[-1]] * 90])
    assert hill.longest_pause_s == pytest.approx(1.5, abs=0.15)
    assert hill.rested_s == pytest.approx(3.0, abs=0.15)


def test_a_drift_too_slow_for_one_frame_is_no_rest():
    assert climbed([0.02 * math.exp(2 * REST * n / 30) for n in range(300)]).rested_s < 1


def test_what_is_less_than_a_climb_is_none():
    assert not climbed([0.05 * math.exp(CLIMB * 0.9 * n / 30) for n in range(30)]).climbing


def test_a_hill_does_not_grow_however_often_it_is_jolted():
    hill, sizes = Hill(), []
    for n in range(30 * 120):
        hill = hill.add(0.05 if n % 60 < 30 else 0.02, n / 30)
        sizes.append(len(pickle.dumps(hill)))
    assert max(sizes[-300:]) <= 1.1 * max(sizes[300:600])
