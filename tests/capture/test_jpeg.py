"""A still as a file that other programs open."""

import io
import json
import time

import numpy as np
import pytest
from PIL import ExifTags, Image

from focuscam.capture.jpeg import encoded
from focuscam.messages import Still

FACTS = {"score": 0.912, "in_focus": True, "hint": "best", "lens_position": 2.5, "by": "light"}
BASE = ExifTags.Base


def opened(still, **facts):
    image = Image.open(io.BytesIO(encoded(still, FACTS | facts)))
    image.load()
    return image


def flat(y, cb, cr, size=(48, 64)):
    half = (size[0] // 2, size[1] // 2)
    return Still(np.full(size, y, np.uint8), (np.full(half, cb, np.uint8), np.full(half, cr, np.uint8)))


def test_it_says_how_it_was_taken_and_how_sharp_it_is():
    metadata = {"ExposureTime": 8000.0, "AnalogueGain": 2.0, "LensPosition": 2.5}
    image = opened(Still(np.zeros((48, 64), np.uint8), metadata=metadata, model="imx477", taken=time.monotonic()))
    tags = image.getexif()
    more = tags.get_ifd(ExifTags.IFD.Exif)
    assert tags[BASE.Model] == "imx477"
    assert tags[BASE.Software].startswith("focuscam ")
    assert tags[BASE.ImageDescription] == "in focus, score 0.91, hint best, lens at 2.50 dioptres"
    assert more[BASE.ExposureTime] == pytest.approx(0.008)
    assert more[BASE.ISOSpeedRatings] == 200
    assert more[BASE.SubjectDistance] == pytest.approx(0.4)
    date = time.strptime(more[BASE.DateTimeOriginal], "%Y:%m:%d %H:%M:%S")
    assert abs(time.mktime(date) - time.time()) < 5
    assert json.loads(more[BASE.UserComment][8:]) == FACTS


def test_what_the_camera_does_not_say_is_left_out():
    tags = opened(Still(np.zeros((48, 64), np.uint8)), score=None, in_focus=False, hint=None, lens_position=None)
    more = tags.getexif().get_ifd(ExifTags.IFD.Exif)
    assert not {BASE.ExposureTime, BASE.ISOSpeedRatings, BASE.SubjectDistance} & set(more)
    assert tags.getexif()[BASE.ImageDescription] == "can't tell, score none"


@pytest.mark.parametrize(("by", "words"), [("command", "not in focus"), ("sharpest", "as it came into focus")])
def test_the_sharpest_one_from_before_the_light_came_on_is_not_called_out_of_focus(by, words):
    tags = opened(Still(np.zeros((48, 64), np.uint8)), in_focus=False, by=by, lens_position=None).getexif()
    assert tags[BASE.ImageDescription] == f"{words}, score 0.91, hint best"


def test_a_lens_at_infinity_and_an_exposure_of_minutes_can_be_written():
    still = Still(np.zeros((48, 64), np.uint8), metadata={"ExposureTime": 2e8, "LensPosition": 0.0})
    more = opened(still).getexif().get_ifd(ExifTags.IFD.Exif)
    assert more[BASE.ExposureTime] == pytest.approx(200)
    assert more[BASE.SubjectDistance] == 0xFFFFFFFF


def test_grey_stays_grey():
    image = opened(Still(np.tile(np.arange(64, dtype=np.uint8) * 4, (48, 1))))
    assert image.mode == "L"
    assert image.size == (64, 48)


@pytest.mark.parametrize(
    ("yuv", "rgb"),
    [((76, 85, 255), (254, 0, 0)), ((150, 44, 21), (0, 255, 1)), ((128, 128, 128), (128, 128, 128))],
)
def test_colours_are_those_of_the_camera(yuv, rgb):
    assert np.abs(np.asarray(opened(flat(*yuv)).convert("RGB"))[24, 32].astype(int) - rgb).max() <= 3


def test_colours_of_another_kind_are_brought_to_jpegs():
    still = flat(16, 128, 128)
    brighter = Still(still.luma, still.chroma, to_jpeg=np.array([[1, 0, 0, 100], [0, 1, 0, 0], [0, 0, 1, 0.0]]))
    assert np.asarray(opened(brighter).convert("L"))[24, 32] == 116


def test_odd_sizes_can_be_written():
    luma = np.zeros((49, 65), np.uint8)
    chroma = (np.full((24, 32), 128, np.uint8),) * 2
    assert opened(Still(luma, chroma)).size == (65, 49)
