"""The lens joined to the loop: frames in, moves out, nobody waits."""

import dataclasses
import time

import numpy as np
import pytest

from focuscam.daemon.focuser import Focuser
from focuscam.lens.search import MOST_LOOKS
from focuscam.messages import Frame, Light, Status

LUMA = np.zeros((4, 4), np.uint8)


class Lens:
    """Takes a while to get there; is told by the test how long."""

    description = "test lens"
    range = (0, 200)

    def __init__(self):
        self.position, self.busy, self.moves, self.trouble = 30, False, [], None

    def move(self, position):
        self.position, self.busy = position, True
        self.moves.append(position)

    def see(self, frame):
        return self.trouble

    def close(self):
        pass


class Bench:
    """A loop at 30 frames a second, by a clock of its own."""

    def __init__(self, reading, monkeypatch, hill):
        self.now, self.number, self.scene = 1000.0, 0, 1
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        self.said, self.held = [], []
        self.focuser = Focuser(self.said.append, self.held.append)
        self.lens = Lens()
        self.focuser.use(self.lens)
        self.hill = hill(120, 0.06)
        self._reading = reading
        self.blurred = 0
        """Frames for which a look was taken while the lens moved: there must be none."""

    def frame(self, moving=False, exposure=0.01):
        self.now += 1 / 30
        place = self.lens.position if not moving else -1000
        score, contrast = self.hill(place)
        reading = dataclasses.replace(self._reading(self.number, score=score, contrast=contrast), time=self.now)
        status = Status(reading, Light.OFF, 0.45, None, None, scene=self.scene, rested_s=1.0)
        self.number += 1
        looks = self.looks
        facts = {"ExposureTime": exposure * 1e6}
        frame = Frame(self.number, self.now, LUMA, LUMA, taken=self.now, metadata=facts)
        self.focuser.see(frame, status)
        if moving and self.looks > looks:
            self.blurred += 1

    @property
    def looks(self):
        return self.focuser.facts["looks"] if self.focuser.facts else 0

    def run(self, frames=2000, slow=4):
        """Let it focus; each move takes so many frames, and one frame is half exposed on the way."""
        for _ in range(frames):
            if not self.focuser.busy:
                return
            if self.lens.busy:
                for _ in range(slow):
                    self.frame(moving=True)
                self.lens.busy = False
            else:
                self.frame()


@pytest.fixture
def bench(reading, monkeypatch, hill):
    return Bench(reading, monkeypatch, hill)


def test_it_ends_at_the_top_and_says_so(bench):
    bench.focuser.wish("once")
    bench.run()
    assert bench.focuser.outcome.found == "focus"
    assert abs(bench.lens.position - 120) <= 1
    assert bench.said == [bench.focuser.outcome.text]
    assert bench.focuser.facts["found"] == "focus"
    assert bench.focuser.facts["searching"] is False
    assert bench.looks <= MOST_LOOKS


def test_no_frame_counts_that_was_exposed_while_the_lens_moved(bench):
    bench.focuser.wish("once")
    bench.run(slow=7)
    assert bench.blurred == 0


def test_a_long_exposure_that_began_before_the_lens_stood_still_is_passed_over(bench):
    bench.focuser.wish("once")
    bench.frame()
    bench.frame()
    bench.lens.busy = False
    looks = bench.looks
    for _ in range(4):
        bench.frame(exposure=0.2)
    assert bench.looks == looks
    for _ in range(10):
        bench.frame(exposure=0.2)
    assert bench.looks > looks


def test_the_exposure_is_held_meanwhile(bench):
    bench.focuser.wish("once")
    bench.run()
    assert bench.held == [True, False]


def test_stopped_it_leaves_the_lens_where_it_was_best(bench):
    bench.focuser.wish("once")
    seen = {}
    while bench.looks < 4:
        bench.lens.busy = False
        bench.frame()
        seen[bench.focuser.facts["looked_at"]] = True
    bench.focuser.wish("stop")
    bench.run()
    places = [place for place in seen if place is not None]
    assert bench.lens.position == max(places, key=lambda place: bench.hill(place)[1])
    assert bench.focuser.outcome.found == "cancelled"
    assert bench.held[-1] is False


def test_a_lens_in_trouble_ends_it_with_what_the_driver_says(bench):
    bench.focuser.wish("continuous")
    bench.frame()
    bench.lens.trouble = "The lens does not obey."
    bench.frame()
    assert bench.said == ["The lens does not obey."]
    assert bench.focuser.outcome.found == "stuck"
    assert not bench.focuser.busy
    assert bench.focuser.facts["continuous"] is False
    assert bench.held[-1] is False


def test_continuous_it_follows_a_subject_and_rests_while_it_is_still(bench):
    bench.focuser.wish("continuous")
    bench.run()
    assert bench.focuser.count == 1
    assert abs(bench.lens.position - 120) <= 1
    moves = len(bench.lens.moves)
    for _ in range(300):
        bench.frame()
    assert len(bench.lens.moves) == moves
    bench.hill.top = 60
    for _ in range(60):
        bench.frame()
        bench.run()
    assert bench.focuser.count == 2
    assert abs(bench.lens.position - 60) <= 1
    bench.focuser.wish("stop")
    bench.hill.top = 100
    for _ in range(120):
        bench.frame()
    assert bench.focuser.count == 2


def test_another_scene_in_the_midst_of_it_begins_it_again(bench):
    bench.focuser.wish("once")
    while bench.looks < 4:
        bench.lens.busy = False
        bench.frame()
    bench.hill.top, bench.scene = 40, 2
    bench.run()
    assert abs(bench.lens.position - 40) <= 1


def test_without_a_lens_it_says_why_and_does_nothing(bench):
    bench.focuser.use(None)
    assert "no lens here" in bench.focuser.can
    assert bench.focuser.facts is None
    bench.focuser.wish("once")
    bench.frame()
    assert not bench.focuser.busy
