import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscam.lens.search import MOST_LOOKS, Search


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_it_ends_within_a_step_of_the_top_of_any_hill(data, hill, searched):
    span = data.draw(st.integers(30, 1000))
    low = data.draw(st.integers(0, 50))
    high = low + span
    top = data.draw(st.floats(low + 0.05 * span, high - 0.05 * span))
    # From a hill that is seen from everywhere to one that is lost from sight within a tenth of the range.
    slope = data.draw(st.floats(3.0 / span, 25.0 / span))
    floor = data.draw(st.floats(0.3, 1.0))
    start = data.draw(st.integers(low, high))
    outcome, places = searched(low, high, start, hill(top, slope, floor))
    assert outcome.found == "focus", outcome.text
    # A thousand steps on a flat hill are finer than anybody could see: there a fifth of the softness is enough.
    assert abs(outcome.position - top) <= max(1.0, 0.1 / slope)
    assert len(places) == outcome.looks <= MOST_LOOKS
    assert not outcome.troubled
    assert outcome.position == places[-1], "the last look was where the lens stays"


@pytest.mark.parametrize("noise", [0.003, 0.01, 0.03])
def test_noise_costs_accuracy_but_not_the_top(hill, searched, noise):
    off, random = [], np.random.default_rng(2)
    for _ in range(60):
        top, start = random.uniform(40, 260), int(random.integers(20, 300))
        seen = hill(top, 0.06)

        def noisy(place, seen=seen):
            score, contrast = seen(place)
            odds = score / (1 - score) * np.exp(4 * noise * random.standard_normal())
            return odds / (1 + odds), contrast * np.exp(noise * random.standard_normal())

        outcome, _ = searched(20, 299, start, noisy)
        assert outcome.found == "focus"
        off.append(abs(outcome.position - top))
    assert np.mean(np.array(off) <= 1.0) >= (0.97 if noise <= 0.01 else 0.6)
    assert max(off) < 6


@given(st.integers(0, 200))
def test_a_range_without_anything_to_see_is_looked_through_and_left_as_it_was(searched, start):
    outcome, places = searched(0, 200, start, lambda place: (None, 0.0))
    assert outcome.found == "nothing"
    assert outcome.position == start
    assert "plain surface" in outcome.text
    gaps = np.diff(sorted({0, *places, 200}))
    assert gaps.max() <= 0.15 * 200


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(30, 200), st.booleans())
def test_a_top_beyond_the_range_is_no_focus(hill, searched, start, beyond, above):
    outcome, _ = searched(0, 200, start, hill(200 + beyond if above else -beyond, 0.06))
    assert outcome.found == "nothing"
    assert outcome.position == start


def test_a_top_that_is_never_sharp_is_refused(hill, searched):
    outcome, _ = searched(0, 200, 20, hill(100, 0.06, floor=2.1))
    assert outcome.found == "nothing"
    assert "best score" in outcome.text


def test_a_false_top_is_left_for_a_true_one_elsewhere(hill, searched):
    decoy, true = hill(60, 0.03, floor=2.3, contrast=0.05), hill(240, 0.12)

    def seen(place):
        return max(decoy(place), true(place))

    for start in range(0, 301, 20):
        outcome, _ = searched(0, 300, start, seen)
        assert outcome.found == "focus"
        assert abs(outcome.position - 240) <= 1


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(0, 60))
def test_cancelled_it_goes_to_where_it_was_best(hill, start, after):
    search = Search(0, 200, start, 0.45)
    seen, looked = hill(120, 0.05), {}
    for _ in range(after):
        if search.outcome is None:
            looked[search.wanted] = seen(search.wanted)[1]
            search.look(*seen(search.wanted))
    search.cancel()
    assert search.outcome.found in ("cancelled", "focus")
    assert search.wanted == search.outcome.position
    if search.outcome.found == "cancelled":
        assert search.wanted == max(looked, key=looked.get, default=start)


def test_a_motor_that_stands_still_is_noticed(hill, searched):
    outcome, places = searched(0, 200, 60, lambda place: hill(100, 0.02)(60))
    assert outcome.found == "stuck"
    assert "stands still" in outcome.text
    assert len(places) < 8


def test_a_slip_is_noticed_said_and_made_good(hill):
    search, slipped, looks = Search(0, 200, 20, 0.45), 0, 0
    while search.outcome is None:
        looks += 1
        slipped = 15 if looks > 5 else 0
        search.look(*hill(120, 0.06)(search.wanted - slipped))
    assert search.outcome.troubled
    assert "lost steps" in search.outcome.text
    assert abs(search.outcome.position - 135) <= 2


def test_a_subject_that_moves_meanwhile_is_found_or_that_is_said(hill):
    silent = []
    for start, top, after, by in itertools.product(range(0, 201, 50), range(60, 141, 12), range(2, 8), (-15, 15)):
        search, moved = Search(0, 200, start, 0.45), 0
        while search.outcome is None:
            moved = by if search.looks >= after else 0
            search.look(*hill(top, 0.06)(search.wanted - moved))
        silent.append(not search.outcome.troubled and abs(search.outcome.position - top - moved) > 3)
    assert np.mean(silent) < 0.03


def test_a_motor_that_stops_near_the_top_is_noticed(hill):
    silent = []
    for start, top, turns in itertools.product(range(0, 201, 50), range(40, 161, 12), range(7)):
        search, place = Search(0, 200, start, 0.45), start
        while search.outcome is None:
            place = search.wanted if search.looks < turns else place
            search.look(*hill(top, 0.06)(place))
        told = search.outcome
        stopped = told.looks > turns
        silent.append(stopped and told.found == "focus" and not told.troubled and abs(place - top) > 3)
    assert np.mean(silent) < 0.01


def test_another_scene_begins_it_again(hill):
    search, looks = Search(0, 200, 20, 0.45), 0
    while search.outcome is None:
        looks += 1
        if looks == 4:
            search.scene_changed()
        search.look(*hill(60 if looks < 4 else 150, 0.06)(search.wanted))
    assert abs(search.outcome.position - 150) <= 1


def test_a_lens_that_is_known_needs_no_more_looks(hill, searched):
    first, known = [], []
    for top in range(40, 260, 10):
        outcome, places = searched(0, 300, 150, hill(top, 0.06))
        first.append(len(places))
        known.append(len(searched(0, 300, 150, hill(top, 0.06), slope=outcome.slope)[1]))
    assert sum(known) <= sum(first)


@pytest.mark.parametrize("end", [0, 1, 2, 5])
def test_a_range_of_a_few_steps_is_no_trouble(hill, searched, end):
    for start in range(end + 1):
        for top in range(end + 1):
            outcome, _ = searched(0, end, start, hill(top, 0.5))
            assert outcome.found == "focus"
            assert abs(outcome.position - top) <= 1
