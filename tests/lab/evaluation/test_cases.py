"""What is right of a case from the field, and whether it was."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from focuscam.errors import UsageError
from focuscam.focus.model import FocusModel
from lab.evaluation import cases

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"


def tried(folder):
    return {path.name: cases.tried(FocusModel(), family, path) for family, path in cases.listed(folder)}


def save(folder, **pictures):
    for name, picture in pictures.items():
        Image.fromarray(picture).save(folder / f"{name}.png")


def test_a_sharp_picture_is_right_where_it_should_be_on_and_wrong_where_it_should_be_off(leaves, tmp_path):
    leaves = np.tile(leaves[::2, ::2], (2, 2))  # so that the spot has as much to see as a whole picture
    save(tmp_path, lamps_focus=leaves, lamps_off06=leaves, fog_sharp=leaves, fog_soft=leaves, pwm_wall_0=leaves)
    right = {name: case.right for name, case in tried(tmp_path).items()}
    assert right == {
        "lamps_focus.png": True,
        "lamps_off06.png": False,
        "fog_sharp.png": True,
        "fog_soft.png": False,
        "pwm_wall_0.png": False,
    }


def test_a_bare_wall_can_not_be_told_and_is_right_wherever_it_is_not_called_wrong(tmp_path):
    wall = np.full((480, 640), 120, np.uint8)
    save(tmp_path, lamps_focus=wall, lamps_off06=wall, fog_sharp=wall, fog_soft=wall, pwm_wall_0=wall)
    seen = tried(tmp_path)
    assert [name for name, case in seen.items() if not case.right] == ["lamps_focus.png"]
    assert seen["pwm_wall_0.png"].said == "can't tell, can't tell"


def test_a_picture_with_a_border_should_be_said_what_is_said_without_it(leaves, tmp_path):
    soft = cv2.blur(leaves, (25, 25))
    Image.fromarray(soft).save(tmp_path / "soft.jpg")
    save(tmp_path, soft_alike=soft, soft_other=leaves)
    assert {name: case.right for name, case in tried(tmp_path).items()} == {
        "soft_alike.png": True,
        "soft_other.png": False,
    }


def test_a_border_without_the_picture_it_was_put_around_is_refused_with_a_sentence(leaves, tmp_path):
    save(tmp_path, soft_letterbox=leaves)
    with pytest.raises(UsageError, match=r"soft\.jpg, which is not beside it"):
        cases.listed(tmp_path)


def test_the_cases_that_are_at_hand_are_lamps_bands_borders_and_fog():
    if not CASES.is_dir():
        pytest.skip("the cases from the field (shared/cases beside the checkout) are not here")
    assert {family.pattern for family, _ in cases.listed(CASES)} == {family.pattern for family in cases.FAMILIES}
