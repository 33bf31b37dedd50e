import itertools

import cv2
import numpy as np
import pytest

from focuscam.focus import lights
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.messages import Frame
from focuscam.region import parse

SHAPE = (600, 800)


def spot(blur, hole=0.0, sharp=0.9):
    """What a lens makes of a point: a disc of this radius, px, with a hole for a mirror's; its sum is 1."""
    at = np.arange(-60, 61, dtype=np.float32)
    from_middle = np.hypot(*np.meshgrid(at, at))
    disc = np.clip(blur + 0.5 - from_middle, 0, 1) * np.clip(from_middle - hole * blur + 0.5, 0, 1)
    disc = cv2.GaussianBlur(disc if blur else np.float32(from_middle == 0), (0, 0), sharp)
    return disc / disc.sum()


def sky(blur, peak=600.0, hole=0.0, count=12, ground=12, noise=2.0, seed=0, shape=SHAPE):
    """Points of light, cut off at white: peak is what the brightest pixel of one in focus would have, grey levels."""
    rng = np.random.default_rng(seed)
    points = np.zeros(shape, np.float32)
    # Far enough apart to stay alone, or with that many, nearly so.
    for place in rng.permutation(24)[:count]:
        points[75 + place // 6 * 145 + rng.integers(20), 75 + place % 6 * 125 + rng.integers(20)] = rng.uniform(0.3, 1)
    light = ground + cv2.filter2D(points, -1, spot(blur, hole)) * np.float32(peak / spot(0).max())
    return np.clip(np.rint(light + rng.normal(0, noise, shape)), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def model():
    return FocusModel()


def read(model, luma, region="whole"):
    coarse = cv2.resize(luma, (640, round(640 * luma.shape[0] / luma.shape[1])), interpolation=cv2.INTER_AREA)
    return Scorer(model, parse(region)).score(Frame(0, 0.0, luma, coarse, 0.0))


SKIES = {
    "stars": {"peak": 600.0},
    "faint stars": {"peak": 150.0, "noise": 1.5},
    "very bright stars": {"peak": 30000.0},
    "a mirror telescope's rings": {"peak": 4000.0, "hole": 0.4},
    "a few lamps": {"peak": 20000.0, "count": 4},
}


@pytest.mark.parametrize("kind", SKIES)
def test_lights_are_in_focus_as_points_and_never_as_discs(model, kind):
    assert read(model, sky(0, **SKIES[kind])).score > model.threshold
    for blur in (6, 12, 24, 40):
        score = read(model, sky(blur, **SKIES[kind])).score
        assert score is None or score < model.threshold, f"{blur} px out of focus"


@pytest.mark.parametrize("peak", [3000.0, 100000.0])
def test_six_pixels_are_too_many_in_the_large_frames_of_a_camera_as_well(model, peak):
    shape = (1520, 2028)
    assert read(model, sky(0, peak, shape=shape)).score > model.threshold
    assert read(model, sky(6, peak, shape=shape)).score < model.threshold


def test_the_blur_is_the_radius_of_the_discs():
    for blur in (8, 16, 32):
        found = lights.measured(sky(blur, peak=60 * blur**2 * 3), 2.0)
        assert found.blur_px == pytest.approx(blur, rel=0.2)


def test_the_contrast_of_bright_lights_falls_with_every_step_out_of_focus(model):
    contrasts = [read(model, sky(blur, peak=30000.0)).contrast for blur in (0, 2, 4, 6, 9, 14, 22, 35)]
    assert all(later < before for before, later in itertools.pairwise(contrasts))


def test_discs_that_touch_are_told_one_by_one():
    found = lights.measured(sky(35, peak=1e6, count=20), 2.0)
    assert 25 < found.blur_px < 50


def test_faint_discs_that_cannot_be_measured_are_not_called_in_focus(model):
    score = read(model, sky(40, peak=900.0, count=3, noise=3.0)).score
    assert score is None or score < model.threshold


def test_a_moon_is_no_light(model):
    rng = np.random.default_rng(3)
    grain = cv2.GaussianBlur(rng.normal(0, 1, SHAPE), (0, 0), 2)
    moon = np.zeros(SHAPE, np.float32)
    cv2.circle(moon, (400, 300), 150, (1.0,), cv2.FILLED, cv2.LINE_AA)
    luma = np.clip(10 + moon * (150 + 30 * grain / grain.std()), 0, 255).astype(np.uint8)
    assert lights.measured(luma, 1.0) is None


def test_a_lens_cap_with_hot_pixels_shows_no_lights(model):
    rng = np.random.default_rng(5)
    luma = np.clip(rng.normal(4, 1.5, SHAPE), 0, 255).astype(np.uint8)
    luma.flat[rng.integers(0, luma.size, 40)] = 200
    assert read(model, luma).reason == "dark"


def test_an_ordinary_scene_in_the_dark_is_the_networks(leaves):
    dim = (leaves * 0.2).astype(np.uint8)
    assert lights.measured(dim, 1.0) is None
    assert not lights.may_be(dim)  # and no time is lost on it


def test_white_squares_on_black_are_no_lights():
    luma = np.full(SHAPE, 8, np.uint8)
    for x in range(60, 740, 80):
        for y in range(60, 540, 80):
            luma[y : y + 36, x : x + 36] = 220
    assert lights.measured(luma, 1.0) is None
