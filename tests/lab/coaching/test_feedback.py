import numpy as np

from lab.coaching.feedback import FixedThreshold, MaxHold, Number, Tone, best_fixed_threshold
from lab.coaching.views import CONFUSION
from tests.lab.coaching.hill import Formula, played


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


def test_the_best_fixed_threshold_parts_sharp_from_soft():
    view = Formula()
    cut = best_fixed_threshold((view.blur(ring), view.shot(ring, "still")) for ring in np.linspace(0, 1, 101))
    assert view.shot(0.5 + 2 * CONFUSION / 120 + 0.01, "still").raw < cut <= view.shot(0.5, "still").raw


def test_a_tone_changes_once_a_second_by_whole_semitones():
    tone, view = Tone(), Formula()
    heard = [tone.show(view.shot(n / 180, "still"), n, n / 30) for n in range(90)]
    assert len(set(heard)) == 3
    assert all(abs(12 * np.log2(each) - round(12 * np.log2(each))) < 1e-9 for each in heard)
