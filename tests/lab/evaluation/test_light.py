import numpy as np

from focuscam.messages import Reading
from lab.evaluation import light


class Always:
    """A light that is what it is told to be, whatever it is shown."""

    def __init__(self, on):
        self.on = on

    def show(self, reading, time):
        return self.on


class Exact:
    """A light that is on where the contrast it is shown is at least 0.9."""

    def show(self, reading, time):
        return reading.contrast >= 0.9


C = np.array([0.2, 0.4, 0.8, 1.0, 0.96, 0.6, 0.3])


def shots(values):
    return [[Reading(0, 0.0, None, value, 1.0, "unknown", value)] for value in values]


def test_a_light_that_follows_contrast_passes_every_trial():
    seen = light.trial(Exact, shots(C), C)
    assert seen.green
    assert seen.first == [1.0, 0.96]
    assert all(right for _, _, right in seen.cold)


def test_a_light_that_is_always_on_fails_the_soft_rests_and_is_green_too_soon():
    seen = light.trial(lambda: Always(True), shots(C), C)
    assert not seen.green
    assert [right for _, wanted, right in seen.rests if wanted] == [True]
    assert not any(right for _, wanted, right in seen.rests if not wanted)
    assert seen.first == [0.2, 0.3]


def test_a_light_that_never_comes_on_has_no_first_green():
    seen = light.trial(lambda: Always(False), shots(C), C)
    assert seen.first == [0.0, 0.0]
    assert [wanted for _, wanted, right in seen.cold if not right] == [True, True]


def test_only_soft_frames_and_the_best_are_rested_on():
    seen = light.trial(Exact, shots(C), C)
    assert [step for step, _, _ in seen.rests] == [0, 1, 3, 6]
    assert [step for step, _, _ in seen.cold] == [0, 1, 3, 4, 6]
