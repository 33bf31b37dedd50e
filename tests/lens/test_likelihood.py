import math

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from focuscam.lens.likelihood import FAR, Belief, Look, softness


@given(st.floats(0, 1))
def test_softness_is_the_blur_that_the_score_tells(score):
    assert 0 <= softness(score) <= FAR
    if 0.1 < score < 1:
        assert math.isclose(1 / (1 + softness(score) ** 2), score)


@settings(max_examples=50)
@given(
    st.integers(0, 300),
    st.floats(0.02, 0.1),
    st.lists(st.sampled_from(range(0, 301, 30)), min_size=4, max_size=8, unique=True),
)
def test_looks_on_a_hill_one_of_them_near_its_top_make_the_top_likelier(top, slope, places):
    # Far from it two looks on a lopsided hill may as well be of another one.
    assume(min(slope * abs(place - top) for place in places) < 1)
    belief = Belief(0, 300)
    before = belief.of_place[np.abs(belief.places - top) <= 0.15 * 300].sum()
    for place in places:
        blur = math.hypot(0.6, slope * (place - top))
        belief.add(Look(place, 1 / (1 + blur**2), 1 / (1 + blur**2)))
    assert math.isclose(belief.of_place.sum(), 1)
    assert belief.of_place[np.abs(belief.places - top) <= 0.15 * 300].sum() > before


def test_what_is_far_out_of_focus_says_only_where_the_top_is_not():
    belief = Belief(0, 300)
    before = belief.middle(140, 160)[0]
    belief.add(Look(150, None, 0.0))
    assert belief.middle(140, 160)[0] < before / 2
    assert belief.middle(-100, 150)[0] > 0.4


def test_of_two_places_the_one_with_more_contrast_is_nearer():
    belief = Belief(0, 300)
    belief.add(Look(100, 0.1, 0.02))
    belief.add(Look(200, 0.1, 0.01))
    assert belief.middle(-100, 150)[0] > 0.8


def test_the_slope_is_learnt(hill):
    belief = Belief(0, 300)
    for place in (20, 60, 90, 100, 110, 150):
        belief.add(Look(place, *hill(100, 0.05)(place)))
    assert 0.03 < belief.slope < 0.08
