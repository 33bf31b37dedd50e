import numpy as np
import pytest

from focuscam.errors import FocuscamError
from focuscam.lens_report.sweep import measured, table
from focuscam.lens_report.zones import COLUMNS, ROWS, boxes, middles, place


def measure(target):
    return measured(target.frames, target.positions, table(target.frames))


def within(found, true):
    return abs(found.value - true) <= found.uncertainty


def test_the_zones_cover_the_picture_once():
    seen = np.zeros((481, 643), int)
    for box in boxes(481, 643):
        seen[box] += 1
    assert (seen == 1).all()
    assert middles(480, 640)[ROWS * COLUMNS // 2] == pytest.approx([0, 0], abs=1e-9)


def test_a_zone_lies_where_its_detail_is():
    half = np.random.default_rng(0).integers(0, 255, (480, 640), np.uint8)
    half[: 3 * 480 // 10] = 128  # the upper half of the second row of zones
    for zone, shift in ((COLUMNS, 0.05), (4 * COLUMNS, 0.0)):
        x, y, square = place(half, zone)
        middle = middles(480, 640)[zone]
        assert y - middle[1] == pytest.approx(shift, abs=0.01)
        assert x == pytest.approx(middle[0], abs=0.01)
        assert square == pytest.approx(4 * ((x * 640) ** 2 + (y * 480) ** 2) / (640**2 + 480**2), abs=0.02)


def test_tilt_and_curvature_are_found_within_their_uncertainty(lens):
    true = lens(centre=9.4, across=4.0, down=-2.0, curvature=2.5)
    swept = measure(true)
    assert swept.travel == "inside"
    assert swept.flat
    for name in ("centre", "across", "down", "curvature"):
        found = getattr(swept.surface, name)
        assert within(found, getattr(true, name)), name
        assert found.uncertainty < 0.8, name
    assert swept.positions[swept.sharpest] == 9


def test_a_perfect_lens_has_neither(lens):
    swept = measure(lens())
    for name in ("across", "down", "curvature"):
        assert within(getattr(swept.surface, name), 0)
    assert abs(swept.surface.centre.value - 10) < 0.2
    place, worst = swept.compromise
    assert place == pytest.approx(10, abs=0.3)
    assert worst.value < 0.5


def test_the_growth_of_the_disc_and_so_the_depth_of_focus_and_the_angle_are_found(lens):
    true = lens(across=4.0, disc=1.6)
    swept = measure(true)
    assert within(swept.growth, 1.6)
    assert within(swept.depth, 2 * 2 / 1.6)
    assert within(swept.tilt_degrees, np.degrees(np.arctan(4.0 * 1.6 / 640)))
    assert within(swept.compromise[1], 2.0 * 1.6)


def test_a_scene_with_depth_is_not_taken_for_a_tilted_sensor(lens):
    assert not measure(lens(relief=2.5)).flat


@pytest.mark.parametrize(("centre", "travel"), [(-4.0, "before"), (0.0, "before"), (20.0, "after"), (25.0, "after")])
def test_focus_at_an_end_of_the_sweep_or_beyond_is_told(lens, centre, travel):
    swept = measure(lens(centre=centre))
    assert swept.travel == travel
    assert swept.surface is None


def test_a_bare_wall_is_not_enough_to_tell():
    random = np.random.default_rng(0)
    frames = [np.clip(random.normal(128, 4, (480, 640)), 0, 255).astype(np.uint8) for _ in range(10)]
    swept = measured(frames, np.arange(10.0), table(frames))
    assert (swept.travel, swept.surface, swept.growth) == ("unknown", None, None)


def test_too_few_positions_are_refused_with_how_many_it_takes(lens):
    frames = lens().frames[:5]
    with pytest.raises(FocuscamError, match="5 positions: at least 6"):
        measured(frames, np.arange(5.0), table(frames))


def test_frames_of_different_sizes_are_refused(lens):
    frames = lens().frames
    with pytest.raises(FocuscamError, match="different sizes"):
        table([frames[0], frames[1][:-2]])
