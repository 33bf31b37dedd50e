import gc
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from focuscam.cameras import acquired
from focuscam.cameras.acquired import check
from focuscam.cameras.picamera import PiCamera
from focuscam.errors import CameraBusyError, CameraError, ConfigurationError, FocuscamError


def mapped_buffers():
    gc.collect()
    return Path("/proc/self/maps").read_text().count("memfd:main")


class TestFrames:
    @pytest.mark.parametrize("padding", [0, 20, 64])
    @pytest.mark.parametrize("pixels", ["YUV420", "NV12"])
    def test_both_scales_come_without_their_padding(self, camera, padding, pixels):
        camera.padding, camera.format = padding, pixels
        with PiCamera() as pi:
            camera.paint("main", 50)
            camera.paint("lores", 60)
            frame = pi.newest()
            assert frame.fine.shape == (1520, 2028)
            assert frame.coarse.shape == (480, 640)
            assert frame.fine.dtype == np.uint8
            assert frame.fine.min() == frame.fine.max() == 50
            assert frame.coarse.min() == frame.coarse.max() == 60

    def test_nothing_is_copied(self, camera):
        with PiCamera() as pi:
            frame = pi.newest()
            for value in (10, 200):
                camera.paint("main", value)
                assert frame.fine[0, 0] == value

    def test_the_cameras_memory_cannot_be_written_to(self, camera):
        with PiCamera() as pi, pytest.raises(ValueError, match="read-only"):
            pi.newest().fine[0, 0] = 1

    def test_one_stream_is_averaged_to_the_coarse_scale(self, camera):
        camera.most_streams = 1
        with PiCamera() as pi:
            camera.paint("main", np.tile([0, 200], 1014))
            frame = pi.newest()
            assert frame.coarse.shape == (480, 640)
            assert frame.coarse.mean() == pytest.approx(100, abs=1)

    def test_a_second_stream_as_large_as_the_first_is_not_used(self, camera):
        camera.size = (1296, 972)
        with PiCamera() as pi:
            assert camera.configuration["lores"] is None
            assert pi.newest().coarse.shape == (480, 640)

    def test_a_main_stream_that_is_too_large_is_averaged(self, camera):
        camera.most_streams, camera.size = 1, (4056, 3040)
        with PiCamera() as pi:
            assert pi.newest().fine.shape == (1520, 2028)

    def test_numbers_begin_at_nought_and_time_at_the_first_exposure(self, camera):
        with PiCamera() as pi:
            first, second = pi.newest(), pi.newest()
        assert (first.number, second.number) == (0, 1)
        assert first.time == 0
        assert second.time == pytest.approx(0.033)

    def test_a_frame_was_taken_when_the_sensor_says_and_never_in_the_future(self, camera):
        with PiCamera() as pi:
            for ago in (0.2, -5.0):
                now = time.clock_gettime(time.CLOCK_BOOTTIME)
                camera.metadata["SensorTimestamp"] = round((now - ago) * 1e9) - 33_000_000
                age = time.monotonic() - pi.newest().taken
                assert age == pytest.approx(max(ago, 0), abs=0.05)

    def test_metadata_is_kept_where_there_is_any(self, camera):
        with PiCamera() as pi:
            assert dict(pi.newest().metadata) == {"ExposureTime": 20000.0, "Lux": 120.0}
            del camera.metadata["Lux"]
            assert "Lux" not in pi.newest().metadata

    def test_numbers_and_time_go_on_after_the_camera_was_let_go(self, camera):
        pi = PiCamera()
        with pi:
            frames = [pi.newest(), pi.newest()]
        with pi:
            frames.append(pi.newest())
        assert [frame.number for frame in frames] == [0, 1, 2]
        assert frames[2].time > frames[1].time

    def test_each_request_is_given_back_before_the_next_and_at_the_end(self, camera):
        with PiCamera() as pi:
            for asked in range(1, 6):
                pi.newest()
                assert camera.handed_out - camera.given_back == 1
                assert camera.handed_out == asked
        assert camera.handed_out == camera.given_back
        assert camera.closed

    def test_a_frame_that_is_still_held_keeps_nobody_from_closing(self, camera):
        before = mapped_buffers()
        with PiCamera() as pi:
            kept = pi.newest()
        assert camera.closed
        assert kept.fine[0, 0] == 0
        assert mapped_buffers() == before + 1
        del kept
        assert mapped_buffers() == before


class TestConfiguration:
    def test_the_hq_camera_runs_in_its_own_mode(self, camera):
        with PiCamera() as pi:
            assert camera.configuration["sensor"] == {"output_size": (2028, 1520), "bit_depth": 12}
            assert not camera.configuration["queue"]
            assert pi.description == "imx477 2028x1520"

    def test_the_sensors_own_picture_is_not_asked_for_beside_ours(self, camera):
        with PiCamera():
            assert camera.configuration["raw"] is None
            assert camera.configuration["sensor"] == {"output_size": (2028, 1520), "bit_depth": 12}

    def test_the_isp_neither_sharpens_nor_denoises(self, camera):
        with PiCamera():
            assert camera.configuration["controls"]["Sharpness"] == 0
            assert camera.configuration["controls"]["NoiseReductionMode"] == 0

    def test_all_grey_levels_are_asked_for_as_in_a_photo(self, camera):
        with PiCamera():
            assert camera.asked_space == "sYCC"

    def test_a_camera_without_controls_or_modes_gives_frames_all_the_same(self, camera):
        camera.control_limits, camera.modes, camera.metadata = {}, [], {"SensorTimestamp": 0}
        with PiCamera(exposure=0.1, gain=2) as pi:
            assert camera.configuration["controls"] == {}
            assert pi.newest().number == 0

    @pytest.mark.parametrize("exposure", [0.1, 2.0, 10.0])
    def test_a_long_exposure_slows_the_frames_and_stretches_the_deadline(self, camera, exposure):
        with PiCamera(exposure=exposure, gain=2, fps=30) as pi:
            controls = camera.configuration["controls"]
            assert controls["ExposureTime"] == exposure * 1e6
            assert controls["AnalogueGain"] == 2
            assert controls["FrameDurationLimits"] == (exposure * 1e6, exposure * 1e6)
            assert pi.deadline > 4 * exposure  # the first frame takes longest
            pi.newest()
            assert 2 <= pi.deadline <= max(2, 4 * exposure)

    def test_automatic_exposure_may_slow_the_frames_a_little(self, camera):
        with PiCamera(fps=30):
            assert camera.configuration["controls"]["FrameDurationLimits"] == (33333, 83333)

    @pytest.mark.parametrize(
        ("settings", "flips"),
        [
            ({}, (False, False)),
            ({"rotation": 180}, (True, True)),
            ({"rotation": 180, "hflip": True}, (False, True)),
            ({"vflip": True}, (False, True)),
        ],
    )
    def test_half_a_turn_is_both_flips(self, camera, settings, flips):
        with PiCamera(**settings):
            assert camera.configuration["transform"] == {"hflip": flips[0], "vflip": flips[1]}

    def test_a_quarter_turn_is_refused(self):
        with pytest.raises(ConfigurationError, match="rotation is 90"):
            PiCamera(rotation=90)

    def test_an_exposure_beyond_the_camera_is_refused_with_its_limits(self, camera):
        with pytest.raises(ConfigurationError, match=r"exposure = 700 .* 6e-05 to 694"), PiCamera(exposure=700):
            pass
        assert camera.closed

    @pytest.mark.parametrize(("times", "columns"), [(1, 2028), (2, 1014), (4, 507)])
    def test_a_magnified_frame_has_no_more_pixels_than_the_sensor_gave(self, camera, times, columns):
        full = (0, 0, 4056, 3040)
        camera.control_limits["ScalerCrop"] = ((0, 0, 64, 64), full, full)
        camera.metadata["ScalerCrop"] = (0, 0, 4056 // times, 3040 // times)
        with PiCamera() as pi:
            frame = pi.newest()
            assert frame.fine.shape[1] == columns
            assert frame.coarse.shape[1] == min(640, columns)

    def test_controls_are_set_where_there_are_such(self, camera):
        with PiCamera() as pi:
            assert pi.set({"AnalogueGain": 4.0, "LensPosition": 1.0}) == {"LensPosition"}
            assert camera.controls_set == {"AnalogueGain": 4.0}
            assert "AnalogueGain" in pi.controls()


FULL = (0, 0, 4056, 3040)


def crop(times):
    return (0, 0, round(4056 / times), round(3040 / times))


class TestMagnifier:
    @pytest.fixture
    def magnifying(self, camera):
        camera.control_limits["ScalerCrop"] = ((0, 0, 64, 64), FULL, FULL)
        camera.control_limits["AeEnable"] = (False, True, True)
        return camera

    def test_where_the_usual_mode_has_no_more_pixels_the_finest_is_read_and_back_again(self, magnifying):
        with PiCamera() as pi:
            numbers = [pi.newest().number]
            for times, size in (
                (2, (2028, 1520)),
                (3.1, (2028, 1520)),
                (4, FULL[2:]),
                (8, FULL[2:]),
                (1, (2028, 1520)),
            ):
                assert pi.set({"ScalerCrop": crop(times)}) == set()
                assert magnifying.configuration["sensor"]["output_size"] == size
                assert magnifying.configuration["main"]["size"] == (2028, 1520)
                numbers.append(pi.newest().number)
            assert numbers == sorted(set(numbers)), "the numbers begin anew"
            assert magnifying.configured == 3
        assert magnifying.handed_out == magnifying.given_back

    def test_the_finest_mode_has_twice_the_pixels_and_still_none_is_enlarged(self, magnifying):
        with PiCamera() as pi:
            pi.set({"ScalerCrop": crop(4)})
            magnifying.metadata["ScalerCrop"] = crop(4)
            assert pi.newest().fine.shape[1] == 1014

    def test_what_was_set_before_holds_in_the_other_mode(self, magnifying):
        with PiCamera() as pi:
            pi.newest()
            pi.set({"AeEnable": False})
            magnifying.controls_set.clear()
            pi.set({"ScalerCrop": crop(4)})
            assert magnifying.controls_set == {"AeEnable": False, "ScalerCrop": crop(4)}

    def test_a_mode_that_can_not_be_had_is_said_and_the_one_before_goes_on(self, magnifying):
        magnifying.most_pixels = 2028 * 1520
        with PiCamera() as pi:
            with pytest.raises(CameraError, match="can't be read at 4056x3040: Cannot allocate memory"):
                pi.set({"ScalerCrop": crop(4)})
            assert magnifying.configuration["sensor"]["output_size"] == (2028, 1520)
            assert magnifying.controls_set["ScalerCrop"] == crop(4)
            assert pi.newest().number == 0

    def test_a_sensor_without_a_finer_mode_says_how_far_it_shows_more(self, magnifying):
        magnifying.modes = magnifying.modes[:3]
        with PiCamera() as pi, pytest.raises(CameraError, match=r"no finer mode: beyond 3\.2 times"):
            pi.set({"ScalerCrop": crop(4)})


class TestFailures:
    def test_silence_ends_it_with_status_1_and_leaves_the_camera_to_the_kernel(self, camera, monkeypatch):
        given_up = []
        monkeypatch.setattr("focuscam.cameras.picamera._end_without_closing", given_up.append)
        with PiCamera() as pi:
            pi.newest()
            camera.silent = True
            with pytest.raises(FocuscamError, match=r"fallen silent: no frame for 2 s") as caught:
                pi.newest()
        assert caught.value.status == 1
        assert camera.cancelled == 1
        assert given_up
        assert not camera.closed

    def test_a_process_with_a_silent_camera_ends_without_closing_it(self):
        program = """if True:
            import types
            from focuscam.cameras.picamera import _end_without_closing
            def close():
                import time; time.sleep(60)
            _end_without_closing(types.SimpleNamespace(close=close))
            print("last words")
        """
        ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
        assert (ended.returncode, ended.stdout) == (1, "last words\n")

    def test_without_picamera2_the_simulated_lens_is_named(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "picamera2", None)
        with pytest.raises(CameraError, match=r"python3-picamera2.*--source sim") as caught, PiCamera():
            pass
        assert caught.value.status == 69
        with pytest.raises(CameraError, match="--source sim"):
            check()

    def test_without_a_camera_the_simulated_lens_is_named(self, camera):
        camera.cameras = 0
        with pytest.raises(CameraError, match=r"No camera was found.*--source sim"), PiCamera():
            pass
        with pytest.raises(CameraError, match="No camera was found"):
            check()

    def test_a_camera_that_is_not_there_among_others_is_counted(self, camera):
        with pytest.raises(CameraError, match="no camera 3: the first is 0, the last 0"), PiCamera(index=3):
            pass
        check()
        with pytest.raises(CameraError):
            check(3)

    def test_a_busy_camera_says_who_holds_it(self, camera, monkeypatch):
        camera.opening = RuntimeError("Failed to acquire camera: Device or resource busy")
        with pytest.raises(CameraError, match="busy: another program holds it"), PiCamera():
            pass
        monkeypatch.setattr(acquired, "holders", lambda devices: ["rpicam-still (pid 12)"])
        with pytest.raises(CameraBusyError, match=r"busy: rpicam-still \(pid 12\) holds it") as caught, PiCamera():
            pass
        assert caught.value.status == 69

    def test_trying_a_busy_camera_again_and_again_leaves_no_file_open(self, camera):
        camera.opening = RuntimeError("Failed to acquire camera: Device or resource busy")
        before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(20):
            with pytest.raises(CameraBusyError), PiCamera():
                pass
        assert len(list(Path("/proc/self/fd").iterdir())) == before

    @pytest.mark.parametrize("opening", [RuntimeError("could not open any dmaHeap device"), None])
    def test_a_forbidden_camera_names_the_group_and_the_command(self, camera, monkeypatch, opening):
        camera.opening = opening
        camera.cameras = 1 if opening else 0
        monkeypatch.setattr(acquired, "forbidden", lambda devices: "type `sudo usermod -aG video ada`")
        with pytest.raises(CameraError, match="forbidden: type `sudo usermod -aG video ada`"), PiCamera():
            pass

    def test_a_picamera2_that_is_too_old_is_refused(self, camera, monkeypatch):
        monkeypatch.delattr(camera.kind.__base__, "cancel_all_and_flush")
        monkeypatch.setattr("importlib.metadata.version", lambda name: "0.3.8")
        with pytest.raises(CameraError, match=r"picamera2 0\.3\.8 is too old"), PiCamera():
            pass

    def test_a_format_without_a_luma_plane_is_refused_and_the_camera_closed(self, camera):
        camera.format = "YUYV"
        with pytest.raises(CameraError, match="gives YUYV"), PiCamera():
            pass
        assert camera.closed

    def test_a_camera_that_does_not_start_is_closed(self, camera, monkeypatch):
        def start(self):
            raise RuntimeError("Failed to start camera: No such device.")

        monkeypatch.setattr(camera.kind, "start", start)
        with pytest.raises(CameraError, match=r"does not start: .*No such device; try again"), PiCamera():
            pass
        assert camera.closed

    def test_too_little_contiguous_memory_names_the_setting_and_the_command_that_finds_who_has_it(
        self, camera, monkeypatch
    ):
        def start(self):
            raise RuntimeError("Failed to start camera: Cannot allocate memory.")

        monkeypatch.setattr(camera.kind, "start", start)
        with pytest.raises(CameraError, match=r"too little contiguous memory.*bufinfo.*cma-256") as raised, PiCamera():
            pass
        assert "try again after a reboot" not in str(raised.value)
        assert camera.closed

    @pytest.mark.parametrize(("most", "width"), [(1800, 1520), (1100, 1014), (700, 640)])
    def test_with_too_little_contiguous_memory_it_goes_on_with_a_smaller_stream_and_says_so(
        self, camera, monkeypatch, caplog, most, width
    ):
        configure = camera.kind.configure

        def short(self, configuration):
            if configuration["main"]["size"][0] > most:
                raise OSError(12, "Cannot allocate memory")
            configure(self, configuration)

        monkeypatch.setattr(camera.kind, "configure", short)
        with PiCamera() as pi:
            frame = pi.newest()
            assert frame.fine.shape[1] == width
            assert camera.configuration["lores"]["size"][0] == 640, "one stream where two would do"
            assert pi.description.startswith(f"imx477 {width}x")
        assert "cma-256" in caplog.text
        assert caplog.text.count("smaller than they could be") == 1

    @pytest.mark.parametrize(("read", "starts"), [(3, True), (0, False)])
    def test_where_the_list_of_modes_takes_too_much_memory_those_that_were_read_will_do(
        self, camera, monkeypatch, caplog, read, starts
    ):
        listed = []

        def modes(self):
            if listed:
                return listed
            listed.extend(camera.modes[:read])  # picamera2 keeps what it has read, and never reads on
            raise OSError(12, "Cannot allocate memory")

        monkeypatch.setattr(camera.kind, "sensor_modes", property(modes, lambda self, _: None), raising=False)
        if not starts:
            with pytest.raises(CameraError, match="too little contiguous memory"), PiCamera():
                pass
            return
        with PiCamera() as pi:
            assert pi.newest().fine.shape == (1520, 2028)
            assert pi.still_delay == 0, "a finer still was promised"
        assert "finest mode can't be had" in caplog.text
