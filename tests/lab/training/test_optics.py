import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.training import optics

seeds = st.integers(0, 2**31)


@given(st.floats(0, 12), seeds)
@settings(max_examples=50, deadline=None)
def test_every_aperture_keeps_the_light_and_blurs_by_about_its_radius(radius, seed):
    psf = optics.aperture(radius, np.random.default_rng(seed))
    assert psf.sum() == pytest.approx(1, abs=1e-4)
    assert psf.min() >= 0
    # Thinner than a pixel it is one pixel; what is cut is smaller, bright rims larger; pixels add a twelfth.
    assert 0.5 * radius - 0.3 <= 2 * optics.variances(psf)[0] ** 0.5 <= 1.6 * radius + 0.65


def test_apertures_blur_by_their_radius_on_the_whole():
    blurs = [2 * optics.variances(optics.aperture(6.0, np.random.default_rng(seed)))[0] ** 0.5 for seed in range(40)]
    assert np.median(blurs) == pytest.approx(6.0, rel=0.08)


@given(st.floats(2, 30), seeds)
@settings(max_examples=50, deadline=None)
def test_shake_keeps_the_light_and_is_no_longer_than_asked(length, seed):
    psf = optics.shake(length, np.random.default_rng(seed))
    assert psf.sum() == pytest.approx(1, abs=1e-4)
    # A straight line of this length has the variance length**2 / 12; what is bent or uneven has less or, hurried, more.
    assert optics.variances(psf)[0] <= length**2 / 4 + 1


def test_blurs_add_in_squares():
    one, other = optics.gaussian(1.2), optics.gaussian(2.0)
    both = cv2.filter2D(
        cv2.copyMakeBorder(other, *[8] * 4, cv2.BORDER_CONSTANT), -1, one, borderType=cv2.BORDER_CONSTANT
    )
    sums = optics.variances(one)[0] + optics.variances(other)[0]
    assert optics.variances(both)[0] == pytest.approx(sums, rel=0.02)


@given(st.floats(1.6, 2.6))
def test_linear_and_encoded_are_each_others_inverse(gamma):
    levels = np.arange(256, dtype=np.float32)[None]
    assert optics.encoded(optics.linear(levels, gamma), gamma) == pytest.approx(levels, abs=0.05)


def test_blur_happens_in_linear_light():
    # Half black, half white, mixed: half of the light is far more than half of the grey level.
    edge = np.zeros((64, 64), np.float32)
    edge[:, 32:] = 255
    mixed = optics.encoded(optics.through(optics.gaussian(4.0), optics.linear(edge, 2.2)), 2.2)
    assert 180 < mixed[32, 31:33].mean() < 192


@given(st.floats(1, 20), st.floats(0, 1), st.floats(0, 1), seeds)
@settings(max_examples=30, deadline=None)
def test_noise_has_the_strength_asked_for_at_middle_grey(sigma, shot, grain, seed):
    grey = np.full((128, 128), 128, np.float32)
    noise = optics.noisy(grey, sigma, shot, grain, np.random.default_rng(seed)) - grey
    assert noise.std() == pytest.approx(sigma, rel=0.1)


@given(st.floats(2, 36), seeds)
@settings(max_examples=50, deadline=None)
def test_a_tremor_keeps_the_light_and_stays_within_its_extent(extent, seed):
    psf = optics.tremor(extent, np.random.default_rng(seed))
    assert psf.sum() == pytest.approx(1, abs=1e-4)
    assert optics.variances(psf)[0] <= extent**2 / 4 + 1


def test_the_variances_of_a_line_are_those_along_and_across_it():
    line = np.zeros((21, 21), np.float32)
    line[10, 4:17] = 1 / 13
    across, both, down = optics.covariance(line)
    assert across == pytest.approx((13**2 - 1) / 12)
    assert both == pytest.approx(0, abs=1e-6)
    assert down == pytest.approx(0, abs=1e-6)


def test_a_lamp_brighter_than_white_becomes_a_brighter_disc():
    lamp = np.zeros((65, 65), np.float32)
    lamp[32, 32] = 255
    brighter = lamp * np.float32(1000 ** (1 / 2.2))
    discs = [
        optics.encoded(optics.through(optics.aperture(8.0, np.random.default_rng(3)), optics.linear(one, 2.2)), 2.2)
        for one in (lamp, brighter)
    ]
    assert discs[0].max() < 60
    assert discs[1].max() == 255
