import time

import numpy as np
import pytest

from focuscam.lens.camera_lens import LATEST_FRAMES, SETTLE_S, STEPS, CameraLens
from focuscam.messages import Frame

CONTROLS = {"LensPosition": (0.0, 16.0, 1.0), "AfMode": (0, 2, 0)}
LUMA = np.zeros((4, 4), np.uint8)


class Camera:
    """Obeys a few frames late, and says in each frame where its lens is."""

    def __init__(self, late=3, obeys=True, tells=True):
        self.was_set = []
        self._late, self._obeys, self._tells = late, obeys, tells
        self._places = [1.0] * late

    def put(self, controls):
        self.was_set.append(dict(controls))
        return set()

    def frame(self, taken=None):
        wanted = self.was_set[-1]["LensPosition"] if self.was_set and self._obeys else 1.0
        self._places.append(wanted)
        told = {"LensPosition": self._places[-1 - self._late]} if self._tells else {}
        return Frame(0, 0.0, LUMA, LUMA, time.monotonic() if taken is None else taken, metadata=told)


def test_it_is_sent_in_dioptres_by_hand():
    camera = Camera()
    lens = CameraLens(CONTROLS, camera.put)
    lens.move(STEPS // 2)
    assert camera.was_set == [{"LensPosition": 8.0, "AfMode": 0}]
    lens.move(10 * STEPS)
    assert camera.was_set[-1]["LensPosition"] == 16.0
    assert lens.position == STEPS


def test_a_camera_without_a_mode_is_not_set_one():
    camera = Camera()
    CameraLens({"LensPosition": (0.0, 10.0, 0.0)}, camera.put).move(0)
    assert camera.was_set == [{"LensPosition": 0.0}]


def test_before_it_is_sent_anywhere_the_frames_tell_where_it_is():
    lens = CameraLens(CONTROLS, Camera().put)
    assert lens.position == 16
    assert not lens.busy
    lens.see(Frame(0, 0.0, LUMA, LUMA, 0.0, metadata={"LensPosition": 4.0}))
    assert lens.position == 64


def test_it_is_busy_until_a_frame_says_that_it_is_there_and_then_swings(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    camera = Camera()
    lens = CameraLens(CONTROLS, camera.put)
    lens.move(100)
    for _ in range(3):
        clock[0] += 0.03
        assert lens.see(camera.frame()) is None
        assert lens.busy
    clock[0] += 0.03
    lens.see(camera.frame())
    assert lens.busy
    clock[0] += SETTLE_S
    assert not lens.busy


def test_where_frames_do_not_tell_a_while_is_waited_for(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    camera = Camera(tells=False)
    lens = CameraLens(CONTROLS, camera.put)
    lens.move(100)
    while lens.busy:
        clock[0] += 0.03
        lens.see(camera.frame())
    assert 0.3 <= clock[0] - 100 <= 0.6


def test_a_lens_that_does_not_obey_is_told(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    camera = Camera(obeys=False)
    lens = CameraLens(CONTROLS, camera.put)
    lens.move(200)
    said = []
    for _ in range(5 * LATEST_FRAMES):
        clock[0] += 0.05
        said.append(lens.see(camera.frame()))
    told = next(each for each in said if each)
    assert told == "The lens does not obey: it was sent to 12.50 dioptres and says that it is at 1.00."


@pytest.mark.parametrize("limits", [(0.0, 16.0, 1.0), (0, 32, 0), (0.5, 10.25, 5.0)])
def test_every_position_comes_back_as_itself(limits):
    camera = Camera(late=0)
    lens = CameraLens({"LensPosition": limits}, camera.put)
    for place in range(STEPS + 1):
        lens.move(place)
        told = Frame(0, 0.0, LUMA, LUMA, 1.0, metadata={"LensPosition": float(np.float32(lens_place(camera)))})
        lens.see(told)
        assert not lens.busy


def lens_place(camera):
    return camera.was_set[-1]["LensPosition"]
