import cv2
import numpy as np
import pytest

from lab.training import kaggle, scenes
from lab.training.photos import Losses


@pytest.fixture
def data(tmp_path):
    """Four scenes, simulated."""
    sharp = tmp_path / "photos"
    sharp.mkdir()
    for number in range(4):
        cv2.imwrite(str(sharp / f"{number}.png"), scenes.invented(number, 1)[:300, :400].astype(np.uint8))
    kaggle.simulate(sorted(sharp.iterdir()), tmp_path / "set", 1, Losses(), longest=100)
    return tmp_path / "set"


def kinds(photos):
    return sorted((photo.scene, photo.kind) for photo in photos)


def test_a_simulated_set_has_three_kinds_of_each_scene_and_blurs_the_two(data):
    losses = Losses()
    photos = kaggle.photos(data, losses)
    assert kinds(photos) == sorted((str(n), k) for n in range(1, 5) for k in "SFM")
    assert not losses.summary()
    detail = {p.kind: cv2.Laplacian(cv2.imread(str(p.path), 0), cv2.CV_64F).var() for p in photos if p.scene == "2"}
    assert detail["S"] > 2 * max(detail["F"], detail["M"])


def test_the_real_layout_is_read(photos):
    found = kaggle.photos(photos / "kwentar", Losses())
    assert len(found) == 21
    assert {photo.device for photo in found if photo.scene == "7"} == {"NIKON-D3400-35MM"}


def test_a_split_by_scene_never_parts_a_scene_and_one_by_file_does(data):
    photos = kaggle.photos(data, Losses())
    train, validation = kaggle.split(photos, "scene", 1)
    assert not {p.scene for p in train} & {p.scene for p in validation}
    train, validation = kaggle.split(photos, "file", 1)
    assert {p.scene for p in train} & {p.scene for p in validation}


def test_what_contradicts_itself_is_named_and_passed_over(data):
    (data / "sharp" / "holiday.jpg").write_bytes((data / "sharp" / "1_SIMULATED_S.jpg").read_bytes())
    (data / "sharp" / "2_SIMULATED_F.jpg").write_bytes((data / "sharp" / "2_SIMULATED_S.jpg").read_bytes())
    (data / "motion_blurred" / "3_SIMULATED_M.jpg").write_bytes((data / "sharp" / "3_SIMULATED_S.jpg").read_bytes())
    (data / "motion_blurred" / "4_SIMULATED_M.jpg").unlink()
    losses = Losses()
    assert {photo.scene for photo in kaggle.photos(data, losses)} == {"1", "2"}
    told = losses.summary()
    assert "holiday.jpg" in told
    assert "contradict each other" in told
    assert "2_SIMULATED_F.jpg" in told
    assert "the same picture under two kinds" in told
    assert "4 (has F, S)" in told


def test_a_folder_of_another_layout_is_refused_with_what_it_should_hold(tmp_path):
    with pytest.raises(ValueError, match="no folder sharp or defocused_blurred or motion_blurred"):
        kaggle.photos(tmp_path, Losses())


def test_folders_without_one_whole_scene_are_refused(data):
    for path in (data / "sharp").iterdir():
        path.unlink()
    with pytest.raises(ValueError, match="holds no scene"):
        kaggle.photos(data, Losses())
