"""A thin lens: what the textbook says, whatever the ring."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscam.simulation.optics import ThinLens

lenses = st.builds(ThinLens, focal_mm=st.floats(4, 100), f_number=st.floats(1.2, 22), nearest_m=st.floats(0.25, 1.0))
distances = st.floats(0.3, 1000)
rings = st.floats(0.001, 1)


@settings(deadline=None)
@given(lenses, distances, rings)
def test_the_circle_of_confusion_is_that_of_the_textbook(lens, distance, ring):
    s, d, f = 1000 / lens.dioptres(ring), 1000 * distance, lens.focal_mm
    textbook = (f / lens.f_number) * (f / (s - f)) * abs(d - s) / d
    assert lens.circle_of_confusion(distance, ring) == pytest.approx(textbook, rel=1e-6, abs=1e-9)


@settings(deadline=None)
@given(lenses, distances)
def test_a_distance_is_sharp_at_its_own_ring_position(lens, distance):
    ring = lens.ring(distance)
    assert lens.circle_of_confusion(distance, ring) == pytest.approx(0, abs=1e-9)
    assert lens.dioptres(ring) == pytest.approx(1 / distance)


@settings(deadline=None)
@given(lenses, distances, st.floats(0, 1), st.floats(0, 1))
def test_further_from_sharp_is_never_less_blurred(lens, distance, one, other):
    sharp = lens.ring(distance)
    near, far = sorted((one, other), key=lambda ring: abs(ring - sharp))
    assert lens.circle_of_confusion(distance, near) <= lens.circle_of_confusion(distance, far) + 1e-12


@settings(deadline=None)
@given(lenses)
def test_the_ring_goes_from_infinity_to_the_nearest_distance(lens):
    assert lens.dioptres(0) == 0
    assert lens.dioptres(1) == pytest.approx(1 / lens.nearest_m)


def test_stopping_down_by_two_halves_the_blur():
    wide, small = ThinLens(f_number=2.0), ThinLens(f_number=4.0)
    assert wide.circle_of_confusion(0.6, 0.1) == pytest.approx(2 * small.circle_of_confusion(0.6, 0.1))


def test_a_known_case():
    # 50 mm f/2 focused at 2 m, background at infinity: c = 25 mm * 50 / 1950 = 0.641 mm.
    lens = ThinLens(focal_mm=50, f_number=2, nearest_m=2)
    assert lens.circle_of_confusion(1e9, 1.0) == pytest.approx(0.641, abs=0.001)
