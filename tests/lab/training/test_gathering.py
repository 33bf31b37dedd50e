import numpy as np
import pytest

from lab.training import gathering, scenes
from lab.training.photos import Losses


def test_a_damaged_photo_is_named_and_the_others_are_used(tmp_path):
    import cv2

    cv2.imwrite(str(tmp_path / "good.png"), scenes.invented(1, 1).astype(np.uint8))
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    losses = Losses()
    work = gathering.jobs([tmp_path], [], [], 0, 12, 1, losses)
    made = gathering.gather(work, tmp_path / "work", 1, losses)
    assert len(made)
    assert "bad.jpg" in losses.summary()
    again = Losses()
    kept = gathering.gather(work, tmp_path / "work", 1, again)
    assert np.array_equal(kept.luma, made.luma), "the second time it comes from the cache"
    assert again.summary() == losses.summary(), "and still says what was lost"


def test_a_folder_that_is_absent_or_empty_is_refused_by_name(tmp_path):
    with pytest.raises(ValueError, match="nowhere does not exist"):
        gathering.jobs([tmp_path / "nowhere"], [], [], 0, 12, 1, Losses())
    with pytest.raises(ValueError, match="holds no pictures"):
        gathering.jobs([tmp_path], [], [], 0, 12, 1, Losses())


def test_a_sweep_without_its_table_is_named(tmp_path):
    (tmp_path / "sweeps" / "one").mkdir(parents=True)
    (tmp_path / "sweeps" / "one" / "0.png").write_bytes(b"")
    losses = Losses()
    with pytest.raises(ValueError, match="one folder of pictures for each"):
        gathering.jobs([], [tmp_path / "sweeps"], [], 0, 12, 1, losses)
    assert "sweep.csv" in losses.summary()
