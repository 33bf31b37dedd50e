import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.coach import CALM_S, HYSTERESIS, LOOK_S, Coach
from focuscam.messages import Light, Phase, Reading
from tests.coach.ring import at, grid, lights, play, way

LOOK = round(30 * LOOK_S) + 2

SCORES = st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=120)


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
    lights(coach, (reading(n, 0.6) for n in range(LOOK)))
    # Of a reading without a blur the score is that of a blur whose odds go with its square.
    scores = [1 / (1 + math.exp(2 * 0.9 * HYSTERESIS * (-1) ** n)) for n in range(2)]
    wavering = (reading(n, scores[n % 2]) for n in range(LOOK, 50))
    assert set(lights(coach, wavering)) == {Light.ON}


def test_closeness_is_contrast_over_the_best_contrast_so_far(reading):
    coach = Coach(0.5)
    for n in range(3):
        coach.update(reading(n, contrast=4.0))
    for n in range(3, 6):
        status = coach.update(reading(n, contrast=1.0))
    assert status.closeness == pytest.approx(0.25)


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
    seen = lights(coach, [reading(n, 0.1, time=n / 30) for n in range(1, 60)])
    assert seen[-1] is Light.OFF


@pytest.mark.parametrize("time", [lambda n: 5.0, lambda n: -n / 30, lambda n: math.nan, lambda n: (n // 4) / 7.5])
def test_a_clock_that_stands_still_or_goes_back_or_is_none_does_not_stop_the_light(reading, time):
    seen = lights(Coach(0.5), [reading(n, 0.9 if n < 60 else 0.1, time=time(n)) for n in range(120)])
    assert seen[50] is Light.ON
    assert seen[-1] is Light.OFF


def test_identical_pictures_for_an_hour_are_a_tripod_and_not_a_fault(reading):
    coach = Coach(0.5)
    assert set(lights(coach, (reading(0, 0.9, time=n * 2.0) for n in range(1800)))) == {Light.ON}


@pytest.mark.parametrize("speed", [0.02, 0.05, 0.1])
@pytest.mark.parametrize("soft", [0.3, 0.5, 0.7])
def test_the_first_green_of_a_hand_that_turns_is_near_the_top_wherever_the_score_crosses_its_threshold(speed, soft):
    xs = list(way(-4, 4, speed=speed))
    first = next(x for x, status in zip(xs, play(Coach(0.5), xs, soft=soft), strict=True) if status.in_focus)
    assert 1 / (1 + first * first) >= 0.85


def test_a_hand_that_stops_before_the_top_is_shown_what_the_score_says():
    seen = play(Coach(0.5), [*way(-4, -0.9), *[-0.9] * 60])
    assert not seen[len(list(way(-4, -0.9))) + 29].in_focus
    assert seen[-1].in_focus


def test_a_hand_that_sweeps_over_the_top_and_comes_back_finds_it():
    seen = play(Coach(0.5), [*way(-4, 4, 0), *[0] * 30])
    assert seen[-1].in_focus
    assert seen[-1].hint == "best"


def test_once_a_top_was_passed_the_light_goes_off_when_the_hand_leaves_it_even_if_the_score_would_still_do():
    seen = play(Coach(0.5), [*way(-4, 4, -0.9), *[-0.9] * 60])
    assert seen[-1].reading.score > 0.5
    assert seen[-1].light is Light.OFF


def test_at_the_top_of_a_whole_hill_a_score_a_little_too_low_is_enough():
    def shown(rest_at):
        coach = Coach(0.5)
        xs = [*way(-4, 4, rest_at), *[rest_at] * 30]
        return [coach.update(at(x, n, score=0.35 / (1 + x * x))).in_focus for n, x in enumerate(xs)][-1]

    assert shown(0.0)
    assert not shown(1.0)


def test_where_the_best_lies_at_the_end_stop_one_side_of_the_hill_has_to_do():
    def shown(best):
        coach = Coach(0.5)
        xs = [*way(0, 4, 0), *[0] * 60]
        return [coach.update(at(x, n, score=best / (1 + x * x))).in_focus for n, x in enumerate(xs)][-1]

    assert shown(0.45)
    assert not shown(0.3)


def test_a_ring_that_rests_where_it_is_soft_is_never_green_however_wrong_the_score():
    seen = play(Coach(0.5), [*way(-4, 4, -1.5), *[-1.5] * 60], score=0.95)
    assert not any(status.in_focus for status in seen[-50:])


def test_the_hints_lead_a_hand_to_the_top():
    seen = play(Coach(0.5), [*[-3] * 10, *way(-3, 2), *way(2, 0), *[0] * 30])
    hints = [hint for hint, _ in itertools.groupby(each.hint for each in seen)]
    assert hints[:2] == ["search", "warmer"]
    assert [hint for hint in hints[2:] if hint != "best"] == ["passed", "warmer"]
    assert hints[-1] == "best"


def test_a_hand_that_sets_off_the_wrong_way_is_told_colder():
    seen = play(Coach(0.5), [*[-1.5] * 10, *way(-1.5, -4)])
    assert seen[-1].hint == "colder"


@pytest.mark.parametrize("reason", ["dark", "bright", "flat"])
def test_a_picture_that_cannot_be_judged_says_why(reading, reason):
    coach = Coach(0.5)
    assert [coach.update(reading(n, None, reason=reason)).hint for n in range(5)] == [reason] * 5


def test_motion_blur_asks_to_hold_still(reading):
    coach = Coach(0.5)
    assert coach.update(reading(0, 0.1, blur="motion")).hint == "still"


def test_a_jolt_is_not_the_other_side_of_the_hill():
    coach = Coach(0.5)
    numbers = itertools.count()
    for _ in range(3):  # a soft picture, jolted three times: contrast comes and goes, the ring does not turn
        for _ in range(20):
            coach.update(at(0, next(numbers), contrast=0.004, score=0.1, blur="motion"))
        for _ in range(20):
            coach.update(at(0, next(numbers), contrast=0.01, score=0.3))
    seen = [coach.update(at(0, next(numbers), contrast=0.01, score=0.3)).in_focus for _ in range(60)]
    assert not any(seen)


def test_another_scene_forgets_the_peak():
    coach = Coach(0.5)
    for n in range(30):
        coach.update(at(0.0, n, thumbnail=grid(1)))
    seen = [coach.update(at(1.0, n, thumbnail=grid(2), score=0.9)) for n in range(30, 60)]
    assert seen[0].closeness == pytest.approx(1.0)  # the new scene is not yet confirmed: nothing is made of it
    assert seen[-1].closeness == pytest.approx(1.0)
    assert seen[-1].in_focus


def test_a_hand_that_passes_by_does_not_forget_the_peak():
    coach = Coach(0.5)
    numbers = itertools.count()
    for x in [*way(-4, 4, 0), *[0] * 30]:
        coach.update(at(x, next(numbers), thumbnail=grid(1)))
    for _ in range(30):
        coach.update(at(0, next(numbers), thumbnail=grid(2), contrast=0.004, score=0.1))
    for _ in range(30):
        status = coach.update(at(0, next(numbers), thumbnail=grid(1)))
    assert status.in_focus
    for _ in range(30):
        status = coach.update(at(1.2, next(numbers), thumbnail=grid(1), score=0.9))
    assert status.closeness == pytest.approx(1 / (1 + 1.2**2), abs=0.02)
    assert not status.in_focus


@pytest.mark.parametrize("frames", [1, 10, 150])
@pytest.mark.parametrize("stops", [-2, -1, 1])
def test_a_change_of_exposure_or_a_cloud_does_not_darken_the_light_on_a_sharp_picture(frames, stops):
    coach = Coach(0.5)
    numbers = itertools.count()
    for x in [*way(-4, 4, 0), *[0] * 30]:
        coach.update(at(x, next(numbers), thumbnail=grid(1)))
    seen = []
    for step in range(frames + 60):
        gain = 2 ** (stops * min(step / frames, 1) / 2.2)
        brightness = 100 * gain
        contrast = 0.05 * (124 / 100) * brightness / (brightness + 24)  # as the scorer measures it
        thumbnail = grid(1, brightness, 30 * gain)
        seen.append(coach.update(at(0, next(numbers), thumbnail=thumbnail, contrast=contrast)).in_focus)
    assert all(seen)


def test_flicker_of_the_mains_does_not_move_the_light():
    coach = Coach(0.5)
    numbers = itertools.count()
    for x in [*way(-4, 4, 0), *[0] * 30]:
        coach.update(at(x, next(numbers), thumbnail=grid(1)))
    seen = []
    for n in range(300):
        gain = 1 + 0.15 * math.sin(2 * math.pi * 100 * n / 30)
        contrast = 0.05 * (1 + 0.05 * math.cos(2 * math.pi * 100 * n / 30))
        flickering = at(0, next(numbers), thumbnail=grid(1, 100 * gain, 30 * gain), contrast=contrast)
        seen.append(coach.update(flickering).in_focus)
    assert all(seen)


def test_a_peak_that_cannot_be_reached_again_is_forgotten_by_passing_the_top_again():
    coach = Coach(0.5)
    numbers = itertools.count()
    for x in way(-4, 4):
        coach.update(at(x, next(numbers)))
    # The subject has turned a little: its contrast is two thirds of what it was.
    for x in [*way(4, -4, 4, -4, 0), *[0] * 30]:
        each = at(x, next(numbers))
        status = coach.update(replace(each, contrast=each.contrast * 0.66))
    assert status.in_focus


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


def test_a_known_top_is_announced_a_moment_before_so_that_the_hand_stops_on_it():
    xs = [*way(-4, 3), *[3] * 10, *way(3, -3, speed=0.06)]
    seen = play(Coach(0.5), xs)
    back = len(list(way(-4, 3))) + 10
    first = next(n for n in range(back, len(xs)) if seen[n].in_focus)
    assert 0.0 < xs[first] < 0.06 * 30 * 0.3
    assert seen[first].closeness >= 0.8


def test_where_a_hand_sets_off_is_no_top_even_if_it_comes_back():
    # The score is over its threshold all the way, but the picture keeps getting better.
    xs = [*[1.2] * 3, *way(1.2, 3), *[3] * 20, *way(3, 0.6)]
    seen = play(Coach(0.5), xs, score=0.55)
    assert not any(status.in_focus for status in seen[-30:])


def test_a_light_that_came_on_too_early_goes_off_while_the_picture_gets_much_better():
    xs = [*way(-4, -1.2, speed=0.04), *[-1.2] * 60, *way(-1.2, -0.4, speed=0.04)]
    seen = play(Coach(0.5), xs, score=0.6)
    assert seen[-len(list(way(-1.2, -0.4, speed=0.04))) - 1].in_focus, "it rests, and the score is high enough"
    assert not seen[-1].in_focus


def test_a_jolt_on_the_way_up_does_not_look_like_the_end_of_the_climb():
    coach = Coach(0.5)
    xs = list(way(-4, -0.8, speed=0.04))
    seen = []
    for n, x in enumerate(xs):
        each = at(x, n, soft=0.2)
        if 45 <= n < 57:
            each = replace(each, contrast=each.contrast * 0.55, score=0.2)
        seen.append(coach.update(each).in_focus)
    assert not any(seen)


@pytest.mark.parametrize(
    ("seconds", "score", "stays"), [(0.1, 0.45, True), (0.35, 0.45, True), (0.8, 0.45, False), (0.35, 0.2, False)]
)
def test_a_knock_at_the_top_is_ridden_out_if_it_is_short_and_the_score_allows(seconds, score, stays):
    coach = Coach(0.5)
    xs = [*way(-4, 0, speed=0.04), *[0] * 100]
    knocked = range(len(xs) - 40, len(xs) - 40 + round(seconds * 30))
    seen = []
    for n, x in enumerate(xs):
        each = at(x, n)
        seen.append(coach.update(replace(each, contrast=each.contrast * 0.5, score=score) if n in knocked else each))
    assert seen[knocked[0] - 1].in_focus
    assert all(each.in_focus for each in seen[knocked[0] :]) == stays
    assert seen[-1].in_focus


def test_a_ring_that_is_torn_from_the_top_is_no_knock():
    coach = Coach(0.5)
    seen = play(coach, [*way(-4, 0, speed=0.04), *[0] * 100, *way(0, 4, speed=0.8), *[4] * 10])
    assert seen[-16].in_focus
    assert not any(each.in_focus for each in seen[-12:])


@pytest.mark.parametrize("stops", [-1, 1])
def test_a_cloud_while_the_hand_turns_moves_neither_the_top_nor_the_light(stops):
    """The contrast goes down a little when the light goes: tone curves do that."""
    coach = Coach(0.5)
    xs = [*way(-4, 2, speed=0.05), *way(2, -0.6, speed=0.04), *[-0.6] * 30]
    for n, x in enumerate(xs):
        clouded = n >= 100
        gain = 2 ** (stops / 2.2) if clouded else 1.0
        brightness = 100 * gain
        contrast = 0.05 / (1 + x * x) * (124 / 100) * brightness / (brightness + 24) * (1 + 0.06 * stops * clouded)
        status = coach.update(at(x, n, thumbnail=grid(1, brightness, 30 * gain), contrast=contrast))
    assert status.closeness == pytest.approx(1 / (1 + 0.6**2), abs=0.02)
    assert not status.in_focus


def test_it_tells_for_how_long_the_picture_has_been_the_same():
    told = [status.rested_s for status in play(Coach(0.5), [*[-2] * 30, *way(-2, 1), *[1] * 30])]
    assert told[29] == pytest.approx(29 / 30)
    assert max(told[33:57]) < CALM_S, "on the slope; right on the top a contrast that turns looks like one that rests"
    assert told[-1] > CALM_S


def test_where_nothing_can_be_told_it_tells_for_how_long():
    coach = Coach(0.5)
    for n in range(30):
        coach.update(at(0, n))
    blind = [coach.update(at(0, n, score=None, reason="dark")).rested_s for n in range(30, 90)]
    assert blind[5] < 0.3
    assert blind[-1] == pytest.approx(2.0, abs=0.1)
    assert coach.update(at(0, 90, score=None, reason="dark")).phase is Phase.BLIND


@pytest.mark.parametrize("noise", [0.02, 0.05, 0.1])
def test_noise_seldom_ends_a_rest(noise):
    random = np.random.default_rng(2)
    contrasts = 0.05 * np.exp(noise * random.standard_normal(9000))
    coach = Coach(0.5)
    rested = [coach.update(at(0, n, contrast=float(each))).rested_s for n, each in enumerate(contrasts)]
    assert sum(each >= 1 for each in rested) > 0.95 * len(rested)


@pytest.mark.parametrize("brightness", [10, 100, 200])
def test_the_top_is_told_as_a_reading_has_it(brightness):
    coach = Coach(0.5)
    thumbnail = grid(1, brightness, brightness / 4)
    status = play(coach, [*way(-3, 2)], thumbnail=thumbnail)[-1]
    assert status.top == pytest.approx(0.05, rel=0.05)


def test_another_scene_is_counted():
    coach = Coach(0.5)
    for n in range(30):
        coach.update(at(0, n, thumbnail=grid(1)))
    before = coach.scene
    for n in range(30, 60):
        coach.update(at(0, n, thumbnail=grid(2)))
    assert coach.scene == before + 1
    coach.forget()
    assert coach.scene == before + 2
