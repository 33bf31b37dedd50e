"""Shaking hands: as far as asked for, and longer exposures smear further."""

import numpy as np
import pytest

from focuscam.simulation.shake import Shake


def test_a_camera_that_stands_still_is_in_one_place():
    assert Shake(0.0, np.random.default_rng(0)).way(3.0, 0.03) == [(0, 0)]


@pytest.mark.parametrize("strength", [1.0, 6.0, 20.0])
def test_the_displacement_has_the_strength_asked_for(strength):
    shake = Shake(strength, np.random.default_rng(1))
    places = np.array([shake.way(t, 0.001)[-1] for t in np.arange(0, 120, 0.07)]) - shake.reach
    assert np.sqrt((places**2).sum(axis=1).mean()) == pytest.approx(strength, rel=0.15)
    assert np.abs(places).max() <= shake.reach


def test_the_way_of_a_longer_exposure_is_longer():
    shake = Shake(20.0, np.random.default_rng(1))

    def length(exposure):
        return np.mean([np.ptp(shake.way(t, exposure), axis=0).max() for t in np.arange(0, 20, 0.1)])

    assert length(0.033) > 3 * length(0.005)


def test_the_way_leaves_no_gap_over_a_pixel_or_two():
    shake = Shake(6.0, np.random.default_rng(2))
    for t in np.arange(0, 20, 0.1):
        assert np.abs(np.diff(shake.way(t, 0.03), axis=0)).max(initial=0) <= 2
