"""From the frame to the pin: the daemon with its coach, its indicators and mock pins."""

import numpy as np
import pytest

from focuscam.cameras import Fixed
from focuscam.config import Settings
from focuscam.daemon.loop import Loop
from focuscam.indicators import Indicators
from focuscam.indicators.led import Led
from focuscam.messages import Frame
from focuscam.region import parse


class Camera(Fixed):
    """A few frames, one after the other."""

    live = False
    description = "bench"

    def __init__(self, frames):
        self._frames = iter(range(frames))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def newest(self):
        luma = np.zeros((48, 64), np.uint8)
        n = next(self._frames, None)
        return None if n is None else Frame(n, n / 30, luma, luma, taken=0.0)


def levels(pins, reading, scores, contrasts):
    """The level of the pin after each frame."""
    seen = []

    class Scorer:
        model = type("Model", (), {"threshold": 0.5})()
        region = parse("spot")

        def score(self, frame):
            return reading(frame.number, scores[frame.number], contrast=contrasts[frame.number])

    with Indicators(Led(17), None) as indicators:
        for _ in Loop(Camera(len(scores)), Settings(), Scorer(), indicators):
            seen.append(bool(pins.pin(17).state))
    return seen


@pytest.mark.parametrize("contrast", [1.0, 0.3])
def test_from_the_frame_that_crosses_the_threshold_to_the_pin_it_is_two_frames_at_most(pins, reading, contrast):
    scores = [0.1] * 30 + [0.9] * 30 + [0.1] * 30
    seen = levels(pins, reading, scores, [1.0] * 60 + [contrast] * 30)
    assert 0 <= seen.index(True) - 30 <= 2
    assert 0 <= seen.index(False, 60) - 60 <= 2


def test_a_picture_that_gets_better_at_a_stroke_is_waited_for_until_it_no_longer_does(pins, reading):
    seen = levels(pins, reading, [0.1] * 30 + [0.9] * 120, [1.0] * 30 + [4.0] * 120)
    assert 100 <= seen.index(True) - 30 <= 115, "three seconds and a half at rest: it may be a nudge"


def test_one_bad_frame_does_not_reach_the_pin(pins, reading):
    scores = [0.9] * 30 + [0.1] + [0.9] * 30 + [None] + [0.9] * 30
    assert all(levels(pins, reading, scores, [1.0] * 30 + [0.2] + [1.0] * 61))
