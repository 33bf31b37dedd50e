from hypothesis import given
from hypothesis import strategies as st

from focuscam.lens.simulated import SimulatedLens


@given(st.integers(0, 20), st.lists(st.integers(-50, 400), min_size=1))
def test_play_that_is_taken_up_does_not_show(play, places):
    lens = SimulatedLens(300, take_up=20, play=play, start=100)
    for place in places:
        lens.move(place)
        low, high = lens.range
        assert low <= lens.position <= high
        assert lens.place == lens.position - play


def test_play_that_is_not_taken_up_shows():
    lens = SimulatedLens(300, take_up=0, play=15, start=100)
    lens.move(80)
    assert lens.place == 80


def test_a_motor_that_is_stuck_says_that_it_moved():
    lens = SimulatedLens(300, start=100)
    lens.stuck = True
    lens.move(200)
    assert (lens.position, lens.place) == (200, 100)


def test_a_motor_that_slips_is_elsewhere():
    lens = SimulatedLens(300, take_up=20, start=100, slips=5)
    lens.move(60)
    assert lens.place == 65
