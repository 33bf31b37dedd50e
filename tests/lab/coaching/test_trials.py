import pytest

from focuscam.simulation.optics import ThinLens
from lab.coaching import trials
from lab.coaching.feedback import MaxHold, Ours, Truth
from lab.coaching.play import EVENTS, Played
from tests.lab.coaching.hill import Formula


def ended(blur, lit=0, reversals=0):
    return Played(
        "view", "none", blurs=[20.0] * 30 + [blur], told=[1.0] * lit + [0.0] * (31 - lit), reversals=reversals
    )


def test_every_feedback_has_the_same_hands_and_ours_is_shown_as_it_ends():
    seen, shown = [Formula(), Formula(0.4)], []
    who = {trials.OURS: lambda: Ours(0.5), trials.TRUTH: Truth, "held": MaxHold}
    tried = trials.run(seen, who, 2, 0, lambda number, played, feedback: shown.append((number, played.sharp)))
    assert [len(each) for each in tried.values()] == [2, 2, 2]
    for several in zip(*tried.values(), strict=True):
        assert len({(each.hand, each.places[0] > 0.5) for each in several}) == 1
    assert [number for number, _ in shown] == [0, 1]


def test_views_take_turns_before_events_do():
    starts = list(trials.starts([Formula(), Formula()], 6, 0))
    assert [each.index for each in starts] == [0, 1, 0, 1, 0, 1]
    assert [each.event for each in starts] == [event for event in EVENTS[:3] for _ in "ab"]


def test_a_feedback_that_is_no_light_has_no_false_green():
    tried = [ended(1.0), ended(9.0, lit=25)]
    assert trials.summary(tried, True)["false green"] == pytest.approx(0.5)
    assert trials.summary(tried, False)["false green"] is None
    assert trials.summary(tried, True)["within the depth of focus"] == pytest.approx(0.5)


def test_a_trial_is_named_that_ended_soft_or_turned_back_far_more_than_with_the_truth():
    ours = [ended(1.0), ended(9.0), ended(1.0, reversals=5)]
    lines = list(trials.wrong(ours, [ended(1.0)] * 3))
    assert [line.partition(":")[0] for line in lines] == ["1", "2"]
    assert "gave up at 9.0 px" in lines[0]


def test_there_is_a_view_for_each_kind_of_lens_that_is_not_good():
    assert {glass for *_, glass in trials.VIEWS} == {"good", "end stop", "soft", "breathing"}
    assert all(isinstance(trials.LENSES[lens], ThinLens) for _, lens, *_ in trials.VIEWS)
