import cv2
import numpy as np
import pytest

from focuscam.focus import bands
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.messages import Frame
from focuscam.region import parse


@pytest.fixture(scope="module")
def model():
    return FocusModel()


def banded(luma, period=60, dark=0.6, shift=0, ramp=5):
    """As a rolling shutter sees it under a lamp that is on in half of the rows of each period."""
    on = np.where((np.arange(len(luma)) + shift) % period < period // 2, 1.0, dark)
    on = np.convolve(np.pad(on, ramp // 2, mode="edge"), np.ones(ramp) / ramp, "valid")
    return np.clip(np.rint(luma * on[:, None]), 0, 255).astype(np.uint8)


def wall(sigma=2.0, seed=0, shape=(760, 1014)):
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    light = 170 * (1 - 0.3 * (x * x + y * y) / 2)
    return np.clip(np.rint(light + np.random.default_rng(seed).normal(0, sigma, shape)), 0, 255).astype(np.uint8)


def read(model, luma, region="whole"):
    coarse = cv2.resize(luma, (640, round(640 * luma.shape[0] / luma.shape[1])), interpolation=cv2.INTER_AREA)
    return Scorer(model, parse(region)).score(Frame(0, 0.0, luma, coarse, 0.0))


@pytest.mark.parametrize("region", ["whole", "spot"])
@pytest.mark.parametrize("shift", [0, 17, 41])
def test_bands_on_a_bare_wall_cannot_be_told(model, region, shift):
    assert read(model, banded(wall(), shift=shift), region).reason == "flat"


@pytest.mark.parametrize("shift", range(0, 76, 12))
def test_a_band_at_the_rim_of_a_spot_is_no_border(model, shift):
    assert read(model, banded(wall(), period=76, dark=0.5, shift=shift), "spot").reason in ("flat", "dark")


def test_a_view_under_bands_is_judged_as_without_them(model, leaves):
    soft = cv2.GaussianBlur(leaves, (0, 0), 6)
    assert read(model, banded(leaves)).score > model.threshold
    assert read(model, banded(soft)).score < model.threshold


def test_moving_bands_leave_the_contrast_nearly_alone(model, leaves):
    contrasts = [read(model, banded(leaves, shift=shift)).contrast for shift in (0, 13, 29, 47)]
    assert max(contrasts) < 1.1 * min(contrasts)


def test_neither_a_scene_nor_a_letterbox_has_bands(leaves):
    framed = leaves.copy()
    framed[:80], framed[-80:] = 0, 0
    assert not bands.seen(leaves)
    assert not bands.seen(framed)
    assert not bands.seen(wall())


def test_lights_in_the_dark_make_no_bands():
    rng = np.random.default_rng(0)
    night = np.clip(rng.normal(12, 1, (760, 1014)), 0, 255).astype(np.uint8)
    for x, y in rng.uniform((20, 20), (990, 740), (60, 2)):
        cv2.circle(night, (int(x), int(y)), 9, (250.0,), cv2.FILLED)
    assert not bands.seen(night)
