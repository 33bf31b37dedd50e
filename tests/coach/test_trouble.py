"""Readings that nobody would send, and clocks that nobody would trust."""

import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from focuscam.coach import Coach
from focuscam.messages import Light, Reading
from tests.coach.ring import at, grid, lights, play, way


def test_a_number_that_is_repeated_changes_nothing():
    xs = [*way(-4, 4, 0), *[0] * 30]
    once = play(Coach(0.5), xs)
    stuck = Coach(0.5)
    again = [stuck.update(replace(at(x, n), frame=0)) for n, x in enumerate(xs)]
    assert [each.light for each in again] == [each.light for each in once]


def test_readings_without_a_score_among_the_others_do_not_stop_it():
    coach = Coach(0.5)
    seen = []
    for n, x in enumerate([*way(-4, 4, 0), *[0] * 30]):
        each = at(x, n)
        seen.append(coach.update(replace(each, score=None, reason="flat") if n % 4 == 3 else each))
    assert seen[-1].in_focus
    assert all(each.light is not Light.CANNOT_TELL for each in seen)


ANYTHING = st.tuples(
    st.none() | st.floats(0, 1),
    st.floats(0, 10),
    st.sampled_from([b"", grid(1), grid(2), bytes(48), b"\xff" * 48]),
    st.sampled_from(["none", "defocus", "motion", "unknown"]),
)


@given(st.lists(ANYTHING, max_size=150), st.floats(0, 1))
def test_whatever_comes_closeness_is_a_share_and_the_hold_is_held(seen, hold):
    coach = Coach(0.5, hold)
    switched, before = [], None
    for n, (score, contrast, thumbnail, blur) in enumerate(seen):
        told = Reading(n, n / 30, None, score, 0.5, blur, contrast, thumbnail=thumbnail)
        status = coach.update(told)
        assert status.closeness is None or 0 <= status.closeness <= 1
        assert status.in_focus == (status.light is Light.ON)
        if before is not None and status.light is not before:
            switched.append(n / 30)
        before = status.light
    assert all(later - earlier >= hold - 1e-9 for earlier, later in itertools.pairwise(switched))


@settings(deadline=None)
@given(st.lists(st.floats(), min_size=30, max_size=60))
def test_no_clock_stops_it(times):
    coach = Coach(0.5)
    lights(coach, [at(0, n, time=time) for n, time in enumerate(times)])
    seen = lights(coach, [at(3, n, time=n / 30) for n in range(60)])
    assert seen[-1] is Light.OFF
