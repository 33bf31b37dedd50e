"""What holds of any run: other scenes, dark frames and jolts in between, from whenever it begins.

A recording begins in the middle of a daemon's life: what was before must have no part in what is played.
"""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from focuscam.coach import Coach
from focuscam.messages import Light
from tests.coach.ring import at, grid

SCENES = [grid(seed) for seed in range(3)]

PLACES = st.sampled_from([-2.0, -1.0, -0.4, 0.0, 0.1, 0.4, 1.0])
READINGS = st.builds(
    lambda place, scene, blur, blind: (place, {"thumbnail": SCENES[scene], "blur": blur} | blind),
    PLACES,
    st.sampled_from([0, 0, 0, 0, 1, 2]),
    st.sampled_from(["unknown", "unknown", "motion"]),
    st.sampled_from([{}, {}, {}, {"score": None, "reason": "dark"}]),
)
RUNS = st.lists(st.tuples(READINGS, st.integers(1, 15)), min_size=1, max_size=12).map(
    lambda parts: [each for each, times in parts for _ in range(times)]
)


def readings(run, first=0, tick=1 / 30):
    return [replace(at(place, n, **rest), time=n * tick) for n, (place, rest) in enumerate(run, first)]


def decided(coach, run):
    """All that is told of each frame but the number of its scene, which goes on counting."""
    return [replace(coach.update(each), scene=0) for each in run]


@given(RUNS, RUNS, st.sampled_from([1 / 30, 1 / 7, 0.05]))
def test_a_coach_that_forgot_is_like_a_new_one(before, run, tick):
    coach = Coach(0.5, hold_s=0)
    decided(coach, readings(before, tick=tick))
    light = decided(coach, readings([(0.0, {"score": None, "reason": "dark"})] * 3, len(before), tick))[-1].light
    assert light is Light.CANNOT_TELL
    coach.forget()
    later = readings(run, len(before) + 3, tick)
    assert decided(coach, later) == decided(Coach(0.5, hold_s=0, light=light), later)


@given(RUNS, st.integers(0, 100_000), st.sampled_from([1 / 30, 1 / 7, 0.05]))
def test_a_run_means_the_same_whenever_it_begins(run, first, tick):
    then = decided(Coach(0.5), readings(run, tick=tick))
    now = decided(Coach(0.5), readings(run, first, tick))
    assert [replace(each, reading=None) for each in now] == [replace(each, reading=None) for each in then]


@given(RUNS, st.sampled_from([1 / 30, 1 / 7]))
def test_no_picture_has_been_the_same_for_less_than_nothing_or_longer_than_all(run, tick):
    coach = Coach(0.5)
    for n, each in enumerate(readings(run, tick=tick), 1):
        assert 0 <= coach.update(each).rested_s <= n * tick + 1e-3


def test_a_scene_that_was_never_judged_and_comes_back_has_not_rested_for_less_than_nothing():
    dark = 0.0, {"thumbnail": SCENES[0], "score": None, "reason": "dark"}
    other = 0.0, {"thumbnail": SCENES[1]}
    run = [*[dark] * 5, *[other] * 10, *[dark] * 5, other, other, dark]
    assert all(0 <= each.rested_s <= len(run) / 30 for each in decided(Coach(0.5), readings(run)))
