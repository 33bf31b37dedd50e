import itertools

import numpy as np

from lab.coaching.feedback import FixedThreshold
from lab.coaching.hand import FPS
from tests.lab.coaching.hill import played


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
