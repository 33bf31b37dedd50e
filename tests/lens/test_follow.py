import itertools

import numpy as np
import pytest

from focuscam.coach.hill import Hill
from focuscam.lens.follow import FIRST_WAIT_S, Follower
from focuscam.messages import Light, Reading, Status

FPS = 30


class Play:
    """Shows a follower frames; `asked` are the times at which it wanted to focus."""

    def __init__(self, found=True):
        self.follower = Follower()
        self.follower.searched(found, 1, 0.0)
        self.time, self.asked = 0.0, []
        self._hill, self._scene = Hill(), 0

    def show(self, seconds, score=0.7, contrast=0.1, scene=1, found=None):
        for _ in range(round(seconds * FPS)):
            self.time += 1 / FPS
            now = score(self.time) if callable(score) else score
            here = contrast(self.time) if callable(contrast) else contrast
            if self.follower.search_now(self._status(now, here, scene)):
                self.asked.append(self.time)
                if found is not None:
                    self.follower.searched(found, scene, self.time)
        return self

    def _status(self, score, contrast, scene):
        if scene != self._scene:
            self._hill, self._scene = Hill(), scene
        self._hill = self._hill.add(contrast, self.time)
        reading = Reading(0, self.time, None, score, 1.0, "none", contrast)
        rested_s = self._hill.rested_s
        return Status(reading, Light.OFF, 0.5, None, None, scene=scene, rested_s=rested_s)


def test_a_scene_that_is_still_is_left_alone_in_any_noise():
    random = np.random.default_rng(0)
    play = Play()
    play.show(
        60,
        score=lambda _: 0.7 + 0.07 * random.standard_normal(),
        contrast=lambda _: 0.1 * (1 + 0.15 * random.standard_normal()),
    )
    assert play.asked == []


def test_leaves_in_the_wind_and_passing_light_are_no_reason():
    play = Play().show(1).show(60, contrast=lambda t: 0.1 * (0.6 + 0.4 * np.cos(t)))
    assert play.asked == []


def test_a_subject_that_went_soft_is_a_reason_once_it_stays_so():
    play = Play().show(1).show(2, score=0.3, contrast=0.05)
    assert 1.5 < play.asked[0] < 2.2


def test_somebody_who_passes_by_is_not():
    play = Play().show(1).show(0.5, score=0.2, contrast=0.03).show(5)
    assert play.asked == []


def test_another_scene_is_a_reason_once_it_is_still():
    play = Play().show(1)
    play.show(2, scene=2, contrast=lambda t: 0.1 * np.exp(2 * t))
    assert play.asked == []
    play.show(1, scene=2, contrast=0.1)
    assert play.asked[0] == pytest.approx(3.5, abs=0.3)


def test_at_the_start_it_focuses_when_the_picture_is_still():
    play = Play()
    play.follower = Follower()
    play.show(2, score=0.5)
    assert 0.3 < play.asked[0] < 0.8


def test_where_nothing_can_be_focused_on_it_tries_less_and_less_often():
    play = Play(found=False).show(100, score=0.1, contrast=0.01, found=False)
    waits = np.diff([0.0, *play.asked])
    assert waits[0] == pytest.approx(FIRST_WAIT_S, abs=0.7)
    assert all(b > 1.8 * a for a, b in itertools.pairwise(waits))
    assert len(play.asked) <= 6


def test_what_was_found_again_starts_anew():
    play = Play(found=False).show(30, score=0.1, contrast=0.01, found=False)
    play.follower.searched(True, 1, play.time)
    before = len(play.asked)
    play.show(10)
    assert len(play.asked) == before
