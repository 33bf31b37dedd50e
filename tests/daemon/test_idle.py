import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.coach import Coach
from focuscam.daemon.idle import STILL_S, Idle
from focuscam.messages import Light, Reading, Status


def grid(seed):
    return bytes(np.random.default_rng(seed).integers(20, 200, 48, np.uint8))


class Watched:
    """An idle that is shown what the coach makes of frames, 30 a second."""

    def __init__(self, fps=5):
        self.idle, self.coach, self.number = Idle(fps), Coach(0.5), 0

    def pause(self, contrast=1.0, score=0.9, thumbnail=None):
        self.number += 1
        reading = Reading(
            self.number, self.number / 30, None, score, 0.9, "none", contrast, thumbnail=thumbnail or grid(1)
        )
        return self.idle.pause(self.coach.update(reading))

    def rest(self, noise=0.0, seconds=2 * STILL_S):
        """So long without a change but noise, as a share of the contrast; the pauses."""
        random = np.random.default_rng(self.number)
        return [self.pause(1 + noise * random.standard_normal()) for _ in range(round(30 * seconds))]


def test_every_frame_is_looked_at_until_nothing_has_changed_for_a_while():
    pauses = Watched().rest(seconds=STILL_S + 2)
    assert set(pauses[: round(30 * STILL_S) - 1]) == {0.0}
    assert pauses[-1] == 0.2


@pytest.mark.parametrize("noise", [0.0, 0.01, 0.03, 0.05])
def test_noise_wakes_hardly_anybody(noise):
    watched = Watched()
    watched.rest(noise)
    asleep = [pause > 0 for pause in watched.rest(noise, seconds=300)]
    assert sum(asleep) > 0.8 * len(asleep)


@pytest.mark.parametrize(
    "change", [{"contrast": 0.9}, {"contrast": 1.1}, {"score": 0.1}, {"score": None}, {"thumbnail": grid(2)}]
)
def test_a_change_is_followed_by_every_frame_as_soon_as_the_coach_is_sure_of_it(change):
    watched = Watched()
    assert watched.rest(0.01)[-1] > 0
    pauses = [watched.pause(**change) for _ in range(60)]
    assert pauses.index(0.0) < 15
    assert set(pauses[15:]) == {0.0}


def test_where_nothing_can_be_told_for_long_it_rests_as_well():
    watched = Watched()
    pauses = [watched.pause(score=None) for _ in range(round(30 * (STILL_S + 2)))]
    assert set(pauses[: round(30 * STILL_S) - 1]) == {0.0}
    assert pauses[-1] == 0.2


def test_a_ring_that_turns_slowly_is_never_at_rest():
    watched = Watched()
    assert {watched.pause(1.0 - 0.0005 * n) for n in range(900)} == {0.0}  # a thousandth and a half in 0.1 s


def test_somebody_who_does_something_wakes_it():
    watched = Watched()
    watched.rest()
    watched.idle.start_over()
    assert watched.pause() == 0


@given(st.lists(st.tuples(st.floats(-1e3, 1e6), st.floats(0, 1e6)), max_size=60))
def test_whatever_the_clock_and_the_contrast_do_the_pause_is_one_of_two(seen):
    idle = Idle(4)
    for number, (time, contrast) in enumerate(seen):
        reading = Reading(number, time, None, None, 0.0, "unknown", contrast)
        assert idle.pause(Status(reading, Light.OFF, 0.5, None, None)) in (0.0, 0.25)
