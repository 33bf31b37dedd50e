import numpy as np
import pytest

from lab.training import scenes
from lab.training.photos import cells, find, read


@pytest.fixture(scope="module")
def picture():
    return scenes.invented(1, 1)


def test_softness_tells_a_sharp_picture_from_a_blurred_one(picture):
    import cv2

    sharp = cells(picture, 64, 32)
    soft = cells(cv2.GaussianBlur(picture, (0, 0), 2.0), 64, 32)
    told = sharp[0] > np.median(sharp[0])
    # A Gaussian of sigma 2 adds a variance of 4.
    assert np.median(soft[1][told]) - np.median(sharp[1][told]) == pytest.approx(4, abs=1.5)


def test_photos_are_read_upright_and_never_half(tmp_path):
    from PIL import Image

    Image.fromarray(np.zeros((20, 40), np.uint8)).save(tmp_path / "a.jpg")
    assert read(tmp_path / "a.jpg").shape == (20, 40)
    cut = (tmp_path / "a.jpg").read_bytes()[:-80]
    (tmp_path / "b.jpg").write_bytes(cut)
    with pytest.raises(ValueError, match=r"b\.jpg cannot be read"):
        read(tmp_path / "b.jpg")
    assert [p.name for p in find([tmp_path])] == ["a.jpg", "b.jpg"]
