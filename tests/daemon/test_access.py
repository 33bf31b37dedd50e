"""Whose the camera is: every state with everything that can happen in it."""

import itertools
import math

import pytest

from focuscam.daemon.access import TABLE, Access, Happened, State


def test_from_every_state_that_can_be_there_is_a_way_to_the_end():
    reached = {State.OPENING}
    while more := {after for (before, _), after in TABLE.items() if before in reached} - reached:
        reached |= more
    assert reached == set(State)


@pytest.mark.parametrize(
    ("state", "what"), sorted(set(itertools.product(State, Happened)) - set(TABLE), key=lambda each: str(each))
)
def test_what_can_not_be_is_an_error_and_not_a_state(state, what):
    access = Access()
    access.state = state
    with pytest.raises(KeyError):
        access.happened(what)
    assert access.state is state


def test_before_it_was_ever_open_it_is_neither_ours_nor_anybody_elses():
    access = Access()
    assert (access.away, access.had, access.left(5.0)) == (False, False, 0.0)


def test_released_it_is_left_alone_until_its_time_and_then_tried():
    access = Access()
    access.happened(Happened.OPENED)
    access.happened(Happened.RELEASE, again_at=30.0)
    assert access.away
    assert access.left(10.0) == 20.0
    assert access.left(31.0) < 0
    access.happened(Happened.BUSY, again_at=32.0)
    assert (access.state, access.left(31.0)) == (State.WAITING, 1.0)
    access.happened(Happened.OPENED)
    assert (access.state, access.had, access.left(31.0)) == (State.LOOKING, True, 0.0)


def test_resumed_it_is_tried_at_once_whatever_was_wished():
    access = Access()
    access.happened(Happened.RELEASE, again_at=math.inf)
    access.resume()
    assert access.left(0.0) < 0
    assert access.away, "until it is open"
