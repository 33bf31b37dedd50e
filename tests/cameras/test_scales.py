"""Two scales: aspect kept, never enlarged, averaged over areas."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscam.cameras.scales import size_within, two_scales
from focuscam.messages import COARSE_SIDE, FINE_SIDE

sides = st.integers(1, 120_000)


@settings(deadline=None)
@given(sides, sides, st.integers(1, 4000))
def test_a_size_keeps_its_aspect_within_a_pixel_and_never_grows(width, height, side):
    across, down = size_within(side, width, height)
    assert 1 <= across <= width
    assert 1 <= down <= height
    assert max(across, down) == min(side, max(width, height))
    scale = max(across, down) / max(width, height)
    assert abs(across - width * scale) <= 1
    assert abs(down - height * scale) <= 1


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_small_pictures_pass_unchanged_and_both_scales_are_one_array(width, height, seed):
    picture = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    fine, coarse = two_scales(picture)
    assert fine is coarse
    assert np.array_equal(fine, picture)


def test_large_pictures_are_averaged_over_areas():
    picture = np.random.default_rng(0).integers(0, 256, (2 * 1500, 2 * FINE_SIDE), dtype=np.uint8)
    fine, coarse = two_scales(picture)
    means = picture.reshape(1500, 2, FINE_SIDE, 2).mean(axis=(1, 3))
    assert fine.shape == (1500, FINE_SIDE)
    assert np.abs(fine - means).max() <= 0.5
    assert coarse.shape == (473, COARSE_SIDE)
    assert abs(float(coarse.mean()) - float(picture.mean())) < 0.5


def test_a_line_of_a_hundred_thousand_pixels_stays_a_line():
    fine, coarse = two_scales(np.arange(100_000, dtype=np.uint32).astype(np.uint8)[None])
    assert fine.shape == (1, FINE_SIDE)
    assert coarse.shape == (1, COARSE_SIDE)


@pytest.mark.parametrize(("deep", "grey"), [(0, 0), (257, 1), (128 * 257, 128), (65535, 255), (128 * 257 + 100, 128)])
def test_sixteen_bits_become_eight_with_white_staying_white(deep, grey):
    fine, _ = two_scales(np.full((4, 4), deep, np.uint16))
    assert fine.dtype == np.uint8
    assert (fine == grey).all()
