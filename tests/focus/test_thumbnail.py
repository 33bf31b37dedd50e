import numpy as np
import pytest

from focuscam.focus.thumbnail import thumbnail
from focuscam.messages import THUMBNAIL_HEIGHT, THUMBNAIL_WIDTH


@pytest.mark.parametrize("shape", [(480, 640), (1, 1), (1, 5000), (6, 8), (333, 17)])
def test_a_picture_of_any_size_has_a_thumbnail_of_one_size(shape):
    assert len(thumbnail(np.full(shape, 77, np.uint8))) == THUMBNAIL_WIDTH * THUMBNAIL_HEIGHT
    assert set(thumbnail(np.full(shape, 77, np.uint8))) == {77}


def test_it_holds_the_means_of_its_cells_row_by_row():
    cells = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5
    assert list(thumbnail(np.kron(cells, np.ones((10, 10), np.uint8)))) == cells.ravel().tolist()


def test_a_view_of_a_larger_picture_will_do():
    luma = np.zeros((100, 200), np.uint8)
    luma[:, 100:] = 200
    assert set(thumbnail(luma[10:90, 120:180])) == {200}
