import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from focuscam.region import parse, text_of


def test_the_spot_is_the_middle_quarter_of_width_and_height():
    assert parse("spot").box == (0.375, 0.375, 0.25, 0.25)


def test_best_and_whole_look_everywhere():
    assert parse("best").box == parse("whole").box == (0.0, 0.0, 1.0, 1.0)


def test_a_region_of_ones_own_is_given_in_fractions():
    assert parse(" 0.1, 0.2,0.3,0.4").box == (0.1, 0.2, 0.3, 0.4)
    assert parse("0,0,1,1").box == (0, 0, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "middle",
        "1,2,3",
        "0.5,0.5,0.6,0.2",
        "-0.1,0,0.5,0.5",
        "0,0,0,1",
        "0,0,0.001,1",
        "a,b,c,d",
        "0,0,nan,1",
        "inf,0,1,1",
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(text):
    with pytest.raises(ValueError, match="spot, whole, best, or x,y,w,h"):
        parse(text)


@given(st.lists(st.floats(), min_size=4, max_size=4))
def test_whatever_is_accepted_lies_inside_the_frame(numbers):
    try:
        x, y, width, height = parse(",".join(map(repr, numbers))).box
    except ValueError:
        return
    assert 0 <= x < x + width <= 1
    assert 0 <= y < y + height <= 1


inside = st.tuples(st.floats(0, 0.99), st.floats(0, 0.99)).flatmap(
    lambda at: st.tuples(*map(st.just, at), *(st.floats(0.01, 1 - each) for each in at))
)


@example((0.89995, 0.89995, 0.10005, 0.10005))
@given(inside)
def test_a_box_has_a_text_that_names_it_again(box):
    named = parse(text_of(box))
    assert parse(named.name).box == pytest.approx(box, abs=2e-4)


@example((0.1000085, 0.1000085, 0.8999915, 0.8999915))
@given(inside)
def test_a_name_can_always_be_read_again(box):
    """It is what is kept in the settings."""
    named = parse(",".join(map(repr, box)))
    assert parse(named.name).box == pytest.approx(box, abs=2e-6)
