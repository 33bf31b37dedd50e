import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.commands import (
    Autofocus,
    Command,
    Forget,
    Keep,
    LockExposure,
    Mute,
    Release,
    SetHold,
    SetRegion,
    SetThreshold,
    Toggle,
    Zoom,
    read,
    written,
)
from focuscam.region import parse

EACH = [
    SetRegion(parse("0.123456789,0.3,0.333333333,0.3")),
    SetThreshold(0.4),
    SetHold(0.3),
    Mute(True),
    LockExposure(False),
    Zoom(2),
    Release(60),
    Toggle("lock"),
    Keep("threshold"),
    Autofocus("once"),
]


def test_there_is_one_name_for_each():
    names = [kind.do for kind in get_args(Command)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("command", [*EACH, SetThreshold(None), Release(), Keep(), Forget()], ids=repr)
def test_what_was_written_is_read_again_exactly(command):
    fields = json.loads(json.dumps(written(command)))
    assert list(fields) == ["do", "value"]
    assert read(**fields) == command


@pytest.mark.parametrize("command", EACH, ids=repr)
def test_a_wrong_value_is_refused_when_it_is_made_and_when_it_is_read(command):
    for value in ([], {}, "nonsense", float("nan")):
        with pytest.raises(ValueError, match=r"\.$"):
            read(command.do, value)
        if not isinstance(command, SetRegion):  # its region was checked before
            with pytest.raises(ValueError, match=r"\.$"):
                type(command)(value)


@given(st.text() | st.none() | st.integers() | st.lists(st.none()), st.none() | st.text() | st.floats() | st.booleans())
def test_whatever_is_no_command_is_refused_with_a_sentence(do, value):
    if do not in [kind.do for kind in get_args(Command)]:
        with pytest.raises(ValueError, match="must be one of"):
            read(do, value)


def test_a_release_without_an_end_is_json_that_everybody_reads():
    assert json.dumps(written(Release()), allow_nan=False) == '{"do": "release", "value": null}'
