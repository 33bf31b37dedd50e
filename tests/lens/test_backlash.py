from hypothesis import given
from hypothesis import strategies as st

from focuscam.lens.backlash import slack_after, way

BACKLASH = 20


@given(
    st.integers(0, BACKLASH),
    st.lists(st.tuples(st.integers(BACKLASH, 500), st.floats(0, 1)), min_size=1, max_size=8),
)
def test_the_ring_ends_at_the_same_place_whatever_the_play_and_the_way(play, moves):
    """Moves, each perhaps broken off on its way; the last one is not."""
    motor, slack, ring = 0, BACKLASH, 0
    for number, (goal, part) in enumerate(moves):
        steps = []
        here = motor
        for there in way(motor, goal, BACKLASH, slack):
            steps += [1 if there > here else -1] * abs(there - here)
            here = there
        if number < len(moves) - 1:
            steps = steps[: round(part * len(steps))]
        for step in steps:
            motor += step
            assert 0 <= motor <= 500
            slack = slack_after(step, BACKLASH, slack)
            ring = min(max(ring, motor - play), motor)
    assert motor == moves[-1][0]
    assert ring == motor - play


def test_on_the_way_up_nothing_needs_to_be_taken_up():
    assert way(100, 150, 20) == [150]
    assert way(100, 90, 20) == [70, 90]
    assert way(100, 100, 20) == []


def test_after_a_move_downwards_that_was_broken_off_it_goes_below_once_more():
    assert way(100, 105, 20, slack=12) == [85, 105]
    assert way(100, 112, 20, slack=12) == [112]
