import numpy as np
import pytest

from lab.training import scenes
from lab.training.photos import cells


@pytest.mark.parametrize("number", range(len(scenes.KINDS)))
def test_each_kind_of_invented_picture_is_sharp_and_repeats(number):
    first = scenes.invented(number, 2)
    assert first.shape == (scenes.SIDE, scenes.SIDE)
    assert np.array_equal(first, scenes.invented(number, 2))
    detail, softness = cells(first, 64, 32)
    assert np.median(softness[detail >= np.quantile(detail, 0.8)]) < 1.0
