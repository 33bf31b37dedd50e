import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.commands import Forget, LockExposure, SetRegion, SetThreshold
from focuscam.page.wishes import LONGEST, Ask, Look, Took, Wrong, understood
from focuscam.region import parse


def of(**message):
    return understood(json.dumps(message))


def test_what_the_page_says_is_understood():
    assert of(do="took") == Took()
    assert of(do="look", pictures=True, box=[0.25, 0.25, 0.5, 0.5], width=800, map=True, quick=False) == Look(
        True, (0.25, 0.25, 0.5, 0.5), 800, True, False
    )
    assert of(do="forget", id=3, value=None) == Ask(3, Forget())
    assert of(do="lock", id=4, value=True) == Ask(4, LockExposure(True))
    assert of(do="threshold", id=5, value=0.7) == Ask(5, SetThreshold(0.7))
    assert of(do="region", id=6, value="0.1,0.2,0.3,0.4") == Ask(6, SetRegion(parse("0.1,0.2,0.3,0.4")))


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"do": "shutdown", "id": 1}, "must be one of"),
        ({"do": "keep", "id": 1}, "must be one of"),
        ({"do": ["forget"], "id": 1}, "must be one of"),
        ({"do": "forget"}, "whole number"),
        ({"do": "forget", "id": True}, "whole number"),
        ({"do": "threshold", "id": 1, "value": 7}, "from 0 to 1"),
        ({"do": "lock", "id": 1, "value": "yes"}, "true or false"),
        ({"do": "look", "box": [0, 0, 2, 1]}, "within"),
        ({"do": "look", "box": [0.9, 0, 0.5, 0.5]}, "inside the frame"),
        ({"do": "look", "box": "all"}, "in fractions"),
        ({"do": "look", "width": 1e9}, "within"),
        ({"do": "look", "pictures": 1}, "true or false"),
    ],
)
def test_what_can_not_be_done_is_answered_with_a_sentence(message, why):
    wrong = of(**message)
    assert isinstance(wrong, Wrong)
    assert why in wrong.why


def test_a_line_that_is_too_long_is_not_even_read():
    assert "characters" in understood('{"do": "took"' + " " * LONGEST + "}").why


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda sent: sent.decode("latin-1")))
def test_nothing_that_is_said_raises(text):
    assert isinstance(understood(text), Wrong | Look | Took | Ask)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), st.lists, max_leaves=6))
def test_no_value_of_any_field_raises(value):
    for do in ("look", "region", "threshold", "release", "zoom", "autofocus", value):
        said = {"do": do, "id": 1, "value": value, "box": value, "width": value, "map": value}
        assert isinstance(understood(json.dumps(said)), Wrong | Look | Ask)
