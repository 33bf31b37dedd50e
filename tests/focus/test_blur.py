import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.focus import blur

RADII = np.array([1.0, 1.4, 2.0, 2.8, 4.0, 8.0], np.float32)


def answers(px, spread=0.3):
    """What a network says that knows the blur this well: how likely it is less than each radius."""
    return np.array([[math.erfc(math.log(px / radius) / spread / math.sqrt(2)) / 2 for radius in RADII]], np.float32)


@given(st.floats(0.8, 9))
def test_perfect_answers_give_the_blur_back(px):
    assert np.exp(blur.estimates(answers(px), RADII)[0][0]) == pytest.approx(px, rel=0.15)


@given(st.floats(0.8, 9))
def test_answers_rounded_to_uint8_still_do(px):
    rounded = np.rint(answers(px) * 256) / 256
    assert np.exp(blur.estimates(rounded, RADII)[0][0]) == pytest.approx(px, rel=0.2)


def test_the_less_the_network_knows_the_larger_is_the_error():
    errors = [float(blur.estimates(answers(2.0, spread), RADII)[1][0]) for spread in (0.2, 0.5, 0.8)]
    assert all(later > before for before, later in itertools.pairwise(errors))


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_any_answers_give_a_finite_blur_and_error(row):
    log_blur, error = blur.estimates(np.array([row], np.float32), RADII)
    assert np.isfinite(log_blur).all()
    assert (error > 0).all()
    assert np.isfinite(error).all()


@given(st.integers(64, 4000), st.floats(0.1, 30), st.floats(0.1, 30), st.floats(0.1, 1))
def test_less_blur_never_scores_less(longest, one, other, error):
    low, high = sorted((one, other))
    assert blur.score(np.log(low), error, longest) >= blur.score(np.log(high), error, longest)


def test_the_allowed_blur_scores_one_half_and_grows_with_the_frame():
    for longest in (300, 640, 2028):
        assert blur.score(np.log(blur.allowed(longest)), 0.3, longest) == pytest.approx(0.5)
    assert blur.allowed(300) < blur.allowed(640) < blur.allowed(1300) == blur.allowed(2028)


def test_a_sure_reading_scores_nearer_to_its_end_than_an_unsure_one():
    sharp, soft = math.log(blur.allowed(640) / 1.6), math.log(blur.allowed(640) * 1.6)
    assert blur.score(sharp, 0.2, 640) > 0.95 > blur.score(sharp, 0.6, 640) > 0.5
    assert blur.score(soft, 0.2, 640) < 0.05 < blur.score(soft, 0.6, 640) < 0.5
