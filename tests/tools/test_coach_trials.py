import numpy as np
import pytest
from hands.feedback import FixedThreshold, MaxHold, Number, Ours, Tone, Truth, best_fixed_threshold
from hands.hand import Habit
from hands.play import Played, play
from hands.views import CONFUSION, Shot

from focuscam.frame import Reading


class Formula:
    """A view without a picture: a hill of contrast around 0.5, 60 px of blur from end to middle."""

    name = "formula"

    def blur(self, ring):
        return abs(ring - 0.5) * 120

    def shot(self, ring, variant):
        contrast = 1 / (1 + (self.blur(ring) / 8) ** 2)
        score = 1 / (1 + np.exp(-(contrast - 0.5) / 0.2))
        reading = Reading(0, 0.0, None, float(score), 1.0, "none", 0.05 * contrast)
        return Shot(reading, 100 * contrast, self.blur(ring))


def played(feedback, **how):
    habit = Habit(
        **({"start": 0.1, "direction": 1, "speed": 0.2, "reaction_s": 0.25, "stops_at_first_green": True} | how)
    )
    return play([Formula(), Formula()], 0, "none", feedback, habit, 1)


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("speed", [0.05, 0.1, 0.2])
def test_a_hand_that_goes_by_our_light_ends_within_the_depth_of_focus(speed, direction):
    end = played(Ours(0.5), speed=speed, direction=direction)
    assert end.ended
    assert end.sharp
    assert not end.false_green
    assert end.shortest >= 0.3 - 1e-9


def test_a_hand_that_goes_by_a_number_finds_the_top_by_turning_back():
    end = played(Number())
    assert end.ended
    assert end.reversals >= 2
    assert end.blurs[-1] < 2 * CONFUSION


def test_a_light_of_the_best_so_far_is_on_all_the_way_up():
    assert played(MaxHold()).false_green


def test_a_threshold_far_down_the_slope_is_a_false_green():
    assert played(FixedThreshold(20.0)).false_green
    assert not played(FixedThreshold(90.0)).false_green


def test_a_hand_that_goes_by_the_truth_ends_sharp_but_turns_back_all_the_same():
    end = played(Truth())
    assert end.sharp
    assert not end.false_green
    assert end.reversals >= 1


def test_the_best_fixed_threshold_parts_sharp_from_soft():
    view = Formula()
    cut = best_fixed_threshold((view.blur(ring), view.shot(ring, "still")) for ring in np.linspace(0, 1, 101))
    assert view.shot(0.5 + 2 * CONFUSION / 120 + 0.01, "still").raw < cut <= view.shot(0.5, "still").raw


def test_a_tone_changes_once_a_second_by_whole_semitones():
    tone, view = Tone(), Formula()
    heard = [tone.show(view.shot(n / 180, "still"), n, n / 30) for n in range(90)]
    assert len(set(heard)) == 3
    assert all(abs(12 * np.log2(each) - round(12 * np.log2(each))) < 1e-9 for each in heard)


def test_a_false_green_has_to_last():
    brief = Played("view", "none", blurs=[10.0] * 30, told=[1.0] * 10 + [0.0] * 20)
    long = Played("view", "none", blurs=[10.0] * 30, told=[1.0] * 20 + [0.0] * 10)
    assert not brief.false_green
    assert long.false_green
