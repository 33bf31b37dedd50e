import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.lens import parabola as room
from focuscam.lens.likelihood import Look


def crest(looks):
    best = max(looks, key=lambda look: look.contrast)
    return room.crest([look for look in looks if look.contrast >= room.FOOT * best.contrast], best)


def looks(places, seen):
    return [Look(place, *seen(place)) for place in places]


@given(st.floats(-8, 8), st.floats(0.01, 0.06))
def test_the_top_lies_where_the_hill_has_it_between_the_looks(top, slope):
    found = crest([Look(p, 0.5, 0.1 / (1 + (slope * (p - top)) ** 2)) for p in (-10, 0, 10)])
    assert found.position == pytest.approx(top, abs=1e-6)
    assert found.contrast == pytest.approx(0.1)
    assert found.width == pytest.approx(1 / slope)


def test_two_places_make_no_top(hill):
    assert crest(looks((0, 10), hill(5, 0.1))) is None
    assert crest(looks((0, 10, 10), hill(5, 0.1))) is None


def test_a_valley_is_no_top():
    assert crest([Look(0, 0.5, 0.10), Look(10, 0.5, 0.09), Look(20, 0.5, 0.10)]) is None


def test_the_error_that_it_states_is_that_of_noise(hill):
    random = np.random.default_rng(1)
    seen, found = hill(3.0, 0.05), []
    for _ in range(300):
        noisy = [
            Look(p, score, contrast * (1 + 0.01 * random.standard_normal()))
            for p in (-12, 0, 13)
            for score, contrast in [seen(p)]
        ]
        found.append(crest(noisy))
    spread = np.std([each.position for each in found])
    stated = np.mean([each.error for each in found])
    assert spread < stated < 4 * spread + 1.0


def test_looks_that_do_not_belong_together_lie_off_the_parabola(hill):
    seen = hill(10, 0.05)
    fine = looks((0, 5, 10, 20), seen)
    assert crest(fine).misfit < 0.01
    assert crest([*fine[:3], Look(20, 0.5, fine[3].contrast * 1.5)]).misfit > 0.03


def test_a_black_picture_has_no_top():
    assert crest([Look(p, None, 0.0) for p in (0, 10, 20)]) is None
