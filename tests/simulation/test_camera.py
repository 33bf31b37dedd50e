"""The simulated camera: the seed decides everything, and what comes out behaves as a lens does."""

import time

import cv2
import numpy as np
import pytest

from focuscam.simulation.camera import Simulated

SMALL = (640, 480)
BEST = Simulated(size=(64, 48)).best  # the same at every size


def contrast(frame):
    height, width = frame.fine.shape
    spot = frame.fine[height * 3 // 8 : height * 5 // 8, width * 3 // 8 : width * 5 // 8]
    return float(cv2.Laplacian(cv2.GaussianBlur(spot.astype(np.float32), (0, 0), 1), cv2.CV_32F).std())


def still(ring, **rest):
    return Simulated(size=SMALL, hand=lambda _: ring, paced=False, **rest)


@pytest.fixture(scope="module")
def sweeping():
    return Simulated(size=SMALL, hand="sweep", paced=False)


def test_a_run_repeats_exactly():
    one, same, other = (Simulated(seed, size=SMALL, shake=3.0, paced=False) for seed in (4, 4, 5))
    with one, same, other:
        for _ in range(4):
            a, b, c = one.newest(), same.newest(), other.newest()
            assert np.array_equal(a.fine, b.fine)
            assert a.metadata == b.metadata
            assert not np.array_equal(a.fine, c.fine)


def test_a_frame_does_not_depend_on_those_before_it(sweeping):
    after_others = [sweeping.frame(n) for n in (90, 10, 130)][-1]
    alone = Simulated(size=SMALL, hand="sweep", paced=False).frame(130)
    assert np.array_equal(after_others.fine, alone.fine)
    assert np.array_equal(after_others.coarse, alone.coarse)


def test_contrast_climbs_to_the_smallest_blur_and_falls_beyond_it(sweeping):
    numbers = range(40, 261, 3)
    curve = np.array([contrast(sweeping.frame(n)) for n in numbers])
    blur = np.array([sweeping.blur_at(n) for n in numbers])
    assert abs(int(curve.argmax()) - int(blur.argmin())) <= 1
    top, noise = int(blur.argmin()), 0.02 * curve.max()
    assert (np.diff(curve[: top - 1]) > -noise).all()
    assert (np.diff(curve[top + 1 :]) < noise).all()
    assert curve[blur > 8].max() < 0.2 * curve.max()


def test_the_truth_about_the_blur_follows_the_ring():
    def blur(ring, width):
        return Simulated(size=(width, width * 3 // 4), hand=lambda _: ring).blur_at(0)

    assert blur(BEST, 64) == pytest.approx(0, abs=1e-9)
    assert 0 < blur(BEST + 0.02, 64) < blur(BEST + 0.3, 64)
    # In px of the fine luma: half the pixels across, half the blur across.
    assert blur(0.0, 128) == pytest.approx(2 * blur(0.0, 64))


def test_the_wall_is_sharp_where_the_board_is_not():
    corner = (slice(0, 60), slice(0, 80))

    def detail(ring):
        return float(cv2.Laplacian(still(ring).frame(60).fine[corner].astype(np.float32), cv2.CV_32F).std())

    assert detail(BEST - 0.3) > 3 * detail(BEST)


def test_frames_come_at_the_two_scales():
    camera = Simulated(size=(1280, 960), hand=lambda _: 0.0, paced=False)
    frame = camera.frame(0)
    assert frame.fine.shape == (960, 1280)
    assert frame.coarse.shape == (480, 640)
    assert frame.fine.dtype == frame.coarse.dtype == np.uint8


def test_metadata_speaks_as_libcamera_does():
    camera = still(0.5)
    said = camera.frame(60).metadata
    assert set(said) == {"ExposureTime", "AnalogueGain", "LensPosition"}
    assert 5_000 < said["ExposureTime"] < 20_000  # us
    assert said["AnalogueGain"] == 1
    assert said["LensPosition"] == pytest.approx(camera.lens.dioptres(0.5))


def test_automatic_exposure_holds_the_brightness_until_there_is_too_little_light():
    bright, dim, dark = (still(0.0, light=light).frame(60) for light in (1.0, 0.1, 0.0005))
    assert dim.fine.mean() == pytest.approx(bright.fine.mean(), abs=5)
    assert dim.metadata["AnalogueGain"] > 2
    assert dark.fine.mean() < 0.5 * bright.fine.mean()
    assert still(0.0, light=0.0).frame(60).fine.mean() < 10


def test_less_light_is_noisier():
    camera, darker = still(BEST), still(BEST, light=0.05)

    def noise(one):
        return (one.frame(80).fine.astype(int) - one.frame(81).fine).std()

    assert noise(darker) > 1.8 * noise(camera)


def test_shaking_hands_move_and_smear_a_sharp_picture():
    calm, shaken = still(BEST, light=0.2), still(BEST, light=0.2, shake=15.0)
    calm_frames, shaken_frames = ([camera.frame(n) for n in range(60, 90)] for camera in (calm, shaken))
    assert np.mean([contrast(f) for f in shaken_frames]) < 0.8 * np.mean([contrast(f) for f in calm_frames])
    step = cv2.phaseCorrelate(*(np.float32(shaken_frames[n].fine) for n in (0, 6)))[0]
    assert np.hypot(*step) > 2
    # Now and then a hand is calm: then the picture is as sharp as it can be.
    assert max(contrast(f) for f in shaken_frames) > 1.2 * min(contrast(f) for f in shaken_frames)


def test_without_pace_no_frame_is_passed_over():
    with Simulated(size=(64, 48), fps=10, paced=False) as camera:
        frames = [camera.newest() for _ in range(20)]
    assert [frame.number for frame in frames] == list(range(20))
    assert frames[-1].time == pytest.approx(1.9)
    assert not camera.live


def test_with_pace_frames_come_by_the_clock_and_old_ones_are_passed_over():
    with Simulated(size=(64, 48), fps=50) as camera:
        begun = time.monotonic()
        first = camera.newest()
        time.sleep(0.2)
        late = camera.newest()
        following = camera.newest()
        ended = time.monotonic()
    assert camera.live
    assert first.number < late.number < following.number
    assert late.number >= 9
    assert ended - begun > following.time - 0.1
    for frame in (first, late, following):
        assert frame.taken <= ended
    assert following.taken - first.taken == pytest.approx(following.time - first.time)


def test_it_can_be_started_again():
    camera = Simulated(size=(64, 48), paced=False)
    for _ in range(2):
        with camera:
            assert camera.newest().number == 0


def test_a_locked_exposure_holds_while_the_light_drifts_and_follows_it_again():
    with Simulated(size=(64, 48), paced=False) as camera:
        for _ in range(60):
            last = camera.newest()
        assert camera.set({"AeEnable": False, "AfMode": 1}) == {"AfMode"}
        locked = [camera.newest().metadata["ExposureTime"] for _ in range(90)]
        assert set(locked) == {last.metadata["ExposureTime"]}
        camera.set({"AeEnable": True})
        assert camera.newest().metadata["ExposureTime"] != locked[0]


def test_a_crop_shows_that_part_and_enlarges_nothing():
    with Simulated(size=(64, 48), paced=False) as camera:
        whole = camera.frame(7)
        camera.set({"ScalerCrop": (16, 12, 32, 24)})
        part = camera.frame(7)
    assert np.array_equal(part.fine, whole.fine[12:36, 16:48])


def test_a_motor_takes_the_ring_out_of_the_hand_and_puts_it_where_it_is_told():
    camera = Simulated(size=(320, 240), paced=False)
    least, most, _ = camera.controls()["LensPosition"]
    for wanted in (least, most, camera.lens.dioptres(camera.best)):
        assert camera.set({"LensPosition": wanted}) == set()
        assert camera.frame(5).metadata["LensPosition"] == pytest.approx(wanted)
    assert camera.blur_at(5) == pytest.approx(0, abs=1e-6)
