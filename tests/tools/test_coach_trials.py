import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from hands import recompose, views
from hands.feedback import FixedThreshold, MaxHold, Number, Ours, Tone, Truth, best_fixed_threshold
from hands.hand import FPS, LIMITS_S, Habit
from hands.play import Played, habit, play
from hands.recompose import recomposed
from hands.views import CONFUSION, GLASSES, Shot, View

from focuscam.messages import Reading
from focuscam.simulation.optics import Lens


class Formula:
    """A view without a picture: a hill of contrast around its best place, 120 px of blur from end to end."""

    name, glass, lens = "formula", "good", Lens()

    def __init__(self, best=0.5, subject=0):
        self.best = best
        self._thumbnail = np.random.default_rng(subject).integers(30, 220, 48).astype(np.uint8).tobytes()

    def blur(self, ring):
        return abs(ring - self.best) * 120

    def shot(self, ring, variant):
        contrast = 1 / (1 + (self.blur(ring) / 8) ** 2)
        score = 1 / (1 + np.exp(-(contrast - 0.5) / 0.2))
        told = {"thumbnail": self._thumbnail, "blur_px": 1 + self.blur(ring) / 2, "blur_error": 0.25}
        reading = Reading(0, 0.0, None, float(score), 1.0, "none", 0.05 * contrast, **told)
        return Shot(reading, 100 * contrast, self.blur(ring))


def played(feedback, best=0.5, **how):
    habit = Habit(
        **({"start": 0.1, "direction": 1, "speed": 0.2, "reaction_s": 0.25, "stops_at_first_green": True} | how)
    )
    return play([Formula(best), Formula(best)], 0, "none", feedback, habit, 1)


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


@pytest.mark.parametrize("best", [0.5, 1.0])
@pytest.mark.parametrize(("kind", "speed"), [("slow", 0.012), ("quick", 0.5), ("pausing", 0.1), ("usual", 0.1)])
def test_every_hand_ends_within_the_depth_of_focus_at_an_end_stop_as_well(kind, speed, best):
    end = played(Ours(0.5), best, kind=kind, speed=speed)
    assert end.ended
    assert end.sharp
    assert not end.false_green


def test_a_hand_that_pauses_nudges_and_looks_for_one_to_three_seconds():
    end = played(FixedThreshold(1e9), kind="pausing", speed=0.1)
    moves = np.abs(np.diff(end.places[: 20 * FPS])) > 1e-9
    edges = np.flatnonzero(np.diff(moves.astype(int)))
    runs = [(moves[a + 1], (b - a) / FPS) for a, b in itertools.pairwise(edges)]
    assert len(runs) >= 8
    assert all(0.3 <= seconds <= 0.6 if moving else 0.8 <= seconds <= 3.1 for moving, seconds in runs)


def test_a_hand_at_the_end_of_the_ring_looks_before_it_turns_back():
    end = played(FixedThreshold(1e9), start=0.9, speed=0.2)
    at_end = sum(place == 1.0 for place in end.places[: 3 * FPS])
    assert 0.5 * FPS < at_end < 1.2 * FPS
    assert end.reversals >= 1


def test_a_hand_that_pauses_turns_back_at_the_end_of_the_ring_as_well():
    assert played(FixedThreshold(1e9), kind="pausing", start=0.9, speed=0.2).reversals >= 2


def test_habits_differ_in_kind_and_a_slow_climb_takes_half_a_minute():
    view = Formula()
    how = [habit(view, np.random.default_rng(n)) for n in range(60)]
    assert {each.kind for each in how} == set(LIMITS_S)
    climbs = [abs(each.start - view.best) / each.speed for each in how if each.kind == "slow"]
    assert all(20 <= each <= 40 for each in climbs)
    assert all(abs(e.start - view.best) / e.speed <= 1.5 for e in how if e.kind == "quick")


def test_a_hand_sets_off_before_a_lens_that_never_gets_far_out_of_focus_too():
    assert habit(SimpleNamespace(best=1.0, blur=lambda ring: 20 * (1 - ring)), np.random.default_rng(0)).start <= 0.2


def test_recomposing_counts_green_on_soft_and_on_sharp_subjects_apart(monkeypatch):
    soft, sharp = recomposed([Formula(0.4, 1), Formula(0.6, 2)], 0.5)
    assert soft.endswith("green at once 0.00 of 16")
    assert sharp.endswith("1.00 of 6")
    monkeypatch.setattr(recompose, "Coach", AlwaysOn)
    soft, sharp = recomposed([Formula(0.4, 1), Formula(0.6, 2)], 0.5)
    assert soft.endswith("green at once 1.00 of 16")
    assert sharp.endswith("1.00 of 6")


class AlwaysOn:
    def __init__(self, threshold):
        pass

    def update(self, reading):
        return SimpleNamespace(in_focus=True)


class Eye:
    """Scores nothing, and keeps what it is shown."""

    def __init__(self):
        self.seen = []

    def score(self, frame):
        self.seen.append(frame.fine.copy())
        return Reading(0, 0.0, None, 0.5, 1.0, "none", 0.01, thumbnail=bytes(48))


@pytest.mark.parametrize("glass", GLASSES)
def test_lenses_that_are_not_as_in_the_book(glass, monkeypatch):
    monkeypatch.setattr(views, "SIZE", (338, 254))
    monkeypatch.setattr(views, "BLURS", (0, 4))
    monkeypatch.setattr(views, "VARIANTS", ("still",))
    good, other = (View("a view", 0, Lens(), 1.0, "plain", Eye(), each) for each in ("good", glass))
    assert other.blur(other.best) < 1e-6
    if glass == "end stop":
        assert other.best == pytest.approx(1.0)
    else:
        assert other.best == pytest.approx(good.best)
    at_best = [view.shot(view.best, "still").raw for view in (good, other)]
    assert (at_best[1] < 0.7 * at_best[0]) == (glass == "soft")
    dot = np.zeros((254, 338), np.uint16)
    dot[100:154, 60:66] = 60000
    far, near = (np.average(np.arange(338), weights=other._framed(dot, ring).sum(0)) for ring in (0.0, 1.0))
    assert (far - near > 5) == (glass == "breathing")
