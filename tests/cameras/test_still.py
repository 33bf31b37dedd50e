"""Stills of the Raspberry Pi camera: of the frame at hand, and through another mode of the sensor."""

import types
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.cameras.picamera import PiCamera
from focuscam.cameras.recorded import Recorded
from focuscam.cameras.still import planes, to_jpeg
from focuscam.errors import CameraError, FocuscamError
from focuscam.simulation.camera import Simulated

FULL = (4056, 3040)


def space(encoding, range):
    return types.SimpleNamespace(
        ycbcrEncoding=types.SimpleNamespace(name=encoding), range=types.SimpleNamespace(name=range)
    )


def through(matrix, *yuv):
    return matrix @ np.array([*yuv, 1.0])


class TestOfTheFrameAtHand:
    @pytest.fixture
    def usb(self, camera):
        """A camera that is not on the Pi's own connector: no modes, no raw."""
        camera.modes = []
        camera.size = (1296, 972)
        camera.format = "NV12"
        return camera

    def test_it_is_that_frame_copied(self, usb):
        with PiCamera() as pi:
            usb.paint("main", 77)
            frame = pi.newest()
            still = pi.still(frame, raw=True)
            usb.paint("main", 200)
            assert still.luma.shape == (972, 1296)
            assert (still.luma == 77).all()
            assert still.chroma[0].shape == (486, 648)
            assert still.frame is None
            assert still.dng is None
            assert (still.taken, still.metadata) == (frame.taken, frame.metadata)
            assert still.model == "imx477"
            assert pi.still_delay == 0
            assert usb.configured == 2, "the mode was changed"

    def test_where_the_sensor_has_more_pixels_it_is_taken_when_no_finer_one_is_wanted(self, camera):
        with PiCamera() as pi:
            assert pi.still(pi.newest(), finer=False).luma.shape == (1520, 2028)
            assert camera.still_configuration is None

    def test_padding_is_left_out(self, usb):
        usb.padding = 48
        with PiCamera() as pi:
            usb.paint("main", 77)
            assert (pi.still(pi.newest()).luma == 77).all()


class TestThroughTheFinestMode:
    def test_it_has_all_the_sensors_pixels_and_then_the_frames_go_on(self, camera):
        with PiCamera() as pi:
            first = pi.newest()
            assert pi.still_delay > 0
            still = pi.still(first)
            assert still.luma.shape == FULL[::-1]
            assert still.frame.fine.shape == (1520, 2028)
            assert still.frame.number == first.number
            assert camera.still_configuration["sensor"] == {"output_size": FULL, "bit_depth": 12}
            assert camera.still_configuration["raw"] is None
            assert camera.configuration["main"]["size"] == (2028, 1520)
            assert pi.newest().number == first.number + 1
        assert camera.handed_out == camera.given_back

    def test_sharpening_is_the_cameras_own_for_it_and_off_again_for_the_frames(self, camera):
        camera.control_limits["Sharpness"] = (0.0, 16.0, 1.0)
        with PiCamera(exposure=0.01) as pi:
            pi.still(pi.newest())
            assert camera.still_configuration["controls"] == {"Sharpness": 1.0, "ExposureTime": 10000}
            assert camera.configuration["controls"]["Sharpness"] == 0.0

    def test_what_was_set_before_holds_after_it(self, camera):
        camera.control_limits = camera.control_limits | {"AeEnable": (False, True, True)}
        with PiCamera() as pi:
            frame = pi.newest()
            pi.set({"AeEnable": False})
            camera.controls_set.clear()
            pi.still(frame)
            assert camera.controls_set == {"AeEnable": False}

    def test_raw_is_kept_as_well_where_it_is_wanted(self, camera):
        with PiCamera() as pi:
            still = pi.still(pi.newest(), raw=True)
            assert camera.still_configuration["raw"] == {"size": FULL}
        assert still.dng() == bytes(range(100)), "when the camera has long been closed"

    def test_raw_needs_a_mode_of_its_own_even_where_there_is_no_finer_one(self, camera):
        camera.modes = camera.modes[2:3]
        with PiCamera() as pi:
            assert pi.still(pi.newest()).frame is None
            assert pi.still(pi.newest(), raw=True).dng is not None

    def test_too_little_memory_is_said_once_and_the_frames_are_taken_from_then_on(self, camera):
        camera.most_pixels = 2028 * 1520
        with PiCamera() as pi:
            with pytest.raises(CameraError, match="No still of 4056x3040 can be had: Cannot allocate memory"):
                pi.still(pi.newest())
            assert pi.still(pi.newest()).luma.shape == (1520, 2028)
            assert pi.still_delay == 0

    def test_a_camera_that_falls_silent_for_it_is_not_closed(self, camera, monkeypatch):
        given_up = []
        monkeypatch.setattr("focuscam.cameras.picamera._end_without_closing", given_up.append)
        camera.silent_stills = True
        with PiCamera() as pi:
            frame = pi.newest()
            with pytest.raises(FocuscamError, match="fallen silent"):
                pi.still(frame)
        assert given_up
        assert not camera.closed

    def test_a_thousand_leave_nothing_behind(self, camera, monkeypatch):
        small = [{"size": (64, 48), "bit_depth": 12, "fps": 30.0}]
        camera.modes = [*small, {"size": (128, 96), "bit_depth": 12, "fps": 10.0}]
        monkeypatch.setattr("focuscam.cameras.picamera.chosen", lambda modes, fps: modes[0])
        with PiCamera() as pi:
            for round in range(1000):
                pi.still(pi.newest(), raw=True)
                if round == 10:
                    before = len(list(Path("/proc/self/maps").read_text().splitlines()))
            after = len(list(Path("/proc/self/maps").read_text().splitlines()))
        assert camera.handed_out == camera.given_back
        assert after - before < 20


class TestPlanes:
    @given(
        st.integers(1, 12), st.integers(1, 9), st.integers(0, 3), st.sampled_from(("YUV420", "YVU420", "NV12", "NV21"))
    )
    def test_every_pixel_comes_out_where_it_was_put(self, wide, high, padding, kind):
        width, height, stride = 2 * wide, 2 * high, 2 * wide + 2 * padding
        random = np.random.default_rng(0)
        luma = random.integers(0, 255, (height, width), np.uint8)
        cb, cr = random.integers(0, 255, (2, high, wide), np.uint8)
        first, second = (cb, cr) if kind in ("YUV420", "NV12") else (cr, cb)
        buffer = np.full(stride * height * 3 // 2, 255, np.uint8)
        buffer[: stride * height].reshape(height, stride)[:, :width] = luma
        rest = buffer[stride * height :]
        if kind.startswith("NV"):
            rest.reshape(high, stride)[:, :width] = np.dstack([first, second]).reshape(high, width)
        else:
            rest.reshape(2 * high, stride // 2)[:high, :wide] = first
            rest.reshape(2 * high, stride // 2)[high:, :wide] = second
        got = planes(buffer, {"size": (width, height), "stride": stride, "format": kind})
        assert (got[0] == luma).all()
        assert (got[1][0] == cb).all()
        assert (got[1][1] == cr).all()


class TestColours:
    def test_jpegs_own_colours_are_left_alone(self):
        assert to_jpeg(space("Rec601", "Full")) is None
        assert to_jpeg(None) is None

    @pytest.mark.parametrize("encoding", ["Rec601", "Rec709"])
    def test_black_white_and_grey_of_the_limited_range_become_those_of_the_full_one(self, encoding):
        matrix = to_jpeg(space(encoding, "Limited"))
        assert through(matrix, 16, 128, 128) == pytest.approx([0, 128, 128])
        assert through(matrix, 235, 128, 128) == pytest.approx([255, 128, 128])

    def test_the_red_of_bt_709_is_the_red_of_jpeg(self):
        # (63, 102, 240) is pure red in BT.709, limited range; (76, 85, 255.5) in JFIF.
        got = through(to_jpeg(space("Rec709", "Limited")), 16 + 219 * 0.2126, 128 - 224 * 0.2126 / 1.8556, 128 + 112)
        assert got == pytest.approx([0.299 * 255, 128 - 255 * 0.299 / 1.772, 128 + 127.5], abs=0.01)


def test_files_and_the_simulated_lens_give_the_frame_in_grey(sweep):
    with Recorded(sweep) as files:
        frame = files.newest()
        assert (files.still(frame).luma == frame.fine).all()
        assert files.still(frame).chroma is None
    with Simulated(size=(64, 48), paced=False) as lens:
        frame = lens.newest()
        still = lens.still(frame)
        assert (still.luma == frame.fine).all()
        assert still.luma is not frame.fine
        assert still.metadata["LensPosition"] == frame.metadata["LensPosition"]
