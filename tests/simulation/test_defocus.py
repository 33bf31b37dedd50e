"""Defocus: discs of the right size, light that is not lost, and planes that hide what is behind them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscam.simulation.defocus import Blurred, Plane, composed

WHITE = 65535


def spread_of(light):
    """Variance along each axis, px^2, of what light there is."""
    weights = light / light.sum()
    y, x = np.mgrid[0 : light.shape[0], 0 : light.shape[1]]
    return [(weights * (axis - (weights * axis).sum()) ** 2).sum() for axis in (y, x)]


@pytest.fixture(scope="module")
def lamp():
    """A small bright square in the dark."""
    light = np.zeros((161, 161), np.uint16)
    light[78:83, 78:83] = WHITE
    return Blurred(Plane(1.0, light, None), largest=30.0)


@settings(deadline=None)
@given(radius=st.floats(0, 30))
def test_a_point_becomes_as_wide_as_its_circle_of_confusion(lamp, radius):
    (sharp,), (blurred,) = lamp.at(0.0), lamp.at(radius)
    # A disc has a variance of radius^2 / 4 along each axis. The square keeps its own on top of it. To 6 % of
    # the radius: where a plane is halved first, a little depends on where a point lies between two pixels.
    for before, after in zip(spread_of(sharp), spread_of(blurred), strict=True):
        assert after - before == pytest.approx(radius**2 / 4, rel=0.12, abs=0.03)


@settings(deadline=None)
@given(radius=st.floats(0, 30))
def test_no_light_is_lost_or_made(lamp, radius):
    (sharp,), (blurred,) = lamp.at(0.0), lamp.at(radius)
    assert blurred.sum(dtype=float) == pytest.approx(sharp.sum(dtype=float), rel=0.03)


@settings(deadline=None)
@given(one=st.floats(0, 30), other=st.floats(0, 30))
def test_more_blur_is_never_brighter_at_the_peak(lamp, one, other):
    less, more = sorted((one, other))
    assert int(lamp.at(more)[0].max()) <= int(lamp.at(less)[0].max()) + 60


def planes(far, near, hole):
    """A far plane all over, and a near one with a round hole."""
    y, x = np.mgrid[0:120, 0:160]
    cover = np.where(np.hypot(y - 60, x - 80) < hole, 0, WHITE).astype(np.uint16)
    near_light = (cover * (near / WHITE)).astype(np.uint16)
    wall = Plane(2.0, np.full((120, 160), far, np.uint16), None)
    return [Blurred(wall, 12.0), Blurred(Plane(0.5, near_light, cover), 12.0)]


def test_a_sharp_plane_hides_what_is_behind_it_and_nothing_else():
    seen = composed(planes(10_000, 50_000, hole=30), [0.0, 0.0])
    assert seen[60, 80] == 10_000
    assert seen[5, 5] == pytest.approx(50_000, abs=2)


def test_a_blurred_edge_in_front_is_half_transparent():
    # Almost straight, so that the disc at the edge is half covered.
    seen = composed(planes(0, WHITE, hole=50), [0.0, 8.0])
    assert seen[60, 80 - 50] == pytest.approx(WHITE / 2, rel=0.15)
    assert 0 < seen[60, 80 - 45] < WHITE / 2 < seen[60, 80 - 55] < WHITE


@settings(deadline=None)
@given(st.floats(0, 12), st.floats(0, 12))
def test_planes_of_one_shade_show_no_seam(far_radius, near_radius):
    seen = composed(planes(30_000, 30_000, hole=30), [far_radius, near_radius])
    assert np.abs(seen.astype(int) - 30_000).max() <= 40


def test_composing_leaves_the_planes_as_they_were():
    both = planes(10_000, 50_000, hole=30)
    first = composed(both, [0.0, 0.0])
    assert np.array_equal(first, composed(both, [0.0, 0.0]))
