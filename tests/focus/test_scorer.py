import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscam.cameras.photo import read_photo
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.messages import Frame
from focuscam.region import parse


@pytest.fixture(scope="module")
def model():
    return FocusModel()


@pytest.fixture(scope="module")
def score(model):
    def of(luma, region="whole"):
        return Scorer(model, parse(region)).score(frame(luma))

    return of


def frame(luma, number=0):
    scale = min(1.0, 640 / max(luma.shape))
    size = max(round(luma.shape[1] * scale), 1), max(round(luma.shape[0] * scale), 1)
    coarse = luma if scale == 1 else cv2.resize(luma, size, interpolation=cv2.INTER_AREA)
    return Frame(number, number / 30, luma, coarse, 1.5, f"{number}.png")


def defocused(luma, radius):
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)).astype(np.float32)
    return cv2.filter2D(luma, -1, disc / disc.sum())


def wall(sigma, shape=(480, 640), mean=128, seed=0):
    """A bare wall as a lens sees it: darker towards the corners, and noise."""
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    light = mean * (1 - 0.35 * (x * x + y * y) / 2)
    return np.clip(np.rint(light + np.random.default_rng(seed).normal(0, sigma, shape)), 0, 255).astype(np.uint8)


def test_a_sharp_scene_is_green_and_a_defocused_one_is_not(score, model, leaves):
    sharp, soft = score(leaves), score(defocused(leaves, 5))
    assert sharp.score > model.threshold > soft.score
    assert (sharp.blur, soft.blur) == ("none", "defocus")
    assert sharp.contrast > 2 * soft.contrast


def test_the_score_falls_with_every_step_of_defocus(score, leaves):
    scores = [score(defocused(leaves, radius)).score for radius in (0, 1, 2, 4, 7, 12)]
    assert all(later <= before + 0.05 for before, later in itertools.pairwise(scores))
    assert scores[-1] < 0.15


def test_a_reading_says_which_frame_it_is_of(score, model, leaves):
    reading = Scorer(model, parse("spot")).score(frame(leaves, 7))
    assert (reading.frame, reading.time, reading.name, reading.taken) == (7, 7 / 30, "7.png", 1.5)
    assert reading.region == (0.375, 0.375, 0.25, 0.25)
    assert reading.thumbnail


@pytest.mark.parametrize("region", ["whole", "spot", "best"])
@pytest.mark.parametrize("sigma", [0, 2, 4, 8, 16])
def test_a_wall_cannot_be_told_however_noisy(score, region, sigma):
    reading = score(wall(sigma), region)
    assert (reading.score, reading.reason, reading.certainty) == (None, "flat", 0.0)


@pytest.mark.parametrize("sigma", [0, 4, 16])
def test_a_wall_seen_by_a_large_sensor_cannot_be_told_either(score, sigma):
    assert score(wall(sigma, (1520, 2028))).reason == "flat"


@pytest.mark.parametrize("shape", [(300, 400), (480, 640), (1520, 2028)])
@pytest.mark.parametrize("grain", [0.7, 1.0, 1.5])
def test_coarse_grain_on_a_wall_is_never_green(model, shape, grain):
    noise = cv2.GaussianBlur(np.random.default_rng(0).normal(0, 16, shape), (0, 0), grain)
    luma = np.clip(np.rint(120 + noise), 0, 255).astype(np.uint8)
    for region in ("whole", "spot"):
        assert Scorer(model, parse(region)).score(frame(luma)).score is None


@pytest.mark.parametrize("quality", [50, 75, 95])
def test_a_noisy_wall_saved_as_jpeg_cannot_be_told(score, quality):
    saved = cv2.imencode(".jpg", wall(16), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    assert score(cv2.imdecode(saved, cv2.IMREAD_GRAYSCALE)).score is None


@pytest.mark.parametrize(("level", "reason"), [(0, "dark"), (8, "dark"), (255, "bright"), (128, "flat")])
def test_an_even_frame_cannot_be_told_and_the_reason_is_named(score, level, reason):
    reading = score(np.full((480, 640), level, np.uint8))
    assert (reading.score, reading.reason) == (None, reason)


def test_a_lens_cap_with_noise_is_dark(score):
    assert score(wall(3, mean=8)).reason == "dark"


def test_a_scene_far_out_of_focus_is_soft_and_not_untold(score, leaves):
    far = cv2.blur(cv2.blur(leaves, (81, 81)), (81, 81))
    reading = score(far)
    assert reading.score is not None
    assert reading.score < 0.1


@pytest.mark.parametrize("shape", [(1, 1), (1, 100_000), (100_000, 1), (15, 400)])
def test_a_picture_too_small_to_judge_says_so(score, shape):
    reading = score(np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8))
    assert (reading.score, reading.reason) == (None, "small")


@given(
    st.integers(1, 200),
    st.integers(1, 200),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["whole", "spot", "best", "0.9,0.9,0.1,0.1", "0,0.3,1,0.01"]),
    st.sampled_from([1, 3, 9, 31]),
    st.integers(0, 255),
)
@settings(deadline=None, max_examples=60)
def test_any_picture_gets_a_probability_or_a_reason(model, height, width, seed, region, blur, top):
    luma = np.random.default_rng(seed).integers(0, top + 1, (height, width), dtype=np.uint8)
    reading = Scorer(model, parse(region)).score(frame(cv2.blur(luma, (blur, blur))))
    assert (reading.score is None) == (reading.reason is not None)
    assert reading.score is None or 0 <= reading.score <= 1
    assert 0 <= reading.certainty <= 1
    assert np.isfinite(reading.contrast)
    assert reading.contrast >= 0


def test_a_view_with_a_stride_of_its_own_is_scored_like_a_copy(score, leaves):
    padded = np.zeros((leaves.shape[0], leaves.shape[1] + 64), np.uint8)
    padded[:, : leaves.shape[1]] = leaves
    assert score(padded[:, : leaves.shape[1]]) == score(leaves)


@pytest.mark.parametrize("sigma", [4, 8, 16])
def test_noise_moves_the_score_little(score, leaves, sigma):
    noisy = np.clip(leaves + np.random.default_rng(0).normal(0, sigma, leaves.shape), 0, 255).astype(np.uint8)
    assert abs(score(noisy).score - score(leaves).score) < 0.1


def test_a_third_of_the_light_moves_the_score_little(score, leaves):
    assert abs(score((leaves * 0.35).astype(np.uint8)).score - score(leaves).score) < 0.1


def test_the_spot_looks_at_the_middle_only(score, model, leaves):
    leaves = np.tile(leaves[::2, ::2], (2, 2))  # so that the spot has as much to see as a whole picture
    ring = defocused(leaves, 7)
    middle = slice(160, 320), slice(213, 427)
    sharp_middle = ring.copy()
    sharp_middle[middle] = leaves[middle]
    sharp_rim = leaves.copy()
    sharp_rim[middle] = ring[middle]
    assert score(sharp_middle, "spot").score > model.threshold > score(sharp_rim, "spot").score


def test_one_subject_in_focus_is_enough_for_best(score, model, leaves):
    soft = defocused(leaves, 7)
    soft[160:320, 213:427] = leaves[160:320, 213:427]
    assert score(soft, "best").score > model.threshold


def test_the_map_is_bright_where_the_picture_is_sharp(model, leaves):
    half = defocused(leaves, 7)
    half[:, :320] = leaves[:, :320]
    seen = Scorer(model, parse("spot")).map(frame(half))
    left, right = np.array_split(seen.score, 2, axis=1)
    assert left.mean() > right.mean() + 0.3
    assert seen.score.shape == seen.certainty.shape


@pytest.mark.parametrize("shape", [(1, 1), (20, 500), (1520, 2028)])
def test_a_map_of_nothing_is_dark(model, shape):
    seen = Scorer(model, parse("whole")).map(frame(np.full(shape, 90, np.uint8)))
    assert not seen.score.any()
    assert not seen.certainty.any()


def test_real_photos_are_told_apart(photos, model):
    scorer = Scorer(model, parse("best"))
    said = {
        kind: [
            scorer.score(frame(read_photo(path).fine)).score for path in sorted((photos / "kwentar" / kind).iterdir())
        ]
        for kind in ("sharp", "defocused_blurred")
    }
    assert min(said["sharp"]) > model.threshold
    higher = [[sharp > soft for soft in said["defocused_blurred"]] for sharp in said["sharp"]]
    assert np.mean(higher) > 0.95
