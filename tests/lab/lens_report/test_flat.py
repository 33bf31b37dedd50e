import numpy as np
from PIL import Image

from lab.lens_report.flat import coloured, target


def test_a_target_has_the_size_that_is_asked_for_and_detail(leaves, tmp_path):
    Image.fromarray(leaves).save(tmp_path / "a.png")
    for photos in ((), [tmp_path / "a.png"]):
        light = target(np.random.default_rng(2), 320, 240, photos)
        assert light.shape == (240, 320)
        assert light.dtype == np.uint16
        assert light.std() > 2000


def test_a_coloured_target_is_light_of_three_colours():
    for seed in (1, 4):
        light = coloured(np.random.default_rng(seed), 160, 120)
        assert light.shape == (120, 160, 3)
        assert light.min() >= 0
        assert light.max() <= 1
        assert light.std() > 0.02
