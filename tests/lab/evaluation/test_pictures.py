import cv2
import numpy as np
import pytest

from lab.evaluation import pictures


def test_contrast_for_judging_is_taken_at_640_px(leaves):
    large = cv2.resize(leaves, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    assert pictures.reference_contrast(large) == pytest.approx(pictures.reference_contrast(leaves), rel=0.02)


@pytest.mark.parametrize("name", pictures.CONDITIONS)
def test_every_condition_gives_a_picture(leaves, name):
    seen = pictures.CONDITIONS[name](leaves, np.random.default_rng(0))
    assert seen.dtype == np.uint8
    assert max(seen.shape) <= max(leaves.shape)
