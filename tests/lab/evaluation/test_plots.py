import numpy as np

from focuscam.messages import Reading
from lab.evaluation import plots
from lab.evaluation.pictures import Photo, Sweep
from lab.evaluation.trials import OnPhotos, OnSweeps


class Judge:
    name, threshold = "A judge, 1", 0.5


def said(score):
    return Reading(0, 0.0, None, score, 1.0, "none", score)


def test_there_is_a_picture_of_the_sweeps_of_each_judge_and_one_of_all_photos(tmp_path):
    luma = np.zeros((4, 4), np.uint8)
    sweeps = OnSweeps([Sweep("a", ["0"] * 3, [luma] * 3, np.array([0.2, 1.0, 0.3]))], [[[said(v)] for v in (3, 8, 2)]])
    photos = OnPhotos([Photo("a", "a", kind, luma) for kind in ("none", "motion")], [said(0.9), said(0.2)], 0.5)
    written = plots.write(tmp_path, [(Judge(), "clean", photos, sweeps), (Judge(), "noise 4", None, None)])
    assert [path.name for path in written] == ["sweeps-a-judge-1-clean.png", "roc-clean.png"]
    assert all(path.is_file() for path in written)
