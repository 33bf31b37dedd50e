import itertools

from hypothesis import given
from hypothesis import strategies as st

from focuscam.coach import HYSTERESIS, Coach
from focuscam.frame import Light, Reading

SCORES = st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=120)


def lights(coach, readings):
    return [coach.update(each).light for each in readings]


def test_a_sharp_picture_turns_the_light_on_at_its_first_frame(reading):
    assert Coach(0.5).update(reading(0, 0.9)).light is Light.ON


def test_a_soft_picture_leaves_the_light_off(reading):
    status = Coach(0.5).update(reading(0, 0.2))
    assert status.light is Light.OFF
    assert not status.in_focus


def test_a_picture_that_cannot_be_judged_says_so(reading):
    status = Coach(0.5).update(reading(0, None, reason="flat"))
    assert status.light is Light.CANNOT_TELL
    assert not status.in_focus
    assert status.closeness is None


def test_one_bad_frame_changes_nothing(reading):
    scores = [0.9] * 10 + [0.1] + [0.9] * 10 + [None] + [0.9] * 10
    assert set(lights(Coach(0.5, hold_s=0), (reading(n, s) for n, s in enumerate(scores)))) == {Light.ON}


def test_a_lens_that_comes_into_focus_turns_the_light_on_one_frame_late_at_most(reading):
    seen = lights(Coach(0.5, hold_s=0), (reading(n, 0.1 if n < 10 else 0.9) for n in range(20)))
    assert seen.index(Light.ON) in (10, 11)


def test_a_score_that_wavers_within_the_hysteresis_does_not_switch_the_light(reading):
    coach = Coach(0.5, hold_s=0)
    coach.update(reading(0, 0.6))
    wavering = (reading(n, 0.5 + (HYSTERESIS * 0.9) * (-1) ** n) for n in range(1, 50))
    assert set(lights(coach, wavering)) == {Light.ON}


def test_closeness_is_contrast_over_the_best_contrast_so_far(reading):
    coach = Coach(0.5)
    for n in range(3):
        coach.update(reading(n, contrast=4.0))
    for n in range(3, 6):
        status = coach.update(reading(n, contrast=1.0))
    assert status.closeness == 0.25


def test_forgetting_the_best_begins_again(reading):
    coach = Coach(0.5)
    coach.update(reading(0, 0.9, contrast=4.0))
    coach.forget()
    status = coach.update(reading(1, 0.3, contrast=1.0))
    assert status.closeness == 1.0
    assert status.best == 0.3


def test_a_clock_that_is_set_back_does_not_hold_the_light_for_ever(reading):
    coach = Coach(0.5, hold_s=1.0)
    coach.update(reading(0, 0.9, time=1000.0))
    seen = lights(coach, [reading(n, 0.1, time=n / 30) for n in range(1, 5)])
    assert seen[-1] is Light.OFF


@given(SCORES, st.floats(0.05, 0.95), st.floats(0, 1))
def test_the_light_never_switches_twice_within_the_hold(scores, threshold, hold):
    coach = Coach(threshold, hold)
    times = []
    before = None
    for n, score in enumerate(scores):
        light = coach.update(Reading(n, n / 30, None, score, 0.5, "unknown", 1.0)).light
        if before is not None and light is not before:
            times.append(n / 30)
        before = light
    # The first light is not a switch that anybody saw, so the hold counts from the first change on.
    assert all(later - earlier >= hold - 1e-9 for earlier, later in itertools.pairwise(times))


@given(SCORES)
def test_in_focus_is_said_only_when_most_of_the_last_scores_are_high_enough(scores):
    coach = Coach(0.5, hold_s=0)
    for n, score in enumerate(scores):
        status = coach.update(Reading(n, n / 30, None, score, 0.5, "unknown", 1.0))
        if status.in_focus:
            assert any(each is not None and each >= 0.5 - HYSTERESIS for each in scores[max(0, n - 2) : n + 1])
