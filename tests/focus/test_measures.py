import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from focuscam.focus import measures


def contrast(luma, smaller=1):
    return measures.noise_and_contrast(luma, smaller)[1]


def noisy(luma, sigma, seed=0):
    noise = np.random.default_rng(seed).normal(0, sigma, luma.shape)
    return np.clip(np.rint(luma + noise), 0, 255).astype(np.uint8)


@pytest.fixture
def scene(leaves):
    """Dead leaves with room above and below their greys for light and noise."""
    return (leaves * 0.6 + 40).astype(np.uint8)


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 3), st.integers(1, 80), st.integers(1, 80))))
@settings(deadline=None, max_examples=60)
def test_a_normalised_patch_keeps_its_shape_and_has_the_mean_of_all(patches):
    out = measures.normalised(patches)
    assert out.shape == patches.shape
    for before, after in zip(patches, out, strict=True):
        if before.std() < 40:  # nothing is clipped
            assert abs(after.mean() - measures.MEAN) < 12


def test_exposure_does_not_reach_the_network(scene):
    patch = scene[None, :64, :64]
    dim = (patch * 0.4).astype(np.uint8)
    assert np.abs(measures.normalised(patch).astype(int) - measures.normalised(dim)).mean() < 2


@pytest.mark.parametrize("sigma", [2, 4, 8, 16])
def test_the_noise_of_a_grey_wall_is_measured(sigma):
    wall = noisy(np.full((480, 640), 120.0), sigma)
    assert measures.noise_and_contrast(wall)[0] == pytest.approx(sigma, rel=0.1)


def test_noise_is_measured_in_the_frame_though_contrast_is_measured_at_half_its_size():
    wall = noisy(np.full((960, 1280), 120.0), 8)
    assert measures.noise_and_contrast(wall, 2)[0] == pytest.approx(8, rel=0.1)


@pytest.mark.parametrize("sigma", [4, 8, 16])
def test_noise_hardly_changes_contrast(scene, sigma):
    assert contrast(noisy(scene, sigma)) == pytest.approx(contrast(scene), rel=0.1)


@given(st.floats(0.5, 1.3))
@settings(deadline=None, max_examples=15)
def test_brightness_hardly_changes_contrast(leaves, light):
    bright = (leaves * 0.4 + 70).astype(np.uint8)
    assert contrast(np.clip(bright * light, 0, 255).astype(np.uint8)) == pytest.approx(contrast(bright), rel=0.15)


def test_contrast_falls_with_every_step_of_defocus(scene):
    steps = [contrast(cv2.blur(scene, (side, side))) for side in (1, 3, 5, 9, 15, 25)]
    assert steps == sorted(steps, reverse=True)
    assert steps[-1] < 0.2 * steps[0]


@pytest.mark.parametrize("sigma", [4, 8, 16])
def test_most_of_what_noise_adds_to_a_wall_is_taken_off(monkeypatch, sigma):
    wall = noisy(np.full((480, 640), 120.0), sigma)
    left = contrast(wall)
    monkeypatch.setattr(measures, "KNOWN", 0.0)
    assert left < 0.4 * contrast(wall)


def test_a_wall_without_noise_has_no_contrast():
    assert contrast(np.full((480, 640), 120, np.uint8)) == 0


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 150), st.integers(1, 150))), st.integers(1, 3))
@settings(deadline=None, max_examples=60)
def test_any_picture_has_a_finite_contrast(luma, smaller):
    noise, value = measures.noise_and_contrast(luma, smaller)
    assert np.isfinite([noise, value]).all()
    assert noise >= 0
    assert value >= 0


@given(st.integers(1, 3000), st.integers(1, 3000), st.sampled_from([32, 64, 96]))
@settings(deadline=None, max_examples=100)
def test_tiles_lie_inside_the_picture_and_are_never_too_many(height, width, side):
    luma = np.zeros((height, width), np.uint8)
    rows, columns, tall, wide = measures.tiles(luma, side).shape
    assert rows * columns <= measures.TILES
    assert rows * tall <= height or rows == 1
    assert columns * wide <= width or columns == 1
    assert tall <= height
    assert wide <= width


def test_shading_is_no_structure_and_a_shape_is():
    y, x = np.mgrid[-1:1:16j, -1:1:16j]
    shaded = 150 - 40 * (x * x + y * y) + 20 * x
    shape = np.where(np.hypot(x, y) < 0.5, 180, 90)
    small = np.stack([shaded, shape]).astype(np.uint8)
    bare, something = measures.structure(small)
    assert bare < 1
    assert something > 20


@pytest.mark.parametrize("fold", [1, 2, 4])
def test_a_folded_patch_has_its_pixels_in_the_order_that_it_says(fold):
    patches = np.random.default_rng(0).integers(0, 256, (3, 64, 64), np.uint8)
    folded = measures.folded(patches, fold)
    assert folded.shape == (3, 64 // fold, 64 // fold, fold * fold)
    for row in range(fold):
        for column in range(fold):
            assert (folded[..., row * fold + column] == patches[:, row::fold, column::fold]).all()
