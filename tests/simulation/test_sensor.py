"""The sensor: exposure that follows the light, noise as photons make it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscam.simulation.sensor import AutoExposure, Exposure, Sensor

SIZE = (200, 150)


def chance(seed=0):
    return np.random.default_rng(seed)


def steps(share_of_white):
    return np.full((SIZE[1], SIZE[0]), round(65535 * share_of_white), np.uint16)


def luma(share, light=1.0, exposure=None, seed=0, mean=0.18):
    sensor = Sensor(*SIZE, mean=mean, random=chance())
    return sensor.luma(steps(share), light, exposure or Exposure(0.01, 1.0), chance(seed))


def test_the_mean_of_the_scene_comes_out_as_middle_grey():
    # 18 % of the light is 118 in sRGB.
    assert luma(0.18).mean() == pytest.approx(118, abs=2)
    assert luma(0.05, mean=0.05).mean() == pytest.approx(118, abs=2)


def test_black_is_black_and_white_is_clipped():
    assert luma(0.0).mean() < 5
    assert luma(1.0, exposure=Exposure(0.02, 1.0)).min() == 255


@settings(deadline=None, max_examples=25)
@given(st.floats(0.01, 0.5), st.floats(0.01, 0.5))
def test_more_light_is_never_darker(one, other):
    less, more = sorted((one, other))
    assert luma(less).mean() <= luma(more).mean() + 0.2


def test_exposure_stands_in_for_light():
    dim = luma(0.18, light=0.25, exposure=Exposure(0.02, 2.0))
    assert dim.mean() == pytest.approx(luma(0.18).mean(), abs=1)


def test_a_fourth_of_the_photons_has_twice_the_noise():
    plain, pushed = luma(0.18), luma(0.18, light=1 / 16, exposure=Exposure(0.01, 16.0))
    assert pushed.std() / plain.std() == pytest.approx(4, rel=0.15)


def test_each_frame_has_noise_of_its_own_and_repeats_it():
    assert not np.array_equal(luma(0.18, seed=1), luma(0.18, seed=2))
    assert np.array_equal(luma(0.18, seed=1), luma(0.18, seed=1))


def test_exposure_follows_the_light_as_a_first_order_lag():
    exposing = AutoExposure(1.0, 1 / 30, chance(5))

    def wanted(seconds):
        return -math.log(exposing.light(seconds))

    def told(seconds):
        exposure = exposing.exposure(seconds)
        return math.log(exposure.time * exposure.gain / 0.01)

    # The same by small steps: what it says is the solution of d/dt e = (wanted - e) / lag.
    step, followed = 1e-3, told(0)
    for n in range(20_000):
        followed += (wanted((n + 0.5) * step) - followed) * step / exposing.lag
    assert told(20) == pytest.approx(followed, abs=1e-3)
    assert abs(told(20) - wanted(20)) < 0.05


def test_it_starts_too_dark_and_gets_there_within_a_second():
    exposing = AutoExposure(1.0, 1 / 30, chance(5))
    error = [math.log(exposing.exposure(t).time / 0.01 * exposing.light(t)) for t in (0, 1, 2)]
    assert error[0] < -0.3
    assert max(abs(e) for e in error[1:]) < 0.08


@settings(deadline=None)
@given(st.floats(0, 100), st.floats(0, 10))
def test_time_and_gain_keep_their_limits_and_gain_comes_last(light, seconds):
    exposure = AutoExposure(light, 1 / 30, chance()).exposure(seconds)
    assert 0 < exposure.time <= 1 / 30
    assert 1 <= exposure.gain <= 16
    assert exposure.gain == 1 or exposure.time == 1 / 30


def test_darkness_cannot_be_exposed_away():
    exposing = AutoExposure(0.0, 1 / 30, chance())
    assert luma(0.18, light=exposing.light(9), exposure=exposing.exposure(9)).mean() < 12
