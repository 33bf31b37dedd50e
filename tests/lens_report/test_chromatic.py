import numpy as np
import pytest

from focuscam.lens_report.chromatic import fringes, is_grey


@pytest.mark.parametrize(("red", "blue"), [(0.0, 0.0), (1.2, -0.8), (-2.5, 2.0)])
def test_red_and_blue_are_found_where_they_lie(fringed, red, blue):
    found = fringes([fringed(red, blue)])
    for measured, true in ((found.red, red), (found.blue, blue)):
        assert abs(measured.corner.value - true) <= measured.corner.uncertainty < 0.5
        assert abs(measured.edge.value - 0.8 * true) <= measured.edge.uncertainty
        right, down = measured.at(0.5, 0.5)
        assert (right, down) == pytest.approx((true / 2, true / 2), abs=0.15)


def test_several_photos_of_one_lens_are_measured_together(fringed):
    photo = fringed(1.0, 1.0)
    one, two = fringes([photo]), fringes([photo, photo[::-1].copy()])
    assert two.red.corner.value == pytest.approx(1.0, abs=0.15)
    assert two.red.cells >= one.red.cells


def test_cells_say_what_the_model_says(fringed):
    found = fringes([fringed(2.0, 0.0)])
    far = [cell for cell in found.red_cells if np.hypot(cell.x, cell.y) > 0.6]
    out = [(cell.right * cell.x + cell.down * cell.y) / np.hypot(cell.x, cell.y) ** 2 for cell in far]
    assert np.median(out) == pytest.approx(2.0, abs=0.3)


def test_a_photo_without_edges_or_with_some_in_the_middle_only_is_not_enough(fringed):
    bare = np.full((480, 640, 3), 90, np.uint8)
    assert fringes([bare]).red is None
    bare[160:320, 200:440] = fringed(2.0, 0.0)[160:320, 200:440]
    assert fringes([bare]).red is None


def test_a_photo_without_colour_is_grey(fringed, leaves):
    assert is_grey(np.stack([leaves] * 3, -1))
    assert not is_grey(fringed(0.0, 0.0))
