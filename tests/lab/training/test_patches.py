import numpy as np
import pytest

from focuscam.focus.measures import normalised
from lab.training import patches, scenes


@pytest.fixture(scope="module")
def picture():
    return scenes.invented(1, 1)


def test_the_seed_decides_every_pixel(picture):
    one, again, other = (patches.from_photo(picture, 3, 24, seed) for seed in (5, 5, 6))
    assert np.array_equal(one.luma, again.luma)
    assert np.array_equal(one.blur, again.blur)
    assert not np.array_equal(one.luma[:5], other.luma[:5])


def test_patches_are_what_the_light_would_see_and_labels_say_what_was_done(picture):
    made = patches.from_photo(picture, 3, 120, 1)
    assert made.luma.shape[1:] == (64, 64)
    assert made.luma.dtype == np.uint8
    assert len(made) > 60
    # Normalised once, they are hardly changed by being normalised again.
    spread = made.luma.std((1, 2))
    assert np.abs(normalised(made.luma).astype(int) - made.luma)[spread > 40].mean() < 4
    assert (made.blur >= 0).all()
    assert (made.blur < 1).any()
    assert (made.blur > 6).any()
    assert np.isnan(made.motion[made.blur < 1.0]).all(), "what is not blurred is blurred by nothing"
    assert {0.0, 1.0} <= set(made.motion[~np.isnan(made.motion)])
    assert (made.scene == 3).all()


def test_nothing_is_learned_from_a_picture_that_is_soft_everywhere(picture):
    import cv2

    assert len(patches.from_photo(cv2.GaussianBlur(picture, (0, 0), 12.0), 0, 24, 1)) == 0
