import numpy as np
import pytest
from PIL import Image

from focuscam.cameras.colour import read_colour
from focuscam.errors import FocuscamError


def test_a_photo_keeps_its_colours_and_its_size(tmp_path):
    some = np.random.default_rng(0).integers(0, 255, (30, 50, 3), np.uint8)
    Image.fromarray(some).save(tmp_path / "a.png")
    assert np.array_equal(read_colour(tmp_path / "a.png"), some)


def test_a_photo_is_turned_upright(tmp_path):
    image = Image.fromarray(np.zeros((30, 50, 3), np.uint8))
    exif = image.getexif()
    exif[274] = 6
    image.save(tmp_path / "a.jpg", exif=exif)
    assert read_colour(tmp_path / "a.jpg").shape == (50, 30, 3)


@pytest.mark.parametrize("mode", ["L", "I;16", "1"])
def test_a_grey_photo_is_refused(tmp_path, mode):
    Image.new(mode, (30, 20)).save(tmp_path / "a.png")
    with pytest.raises(FocuscamError, match=r"a\.png is in grey"):
        read_colour(tmp_path / "a.png")


def test_a_file_that_is_no_picture_is_named(tmp_path):
    (tmp_path / "a.png").write_bytes(b"text")
    with pytest.raises(FocuscamError, match=r"a\.png is not a picture"):
        read_colour(tmp_path / "a.png")
