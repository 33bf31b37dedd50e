"""The daemon lets go of its camera and takes it back; and what it does when the camera is busy."""

import threading
import time

import numpy as np
import pytest

from focuscam.commands import LockExposure, Release, Resume, SetRegion, Toggle, Zoom
from focuscam.config import Settings
from focuscam.daemon import loop as room
from focuscam.daemon.loop import Loop
from focuscam.errors import CameraBusyError
from focuscam.indicators import Indicators
from focuscam.messages import Frame, Light
from focuscam.region import parse

LUMA = np.zeros((48, 64), np.uint8)


class Camera:
    """A live one that ends after so many openings, and can be taken by somebody else."""

    live = True
    description = "a camera"
    deadline = 2.0
    frame_s = 1 / 30

    def __init__(self, busy=0):
        self.opened = self.closed = self.tries = self.shown = 0
        self.busy = busy
        self.ending = False
        self.was_set = []

    def __enter__(self):
        self.tries += 1
        if self.busy:
            self.busy -= 1
            raise CameraBusyError("The camera is busy: rpicam-still (pid 12) holds it; end that first.")
        self.opened += 1
        return self

    def __exit__(self, *_):
        self.closed += 1

    def controls(self):
        return {"ScalerCrop": ((0, 0, 64, 64), (0, 0, 4056, 3040), (0, 0, 4056, 3040))}

    def set(self, controls):
        self.was_set.append(controls)
        return set()

    def newest(self):
        time.sleep(0.005)
        if self.ending:
            return None
        self.shown += 1
        return Frame(self.shown, self.shown / 30, LUMA, LUMA, taken=time.monotonic())


class Scorer:
    model = type("Model", (), {"threshold": 0.5})()

    def __init__(self, reading):
        self.region = parse("spot")
        self.score = lambda frame: reading(frame.number)


class Lights(Indicators):
    """Remembers what it was to say."""

    def __init__(self):
        super().__init__(None, None)
        self.said = []

    def say(self, light, now, near=None):
        self.said.append(light)
        return super().say(light, now, near)


class Service:
    """Counts how often systemd was told that all is well."""

    def __init__(self):
        self.fed = 0

    def fresh(self, status):
        self.fed += 1

    def patience(self, seconds):
        pass

    def last_words(self, status):
        pass


class Running:
    """A daemon that runs in a thread of its own."""

    def __init__(self, reading, camera):
        self.camera, self.lights, self.service = camera, Lights(), Service()
        self.told = []
        self.loop = Loop(camera, Settings(), Scorer(reading), self.lights, service=self.service)
        self.failed = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        try:
            for event in self.loop:
                self.told += event.said
        except Exception as error:
            self.failed = error

    def do(self, command):
        self.loop.commands.put(command)

    def until(self, true):
        end = time.monotonic() + 10
        while not true():
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.005)

    def end(self):
        self.camera.ending = True
        self.thread.join(10)
        assert not self.thread.is_alive()


@pytest.fixture
def running(reading, monkeypatch):
    monkeypatch.setattr(room, "TRY_S", 0.02)
    started = []

    def start(camera):
        it = Running(reading, camera)
        started.append(it)
        it.thread.start()
        return it

    yield start
    for each in started:
        each.do(Resume())
        each.camera.busy = 0
        each.end()


def test_released_the_camera_is_closed_and_the_daemon_lives_on(running):
    it = running(Camera())
    it.until(lambda: it.camera.shown > 3)
    it.do(Release())
    it.until(lambda: it.loop.facts["released"])
    assert (it.camera.opened, it.camera.closed) == (1, 1)
    fed, shown = it.service.fed, it.camera.shown
    it.until(lambda: it.service.fed > fed + 3)
    assert it.camera.shown == shown
    assert it.lights.said[-1] is Light.RELEASED
    it.do(Resume())
    it.until(lambda: it.camera.shown > shown + 3)
    assert it.camera.opened == 2
    assert not it.loop.facts["released"]
    assert it.lights.said[-1] is not Light.RELEASED
    assert "focuscam resume" in it.told[0]
    assert it.told[1] == "The camera is back."


def test_a_release_with_an_end_ends_by_itself(running):
    it = running(Camera())
    it.until(lambda: it.camera.shown > 3)
    it.do(Release(1.0))
    it.until(lambda: it.camera.closed == 1)
    it.until(lambda: it.camera.opened == 2)


def test_a_release_can_be_made_longer(running):
    it = running(Camera())
    it.until(lambda: it.camera.shown > 3)
    it.do(Release(1.0))
    it.until(lambda: it.camera.closed == 1)
    it.do(Release())
    time.sleep(1.4)
    assert it.camera.opened == 1


def test_the_button_releases_and_takes_back(running):
    it = running(Camera())
    for opened in (1, 2, 3):
        it.until(lambda opened=opened: it.camera.opened == opened and not it.loop.facts["released"])
        it.do(Toggle("release"))
        it.until(lambda: it.loop.facts["released"])
        it.do(Toggle("release"))


def test_a_camera_that_is_still_in_use_is_waited_for_and_said_once(running):
    it = running(Camera())
    it.until(lambda: it.camera.shown > 3)
    it.do(Release())
    it.until(lambda: it.camera.closed == 1)
    it.camera.busy = 20
    shown = it.camera.shown
    it.do(Resume())
    it.until(lambda: it.camera.shown > shown)
    assert it.camera.tries >= 22
    assert sum("rpicam-still (pid 12)" in sentence for sentence in it.told) == 1


def test_a_camera_that_is_busy_at_the_start_is_waited_for(running):
    it = running(Camera(busy=5))
    it.until(lambda: it.camera.shown > 3)
    assert it.camera.tries == 6
    assert Light.RELEASED in it.lights.said


def test_a_camera_that_stays_busy_at_the_start_ends_it_with_69(running, monkeypatch):
    monkeypatch.setattr(room, "BUSY_S", 0.2)
    it = running(Camera(busy=10**9))
    it.until(lambda: it.failed)
    assert it.failed.status == 69
    assert "rpicam-still (pid 12)" in str(it.failed)
    assert it.service.fed == 0, "systemd was told that it is ready"


def test_what_the_camera_magnified_before_it_magnifies_after(running):
    it = running(Camera())
    it.do(Zoom(2.0))
    it.until(lambda: it.camera.was_set)
    it.do(Release())
    it.until(lambda: it.camera.closed == 1)
    it.do(Resume())
    it.until(lambda: it.camera.opened == 2 and len(it.camera.was_set) == 2)
    assert it.camera.was_set[0] == it.camera.was_set[1]


def test_while_it_is_released_commands_that_need_it_say_so_and_the_others_are_obeyed(running):
    it = running(Camera())
    it.until(lambda: it.camera.shown > 3)
    it.do(Release())
    it.until(lambda: it.loop.facts["released"])
    assert "closed" in it.loop.can["zoom"]
    it.do(Zoom(2.0))
    it.do(LockExposure(True))
    it.do(SetRegion(parse("whole")))
    it.until(lambda: it.loop.facts["region_name"] == "whole")
    assert it.camera.was_set == []


def test_files_are_not_released(reading):
    camera = Camera()
    camera.live = False
    loop = Loop(camera, Settings(), Scorer(reading), Lights())
    loop.commands.put(Release())
    camera.newest = iter([Frame(0, 0.0, LUMA, LUMA, 0.0), None]).__next__
    list(loop)
    assert camera.opened == 1
    assert "files" in loop.can["release"]
