import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.commands import Forget, Keep, LockExposure, Reload, SetRegion, Zoom
from focuscam.config import Settings
from focuscam.daemon import magnifier
from focuscam.daemon.loop import Loop
from focuscam.indicators import Indicators
from focuscam.messages import Frame
from focuscam.region import WHOLE, parse

SIDES = st.floats(0.05, 0.5)


@st.composite
def boxes(draw):
    width, height = draw(SIDES), draw(SIDES)
    return draw(st.floats(0, 1 - width)), draw(st.floats(0, 1 - height)), width, height


@given(st.floats(1, 16), boxes(), boxes())
def test_what_is_shown_lies_inside_the_field_of_view_and_the_region_inside_what_is_shown(times, box, seen):
    now = magnifier.part(times, box, seen)
    region = magnifier.moved(box, seen, now)
    for x, y, width, height in (now, region):
        assert -1e-9 <= x <= 1 - width + 1e-9
        assert -1e-9 <= y <= 1 - height + 1e-9
    assert now[2] == pytest.approx(1 / times)


def test_the_region_stays_on_its_subject_and_comes_back():
    box = (0.5, 0.4, 0.2, 0.2)
    closer = magnifier.part(2, box, WHOLE)
    assert closer == pytest.approx((0.35, 0.25, 0.5, 0.5))
    there = magnifier.moved(box, WHOLE, closer)
    assert there == pytest.approx((0.4, 0.4, 0.2, 0.2))
    assert magnifier.moved(there, closer, magnifier.part(1, there, closer)) == pytest.approx(box)


def test_a_part_is_told_to_libcamera_in_native_pixels():
    controls = {"ScalerCrop": ((0, 0, 64, 64), (0, 0, 4056, 3040), (0, 0, 4056, 3040))}
    assert magnifier.scaler_crop(controls, (0.25, 0.25, 0.5, 0.5)) == (1014, 760, 2028, 1520)
    assert magnifier.scaler_crop({}, WHOLE) is None


class Camera:
    """One that can be adjusted, and gives a few frames."""

    live = False
    description = "imx477"

    def __init__(self, controls, commands):
        self._controls = controls
        self._commands = commands
        self.was_set = []
        self.seen = []

    deadline = 2.0
    frame_s = 1 / 30

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def controls(self):
        return self._controls

    def set(self, controls):
        self.was_set.append(controls)
        return set()

    def newest(self):
        if not self._commands:
            return None
        self.loop.commands.put(self._commands.pop(0))
        luma = np.zeros((48, 64), np.uint8)
        return Frame(len(self.was_set), 0.0, luma, luma, taken=0.0)


class Scorer:
    model = type("Model", (), {"threshold": 0.5, "sha256": "0" * 64})()

    def __init__(self, reading):
        self.region = parse("0.5,0.4,0.2,0.2")
        self.score = lambda frame: reading(frame.number)


def told(reading, controls, *commands, reread=Settings):
    """What the camera was set to, and what was announced, after these commands."""
    camera = Camera(controls, [*commands, Forget()])
    scorer = Scorer(reading)
    loop = camera.loop = Loop(camera, Settings(), scorer, Indicators(None, None), reread=reread)
    return camera, loop, [sentence for event in loop for sentence in event.said]


FULL = (0, 0, 4056, 3040)
ABLE = {"AeEnable": (False, True, True), "ScalerCrop": ((0, 0, 64, 64), FULL, FULL)}


def test_the_cameras_zoom_is_announced_and_moves_the_region_along(reading):
    camera, loop, announced = told(reading, ABLE, Zoom(2.0))
    assert camera.was_set == [{"ScalerCrop": (1420, 760, 2028, 1520)}]
    assert "2 times" in announced[0]
    assert "forgotten" in announced[0]
    assert loop.facts["zoom"] == 2.0
    assert loop.facts["region_name"] == "0.4,0.4,0.2,0.2"


def test_the_exposure_is_locked_and_let_go(reading):
    camera, loop, _ = told(reading, ABLE, LockExposure(True), LockExposure(False))
    assert camera.was_set == [{"AeEnable": False}, {"AeEnable": True}]
    assert loop.facts["locked"] is False


def test_a_camera_that_can_not_is_left_alone_and_says_so(reading):
    camera, loop, _ = told(reading, {}, LockExposure(True), Zoom(2.0))
    assert camera.was_set == []
    assert "no exposure" in loop.can["lock"]
    assert "no crop" in loop.can["zoom"]


@pytest.mark.parametrize("name", ["0.5,0.4,0.2,0.2", "spot", "whole", "best"])
@pytest.mark.parametrize("times", [2.0, 4.0])
def test_what_is_kept_while_it_is_magnified_is_where_it_will_be_when_it_is_not(
    reading, tmp_path, monkeypatch, name, times
):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    commands = SetRegion(parse(name)), Zoom(times), Keep(), Zoom(1.0)
    _, loop, announced = told(reading, ABLE, *commands)
    assert any(sentence.startswith("Kept in ") for sentence in announced)
    kept = Settings().with_changes("", **tomllib.loads((tmp_path / "settings.toml").read_text())).focus.region
    assert kept.box == pytest.approx(parse(loop.facts["region_name"]).box, abs=3e-4)
    assert kept.name == name or name == "spot"


def test_what_is_kept_of_a_region_that_was_chosen_while_it_was_magnified_is_its_place_in_the_scene(
    reading, tmp_path, monkeypatch
):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    told(reading, ABLE, Zoom(4.0), SetRegion(parse("0,0,0.25,0.25")), Keep())
    # Four times around (0.6, 0.5): from (0.475, 0.375) on; its corner there has its middle an eighth of a quarter on.
    kept = parse(tomllib.loads((tmp_path / "settings.toml").read_text())["focus"]["region"])
    assert kept.box == pytest.approx((0.38125, 0.28125, 0.25, 0.25), abs=1e-4)


def test_settings_that_are_read_again_mean_the_scene_not_what_is_magnified_of_it(reading):
    def reread():
        return Settings().with_changes("file", focus={"region": "0.6,0.4,0.1,0.1"})

    _, loop, _ = told(reading, ABLE, Zoom(2.0), Reload(), reread=reread)
    # Twice around (0.6, 0.5): from (0.35, 0.25) on, so that (0.65, 0.45) is at (0.6, 0.4).
    assert parse(loop.facts["region_name"]).box == pytest.approx((0.55, 0.35, 0.1, 0.1), abs=1e-4)
