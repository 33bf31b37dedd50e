import cv2
import numpy as np
import pytest

from focuscam.focus import borders
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.messages import Frame
from focuscam.region import WHOLE, parse


@pytest.fixture(scope="module")
def model():
    return FocusModel()


def in_a_circle(luma, grey=0):
    """As a lens shows it whose picture is smaller than the sensor."""
    height, width = luma.shape
    mask = cv2.circle(np.zeros_like(luma), (width // 2, height // 2), int(0.46 * height), (1.0,), cv2.FILLED)
    return np.where(mask > 0, luma, np.uint8(grey))


def letterboxed(luma, grey=0):
    masked = luma.copy()
    bar = len(luma) // 7
    masked[:bar], masked[-bar:] = grey, grey
    return masked


def pillared(luma, grey=0):
    return letterboxed(luma.T.copy(), grey).T.copy()


MASKS = {"circle": in_a_circle, "letterbox": letterboxed, "pillars": pillared}


def coarse(luma):
    return cv2.resize(luma, (640, round(640 * luma.shape[0] / luma.shape[1])), interpolation=cv2.INTER_AREA)


def read(model, luma):
    return Scorer(model, parse("whole")).score(Frame(0, 0.0, luma, coarse(luma), 0.0))


@pytest.mark.parametrize("mask", MASKS)
def test_a_masked_picture_is_judged_as_without_the_mask(model, leaves, mask):
    soft = cv2.GaussianBlur(leaves, (0, 0), 5)
    assert read(model, MASKS[mask](leaves)).score > model.threshold
    assert read(model, MASKS[mask](soft)).score < 0.1


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("grey", [0, 16, 255])
def test_the_contrast_of_a_soft_picture_is_not_that_of_its_mask(model, leaves, mask, grey):
    soft = cv2.GaussianBlur(leaves, (0, 0), 5)
    assert read(model, MASKS[mask](soft, grey)).contrast < 1.6 * read(model, soft).contrast


def test_a_picture_without_a_mask_keeps_all_of_its_region(leaves):
    assert borders.inside(coarse(leaves), WHOLE) == WHOLE
    sky = leaves.copy()
    sky[:300, ::2] = 255
    assert borders.inside(coarse(sky), WHOLE) == WHOLE


def test_a_dark_picture_is_no_mask():
    night = np.zeros((480, 640), np.uint8)
    night[200:230, 300:340] = 90
    assert borders.inside(night, WHOLE) == WHOLE


def test_a_night_with_a_few_lights_keeps_all_of_its_region():
    night = np.full((480, 640), 12, np.uint8)
    for x, y in ((100, 60), (500, 90), (320, 400)):
        cv2.circle(night, (x, y), 5, (240.0,), cv2.FILLED)
    assert borders.inside(night, WHOLE) == WHOLE


def test_what_a_mask_leaves_is_inside_the_region(leaves):
    x, y, width, height = borders.inside(coarse(in_a_circle(leaves)), WHOLE)
    assert 0.1 < x < 0.5
    assert 0.1 < y < 0.5
    assert x + width < 0.9
    assert y + height < 0.9
