import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.focus import blur

RADII = np.array([1.0, 1.4, 2.0, 2.8, 4.0, 8.0], np.float32)


def answers(px, steepness=4.0):
    return (1 / (1 + (px / RADII) ** steepness)).astype(np.float32)[None]


@given(st.floats(0.7, 14))
def test_perfect_answers_give_the_blur_back(px):
    assert np.exp(blur.log_radius(answers(px), RADII, 4.0)[0]) == pytest.approx(px, rel=0.15)


@given(st.floats(0.7, 14))
def test_answers_rounded_to_uint8_still_do(px):
    rounded = np.rint(answers(px) * 256) / 256
    assert np.exp(blur.log_radius(rounded, RADII, 4.0)[0]) == pytest.approx(px, rel=0.25)


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_any_answers_give_a_finite_blur(row):
    assert np.isfinite(blur.log_radius(np.array([row], np.float32), RADII, 4.0)).all()


@given(st.integers(64, 4000), st.floats(0.1, 30), st.floats(0.1, 30))
def test_less_blur_never_scores_less(longest, one, other):
    low, high = sorted((one, other))
    assert blur.score(np.log(low), longest) >= blur.score(np.log(high), longest)


def test_the_allowed_blur_scores_one_half_and_grows_with_the_frame():
    for longest in (300, 640, 2028):
        assert blur.score(np.log(blur.allowed(longest)), longest) == pytest.approx(0.5)
    assert blur.allowed(300) < blur.allowed(640) < blur.allowed(1300) == blur.allowed(2028)
