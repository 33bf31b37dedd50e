import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscam.focus.patches import chosen, cut, levels
from focuscam.messages import Frame

PATCH = 64


def frame(fine, coarse_width=640):
    scale = min(1.0, coarse_width / max(fine.shape))
    size = max(round(fine.shape[1] * scale), 1), max(round(fine.shape[0] * scale), 1)
    return Frame(0, 0.0, fine, cv2.resize(fine, size, interpolation=cv2.INTER_AREA) if scale < 1 else fine, 0.0)


@st.composite
def boxes(draw):
    x, y = draw(st.floats(0, 0.99)), draw(st.floats(0, 0.99))
    return x, y, draw(st.floats(0.01, 1 - x)), draw(st.floats(0.01, 1 - y))


@given(st.integers(16, 700), st.integers(16, 700), boxes())
@settings(deadline=None, max_examples=60)
def test_patches_lie_inside_any_frame_and_are_never_too_many(height, width, box):
    fine = np.random.default_rng(height).integers(0, 255, (height, width), dtype=np.uint8)
    scales = levels(frame(fine), PATCH)
    patches = chosen(scales, box, PATCH, 12)
    assert 1 <= len(patches.luma) <= 12
    assert patches.luma.shape[1:] == (PATCH, PATCH)
    for number, (top, left) in zip(patches.level, patches.places, strict=True):
        tall, wide = scales[number].luma.shape
        assert 0 <= top <= max(tall - PATCH, 0)
        assert 0 <= left <= max(wide - PATCH, 0)


@given(boxes())
@settings(deadline=None, max_examples=60)
def test_patches_reach_beyond_a_region_only_where_it_is_smaller_than_they_are(box):
    fine = np.zeros((480, 640), np.uint8)
    scales = levels(frame(fine), PATCH)
    patches = chosen(scales, box, PATCH, 12)
    for number, (top, left) in zip(patches.level, patches.places, strict=True):
        tall, wide = scales[number].luma.shape
        for start, low, size, side in ((top, box[1], box[3], tall), (left, box[0], box[2], wide)):
            beyond = max(low * side - start, start + PATCH - (low + size) * side)
            assert beyond <= max(PATCH - size * side, 0) + 1


def test_the_patches_are_those_with_something_on_them():
    fine = np.full((960, 1280), 100, np.uint8)
    fine[100:300, 900:1100] = np.random.default_rng(0).integers(0, 255, (200, 200), dtype=np.uint8)
    scales = levels(frame(fine), PATCH)
    patches = chosen(scales, (0, 0, 1, 1), PATCH, 12)
    first = patches.places[patches.level == 0][0]
    assert 60 <= first[0] <= 300
    assert 860 <= first[1] <= 1100


def test_a_large_frame_is_judged_at_three_scales_and_a_tiny_one_at_one():
    large = levels(frame(np.zeros((1520, 2028), np.uint8)), PATCH)
    assert [max(level.luma.shape) for level in large] == [2028, 640, 320]
    assert len(levels(frame(np.zeros((100, 100), np.uint8)), PATCH)) == 1


def test_a_picture_smaller_than_a_patch_is_mirrored_at_its_edges():
    small = np.arange(40, dtype=np.uint8)[None].repeat(30, 0)
    (patch,) = cut(small, np.array([[0, 0]]), PATCH)
    assert np.array_equal(patch[:30, :40], small)
    assert patch[0, 40] == 38
