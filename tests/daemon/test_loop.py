"""The loop, played without a process: what it gives to whoever iterates it, and how it is left."""

import contextlib
import itertools
import os
import signal
import time

import numpy as np
import pytest

from focuscam.cameras import Fixed
from focuscam.commands import Forget, Release, Reload, Resume, SetHold, SetRegion, SetThreshold
from focuscam.config import Settings
from focuscam.daemon.loop import Loop
from focuscam.errors import CameraError
from focuscam.indicators import Indicators
from focuscam.messages import Away, Event, Frame, Light
from focuscam.region import parse
from focuscam.system import signals

LUMA = np.zeros((48, 64), np.uint8)


class Camera(Fixed):
    """A few frames; it remembers whether it is open."""

    description = "a camera"

    def __init__(self, frames=10**9, live=False, fails_at=None):
        self.frames, self.live, self.fails_at = frames, live, fails_at
        self.number, self.open = 0, False

    def __enter__(self):
        self.open = True
        return self

    def __exit__(self, *_):
        self.open = False

    def newest(self):
        if self.number == self.fails_at:
            raise CameraError("It gives no more frames.")
        if self.number >= self.frames:
            return None
        if self.live:
            time.sleep(0.002)
        self.number += 1
        return Frame(self.number - 1, (self.number - 1) / 30, LUMA, LUMA, taken=time.monotonic())


class Scorer:
    model = type("Model", (), {"threshold": 0.5, "sha256": "0" * 64})()

    def __init__(self, reading):
        self.region = parse("spot")
        self.score = lambda frame: reading(frame.number, region=self.region.box)


@pytest.fixture
def looping(reading):
    def make(camera, lights=None, **rest):
        return Loop(camera, Settings(), Scorer(reading), lights or Indicators(None, None), **rest)

    return make


def test_each_frame_is_an_event_and_the_end_of_the_source_the_end(looping):
    camera = Camera(5)
    events = list(looping(camera))
    assert [event.sequence for event in events] == [1, 2, 3, 4, 5]
    assert [event.frame.number for event in events] == [0, 1, 2, 3, 4]
    assert not camera.open


class Swallowing(Camera):
    """A camera whose library loses what is raised within it."""

    def newest(self):
        with contextlib.suppress(BaseException):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(10)
        return super().newest()


def test_a_signal_that_a_camera_swallowed_ends_it_all_the_same(looping):
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    camera = Swallowing()
    events = iter(looping(camera))
    try:
        signals.stop_on_signals()
        next(events)
        with pytest.raises(signals.Stopped):
            next(events)
    finally:
        signals.end()
        for each, handler in before.items():
            signal.signal(each, handler)
    assert not camera.open


def test_whoever_has_seen_enough_breaks_and_the_camera_is_closed(looping):
    camera = Camera()
    for event in looping(camera):
        assert camera.open
        if event.sequence == 3:
            break
    assert not camera.open
    assert camera.number == 3, "no frame was asked for that nobody wants"


def test_an_event_tells_the_facts_of_its_own_frame_and_the_commands_before_it(looping):
    loop = looping(Camera(6))
    events = []
    for event in loop:
        events.append(event)
        if event.sequence == 2:
            loop.commands.put(SetRegion(parse("whole")))
            loop.commands.put(SetThreshold(0.4))
    assert [event.facts["region_name"] for event in events] == ["spot"] * 2 + ["whole"] * 4
    assert [event.status.threshold for event in events] == [0.5] * 2 + [0.4] * 4
    assert [len(event.commands) for event in events] == [0, 0, 2, 0, 0, 0]


def test_a_command_that_is_made_of_others_tells_those_as_well(looping):
    other = Settings().with_changes("test", focus={"region": "best", "hold_s": 1.0})
    loop = looping(Camera(1), reread=lambda: other)
    loop.commands.put(Reload())
    [event] = loop
    assert event.commands == (Reload(), SetRegion(parse("best")), SetThreshold(None), SetHold(1.0))


def test_while_it_is_released_there_are_events_without_a_frame_and_what_is_said_is_in_them(looping):
    camera = Camera(live=True)
    loop = looping(camera)
    seen = []
    for event in loop:
        seen.append(event)
        if len(seen) == 3:
            loop.commands.put(Release())
        if isinstance(event, Away):
            assert not camera.open
            assert loop.facts["released"]
            loop.commands.put(Resume())
        elif any(isinstance(each, Away) for each in seen):
            break
    said = [sentence for event in seen for sentence in event.said]
    assert said[0].startswith("The camera is released")
    assert said[-1] == "The camera is back."
    assert seen[-1].commands == (Release(), Resume())


def test_a_camera_that_fails_is_an_error_for_whoever_iterates_after_the_light_has_shown_it(looping):
    said = []

    class Lights(Indicators):
        def say(self, light, now, near=None):
            said.append(light)
            return super().say(light, now, near)

    with pytest.raises(CameraError, match="no more frames"):
        list(looping(Camera(live=True, fails_at=2), Lights(None, None)))
    assert said[-1] is Light.FAULT


def test_an_error_of_who_looks_is_theirs_and_no_fault_of_the_camera(looping):
    camera = Camera(live=True)

    def look():
        for event in looping(camera):
            assert isinstance(event, Event)
            raise CameraError("I can't look.")

    with pytest.raises(CameraError, match="can't look"):
        look()
    assert not camera.open


def test_a_picture_at_rest_is_looked_at_less_often_unless_somebody_keeps_it_awake(looping):
    def took(look):
        loop = looping(Camera(live=True))
        began = time.monotonic()
        for event in itertools.islice(loop, 600):
            look(loop, event)
            if time.monotonic() - began > 8:
                break
        return event.frame.number

    resting = took(lambda loop, event: None)
    assert resting < 200, "after five seconds it rests"
    assert took(lambda loop, event: loop.keep_awake()) == 599


def test_commands_are_obeyed_between_two_frames_by_whichever_thread_they_come(looping):
    loop = looping(Camera(3))
    loop.commands.put(Forget())
    scenes = [event.status.scene for event in loop]
    assert len(set(scenes)) == 1
