import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.frame import Light, Reading, Status
from focuscam.idle import STILL_S, Idle

GREY = bytes([100] * 48)


def status(number, contrast=1.0, light=Light.ON, thumbnail=GREY):
    reading = Reading(number, number / 30, None, 0.9, 0.9, "none", contrast, thumbnail=thumbnail)
    return Status(reading, light is Light.ON, light, 0.5, 1.0, 0.9)


def rested(idle, noise=0.0, seconds=2 * STILL_S):
    """The idle after so long without a change but noise (as a share of the contrast), and the next frame's number."""
    random = np.random.default_rng(0)
    frames = round(30 * seconds)
    for number in range(frames):
        idle.pause(status(number, 1 + noise * random.standard_normal()))
    return idle, frames


def test_every_frame_is_looked_at_until_nothing_has_changed_for_a_while():
    idle = Idle(5)
    pauses = [idle.pause(status(number)) for number in range(round(30 * (STILL_S + 1)))]
    assert set(pauses[: round(30 * STILL_S) - 1]) == {0.0}
    assert pauses[-1] == 0.2


@pytest.mark.parametrize("noise", [0.0, 0.01, 0.05])
def test_noise_wakes_nobody(noise):
    idle, number = rested(Idle(5), noise)
    random = np.random.default_rng(1)
    awake = [idle.pause(status(number + n, 1 + noise * random.standard_normal())) == 0 for n in range(3000)]
    assert not any(awake)


@pytest.mark.parametrize(
    "change",
    [
        {"contrast": 0.9},
        {"contrast": 1.1},
        {"light": Light.OFF},
        {"light": Light.CANNOT_TELL},
        {"thumbnail": bytes([110] * 48)},
    ],
)
def test_a_change_is_followed_at_once_by_every_frame(change):
    idle, number = rested(Idle(5), 0.01)
    assert idle.pause(status(number)) > 0
    assert idle.pause(status(number + 1, **change)) == 0
    assert idle.pause(status(number + 2, **change)) == 0


def test_a_ring_that_turns_slowly_is_never_at_rest():
    idle = Idle(5)
    pauses = [idle.pause(status(n, 1.0 - 0.0005 * n)) for n in range(900)]  # a thousandth and a half in 0.1 s
    assert set(pauses) == {0.0}


def test_somebody_who_does_something_wakes_it():
    idle, number = rested(Idle(5))
    idle.stir()
    assert idle.pause(status(number)) == 0


@given(st.lists(st.tuples(st.floats(-1e3, 1e6), st.floats(0, 1e6)), max_size=60))
def test_whatever_the_clock_and_the_contrast_do_the_pause_is_one_of_two(seen):
    idle = Idle(4)
    for number, (time, contrast) in enumerate(seen):
        reading = Reading(number, time, None, None, 0.0, "unknown", contrast)
        assert idle.pause(Status(reading, False, Light.OFF, 0.5, None, None)) in (0.0, 0.25)
