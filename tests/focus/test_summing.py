"""How what is said of patches becomes the blur of their region."""

import math

import numpy as np
import pytest

from focuscam.focus import summing
from focuscam.focus.model import FocusModel

SURE, UNSURE = 0.25, 1.5


@pytest.fixture(scope="module")
def model():
    return FocusModel()


def said(model, blurs, spread=SURE, moved=0.05):
    """What the network says of patches blurred by this much along each of four axes: (n, 4) px, or (n,) alike."""
    blurs = np.asarray(blurs, float)
    blurs = np.repeat(blurs[:, None], 4, 1) if blurs.ndim == 1 else blurs
    spreads = np.broadcast_to(spread, blurs.shape)
    rows = []
    for patch, sure in zip(blurs, spreads, strict=True):
        within = [
            math.erfc(math.log(px / radius) / own / math.sqrt(2)) / 2
            for px, own in zip(patch, sure, strict=True)
            for radius in model.radii
        ]
        rows.append([*within, moved, moved])
    return np.array(rows, np.float32)


def summed(model, blurs, scale=1.0, counting=summing.OF_A_SPOT, **how):
    answers = said(model, blurs, **how)
    return summing.summed(answers, np.broadcast_to(np.float32(scale), len(answers)), model, counting)


@pytest.mark.parametrize("px", [1.2, 2.0, 4.0])
def test_patches_that_agree_are_believed(model, px):
    assert math.exp(summed(model, [px] * 8).log_blur) == pytest.approx(px, rel=0.2)


def test_the_blur_of_a_coarse_patch_is_told_in_fine_pixels(model):
    one, other = summed(model, [2.0] * 4), summed(model, [2.0] * 4, scale=0.25)
    assert other.log_blur - one.log_blur == pytest.approx(math.log(4), abs=0.01)


def test_what_lies_before_and_behind_the_subject_does_not_count(model):
    subject = summed(model, [1.2] * 6 + [6.0] * 6)
    assert math.exp(subject.log_blur) < 1.6
    assert summed(model, [1.2] * 3 + [6.0] * 9, counting=summing.OF_ALL).log_blur == pytest.approx(
        summed(model, [1.2] * 3).log_blur, abs=0.1
    ), "one subject is enough where the sharpest is looked for"


def test_lines_along_a_shake_do_not_hide_it(model):
    """Six patches see the motion along 0 degrees; six have lines along it, and know nothing there."""
    across, along = [6.0, 3.0, 1.3, 3.0], [1.3, 1.3, 1.3, 1.3]
    knowing, blind = [SURE] * 4, [UNSURE, SURE, SURE, SURE]
    shaken = summed(model, [across] * 6 + [along] * 6, spread=[knowing] * 6 + [blind] * 6, moved=0.8)
    assert math.exp(shaken.log_blur) > 3
    assert shaken.kind == "motion"


def test_a_coarse_scale_that_is_blurred_is_not_denied_by_the_rims_that_a_fine_one_sees(model):
    answers = said(model, [1.2] * 6 + [4.0] * 4)
    scale = np.array([1.0] * 6 + [0.16] * 4, np.float32)
    assert math.exp(summing.summed(answers, scale, model).log_blur) > 15
    sharp = said(model, [1.2] * 6 + [1.0] * 4)
    assert math.exp(summing.summed(sharp, scale, model).log_blur) < 2


def test_the_kind_is_unknown_where_the_patches_do_not_know(model):
    kinds = {moved: summed(model, [5.0] * 12, moved=moved).kind for moved in (0.05, 0.46, 0.9)}
    assert kinds == {0.05: "defocus", 0.46: "unknown", 0.9: "motion"}


def test_many_patches_are_surer_than_one(model):
    assert summed(model, [2.0] * 12, spread=0.6).error < summed(model, [2.0], spread=0.6).error
