"""Stills that are taken: what is saved, what is said, and that nobody waits."""

import json
import threading
import time

import numpy as np
import pytest
from PIL import ExifTags, Image

from focuscam.capture import Capture, Store, Trap
from focuscam.capture import store as room
from focuscam.errors import CameraError, FocuscamError
from focuscam.messages import Frame, Hint, Light, Phase, Status, Still

LUMA = np.zeros((48, 64), np.uint8)


class Camera:
    still_delay = 0.0

    def __init__(self):
        self.asked = []
        self.later = False
        self.failing = None

    def still(self, frame, finer=True, raw=False):
        self.asked.append((finer, raw))
        if self.failing:
            raise self.failing
        exposed = Frame(frame.number, frame.time, LUMA, LUMA, 0.0) if self.later and finer else None
        return Still(np.full((48, 64), frame.number % 256, np.uint8), frame=exposed, taken=time.monotonic())


class Bench:
    def __init__(self, folder, reading, trap=None, most=1000, **rest):
        self.camera = Camera()
        self.folder = folder
        self.told = []
        self.capture = Capture(Store(folder, most, 10**12, ours=False), trap, tell=self.told.append, **rest)
        self.number = 0
        self._reading = reading

    def see(self, lit=True, score=0.9, judge=None, contrast=1.0):
        frame = Frame(self.number, self.number / 30, LUMA, LUMA, taken=time.monotonic())
        reading = self._reading(self.number, score, contrast=contrast)
        self.number += 1
        light, resting = Light.ON if lit else Light.OFF, {"phase": Phase.SHARP, "rested_s": reading.time}
        status = Status(reading, light, 0.5, 1.0, 0.9, Hint.BEST, **resting)
        return self.capture.look(frame, status, self.camera, judge)

    def until(self, true):
        end = time.monotonic() + 10
        while not true():
            assert time.monotonic() < end, f"it did not happen; told: {self.told}"
            time.sleep(0.005)

    @property
    def saved(self):
        return sorted(self.folder.glob("focuscam-*.jpg"))


@pytest.fixture
def bench(tmp_path, reading, monkeypatch):
    monkeypatch.setattr(room, "SPARE_BYTES", 0)
    made = []

    def make(**how):
        made.append(Bench(tmp_path, reading, **how))
        made[-1].capture.__enter__()
        return made[-1]

    yield make
    for each in made:
        each.capture.__exit__(None, None, None)


def comment(file):
    with Image.open(file) as image:
        return json.loads(image.getexif().get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment][8:])


def test_one_that_is_asked_for_is_taken_of_the_next_frame(bench):
    it = bench()
    it.see()
    it.capture.want()
    it.see(lit=False, score=0.2)
    it.until(lambda: it.capture.facts["asked"] == 1)
    [file] = it.saved
    assert it.capture.facts == {"asked": 1, "file": str(file), "why": None, "saved": 1, "folder": str(file.parent)}
    assert comment(file)["score"] == 0.2
    assert (comment(file)["frame"], comment(file)["by"]) == (1, "command")
    assert it.told == [f"Saved {file} (64x48)."]


def test_the_trap_takes_one_as_the_picture_comes_into_focus(bench):
    it = bench(trap=Trap("light", 1.0))
    for lit in [False] * 5 + [True] * 20:
        it.see(lit, 0.9 if lit else 0.1)
    it.until(lambda: it.saved)
    assert [comment(file)["frame"] for file in it.saved] == [5]


def test_the_sharpest_is_the_one_that_is_saved_in_the_pixels_that_it_had(bench):
    it = bench(trap=Trap("sharpest", 1.0))
    for step in [*range(10), *range(10, 0, -1)]:
        it.see(lit=step > 8, contrast=1 + step / 30)
    it.until(lambda: it.saved)
    [file] = it.saved
    assert comment(file)["frame"] == 10
    assert abs(int(np.asarray(Image.open(file)).mean()) - 10) <= 1
    assert set(it.camera.asked) == {(False, False)}, "the mode was changed for a frame that had passed"


def test_a_later_exposure_that_is_soft_is_not_saved_by_the_trap_and_tried_again(bench, reading):
    it = bench(trap=Trap("light", 0.5))
    it.camera.later = True
    looks = [it.see(judge=lambda frame: reading(frame.number, 0.3)) for _ in range(5)]
    assert looks.count(True) == 1
    assert it.capture.facts["saved"] == 0
    for _ in range(30):
        it.see(judge=lambda frame: reading(frame.number, 0.88))
    it.until(lambda: it.saved)
    assert comment(it.saved[0])["score"] == 0.88
    assert len(it.camera.asked) == 2


def test_a_later_exposure_that_is_soft_is_saved_for_who_asked(bench, reading):
    it = bench()
    it.camera.later = True
    it.capture.want()
    assert it.see(judge=lambda frame: reading(frame.number, 0.3))
    it.until(lambda: it.saved)
    assert comment(it.saved[0])["score"] == 0.3


def test_a_fault_is_said_once_and_again_when_it_changes_and_then_it_goes_on(bench):
    it = bench(trap=Trap("light", 0.0), most=3)
    there = it.folder

    def light_comes_on():
        done = len(it.told) + it.capture.facts["saved"]
        asked = len(it.camera.asked)
        it.see(lit=False)
        for _ in range(4):
            it.see()
        it.until(lambda: len(it.camera.asked) > asked)
        time.sleep(0.05)
        return done

    away = there.with_name("away")
    there.rename(away)
    for _ in range(3):
        light_comes_on()
    assert len(it.told) == 1
    assert "no such folder" in it.told[0]
    away.rename(there)
    for _ in range(6):
        light_comes_on()
    it.until(lambda: len(it.told) == 5)
    assert [sentence.split()[0] for sentence in it.told] == ["No", "Saved", "Saved", "Saved", "No"]
    assert "most = 3" in it.told[-1]
    assert len(it.saved) == 3


def test_who_asks_is_told_each_time(bench):
    it = bench(most=1)
    for asked in range(1, 4):
        it.capture.want()
        it.see()
        it.until(lambda asked=asked: it.capture.facts["asked"] == asked)
    assert "most = 1" in it.capture.facts["why"]
    assert len(it.told) == 3


def test_a_camera_that_can_not_is_said_and_one_that_fell_silent_ends_it(bench):
    it = bench()
    it.camera.failing = CameraError("No still of 4056x3040 can be had: Cannot allocate memory.")
    it.capture.want()
    it.see()
    assert it.capture.facts["why"] == it.told[0] == str(it.camera.failing)
    it.camera.failing = FocuscamError("The camera has fallen silent.")
    it.capture.want()
    with pytest.raises(FocuscamError, match="silent"):
        it.see()


def test_nobody_waits_for_a_slow_disk_and_what_does_not_fit_is_left_out(bench, monkeypatch):
    it = bench()
    go_on = threading.Event()
    really = Store.save
    monkeypatch.setattr(Store, "save", lambda store, contents: go_on.wait(10) and really(store, contents))
    began = time.monotonic()
    for _ in range(8):
        it.capture.want()
        it.see()
    assert time.monotonic() - began < 5
    assert "slower" in it.told[0]
    go_on.set()
    it.until(lambda: it.capture.facts["asked"] == 8)
    assert 2 <= len(it.saved) <= 4


def test_what_is_being_written_at_the_end_is_finished(bench):
    it = bench()
    it.capture.want()
    it.see()
    it.capture.__exit__(None, None, None)
    assert len(it.saved) == 1


def test_raw_is_saved_beside_it(bench):
    it = bench(raw=True)
    it.camera.still = lambda frame, finer, raw: Still(LUMA, dng=(lambda: b"raw") if raw else None)
    it.capture.want()
    it.see()
    it.until(lambda: it.told)
    assert it.saved[0].with_suffix(".dng").read_bytes() == b"raw"
    assert "and its .dng" in it.told[0]
