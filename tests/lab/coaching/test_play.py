from types import SimpleNamespace

import numpy as np
import pytest

from lab.coaching.feedback import Ours, Truth
from lab.coaching.hand import LIMITS_S
from lab.coaching.play import Played, habit
from tests.lab.coaching.hill import Formula, played


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("speed", [0.05, 0.1, 0.2])
def test_a_hand_that_goes_by_our_light_ends_within_the_depth_of_focus(speed, direction):
    end = played(Ours(0.5), speed=speed, direction=direction)
    assert end.ended
    assert end.sharp
    assert not end.false_green
    assert end.shortest >= 0.3 - 1e-9


def test_a_hand_that_goes_by_the_truth_ends_sharp_but_turns_back_all_the_same():
    end = played(Truth())
    assert end.sharp
    assert not end.false_green
    assert end.reversals >= 1


def test_a_false_green_has_to_last():
    brief = Played("view", "none", blurs=[10.0] * 30, told=[1.0] * 10 + [0.0] * 20)
    long = Played("view", "none", blurs=[10.0] * 30, told=[1.0] * 20 + [0.0] * 10)
    assert not brief.false_green
    assert long.false_green


@pytest.mark.parametrize("best", [0.5, 1.0])
@pytest.mark.parametrize(("kind", "speed"), [("slow", 0.012), ("quick", 0.5), ("pausing", 0.1), ("usual", 0.1)])
def test_every_hand_ends_within_the_depth_of_focus_at_an_end_stop_as_well(kind, speed, best):
    end = played(Ours(0.5), best, kind=kind, speed=speed)
    assert end.ended
    assert end.sharp
    assert not end.false_green


def test_habits_differ_in_kind_and_a_slow_climb_takes_half_a_minute():
    view = Formula()
    how = [habit(view, np.random.default_rng(n)) for n in range(60)]
    assert {each.kind for each in how} == set(LIMITS_S)
    climbs = [abs(each.start - view.best) / each.speed for each in how if each.kind == "slow"]
    assert all(20 <= each <= 40 for each in climbs)
    assert all(abs(e.start - view.best) / e.speed <= 1.5 for e in how if e.kind == "quick")


def test_a_hand_sets_off_before_a_lens_that_never_gets_far_out_of_focus_too():
    assert habit(SimpleNamespace(best=1.0, blur=lambda ring: 20 * (1 - ring)), np.random.default_rng(0)).start <= 0.2
