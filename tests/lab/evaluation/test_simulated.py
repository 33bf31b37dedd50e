import cv2
import numpy as np
from PIL import Image

from lab.evaluation.simulated import photos


def test_each_photo_comes_sharp_out_of_focus_and_shaken_and_small(leaves, tmp_path):
    Image.fromarray(leaves).save(tmp_path / "a.png")
    made = photos(tmp_path)
    assert [photo.kind for photo in made] == ["none", "defocus", "motion"]
    detail = [cv2.Laplacian(photo.luma, cv2.CV_64F).var() for photo in made]
    assert detail[0] > 2 * max(detail[1:])
    assert all(max(photo.luma.shape) == 400 and photo.luma.dtype == np.uint8 for photo in made)
