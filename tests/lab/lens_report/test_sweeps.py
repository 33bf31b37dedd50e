import cv2
import numpy as np

from lab.lens_report.sweeps import in_depth, swept


def detail(frame):
    height, width = frame.shape
    middle = frame[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3]
    return cv2.Laplacian(cv2.GaussianBlur(middle, (0, 0), 2), cv2.CV_64F).var()


def test_the_middle_is_sharpest_where_the_truth_says_that_focus_is():
    case = swept(np.random.default_rng([0, 0, 1]))
    best = case.positions[int(np.argmax([detail(frame) for frame in case.frames]))]
    assert abs(best - case.centre) * case.disc < 4  # px of blur


def test_beyond_means_that_focus_lies_past_an_end():
    case = swept(np.random.default_rng([0, 2, 0]), "beyond")
    assert not min(case.positions) <= case.centre <= max(case.positions)


def test_a_scene_in_depth_is_swept_from_end_to_end():
    frames, positions = in_depth(np.random.default_rng(0))
    assert len(frames) == len(positions) == 31
    assert detail(frames[15]) != detail(frames[0])
