"""Hands: smooth, within the ring, and they do what their name says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscam.simulation.hand import HANDS, Scripted

names = st.sampled_from(sorted(HANDS))
bests = st.floats(0.1, 0.9)
seeds = st.integers(0, 1000)


def turned(name, best, seed, seconds=60.0):
    hand = HANDS[name](best, np.random.default_rng(seed))
    return np.array([hand(t) for t in np.arange(0, seconds, 1 / 30)])


@settings(max_examples=30, deadline=None)
@given(names, bests, seeds)
def test_the_ring_stays_between_its_ends_and_never_jumps(name, best, seed):
    ring = turned(name, best, seed)
    assert ring.min() >= 0
    assert ring.max() <= 1
    assert np.abs(np.diff(ring)).max() < 0.05
    assert np.abs(np.diff(ring, n=2)).max() < 0.01  # sets off and stops gently


@settings(max_examples=30, deadline=None)
@given(names, bests, seeds)
def test_the_same_chance_turns_the_same_way(name, best, seed):
    assert np.array_equal(turned(name, best, seed, 20), turned(name, best, seed, 20))


@settings(max_examples=30, deadline=None)
@given(bests, seeds)
def test_settling_overshoots_comes_back_and_stays(best, seed):
    ring = turned("settle", best, seed)
    off = np.sign(ring - best)
    assert ring[0] in (0, 1)
    assert -off[0] in off  # it was seen on the other side
    assert np.abs(ring[-900:] - best).max() <= 0.002
    assert np.ptp(ring[-900:]) == 0


@settings(max_examples=30, deadline=None)
@given(bests, seeds)
def test_hunting_leaves_and_finds_the_best_place_again_and_again(best, seed):
    ring = turned("hunt", best, seed, 120)
    there = np.abs(ring - best) <= 0.002
    arrivals = np.flatnonzero(np.diff(there.astype(int)) == 1)
    rests = [place for place in arrivals if there[place + 1 : place + 121].all()]
    assert len(rests) >= 5
    assert np.abs(ring - best).max() > 0.09


def test_a_sweep_goes_from_end_to_end():
    ring = turned("sweep", 0.5, 0)
    assert (ring.min(), ring.max()) == (0, 1)
    assert ring[:30].max() == 0


def test_a_script_that_is_done_stays_or_starts_again():
    moves = [(1.0, 2.0), (0.2, 1.0)]
    once, again = Scripted(0.5, moves, again=False), Scripted(0.5, moves, again=True)
    assert once(0) == again(0) == 0.5
    assert once(2) == pytest.approx(1.0)
    assert once(100) == 0.2
    assert again(3) == pytest.approx(0.2)
    assert again(5) == pytest.approx(1.0)
