import cv2
import numpy as np
import pytest

from lab.evaluation import pictures, rivals


def test_a_rival_learns_its_threshold_from_what_it_is_given(leaves):
    rival = rivals.Measured("Laplacian", rivals.laplacian)
    pairs = [(leaves, True), (cv2.blur(leaves, (9, 9)), False)]
    rival.train(pairs, pairs)
    assert rivals.laplacian(pairs[1][0]) < rival.threshold < rivals.laplacian(leaves)


def test_a_rival_that_is_pointed_at_a_spot_sees_that_alone(leaves):
    picture = np.full_like(leaves, 90)
    picture[120:240, 160:320] = leaves[120:240, 160:320]
    rival = rivals.Measured("Laplacian", rivals.laplacian)
    frame = pictures.frame_of(picture)
    assert rival.at((0.25, 0.25, 0.25, 0.25))(frame).score == pytest.approx(rivals.laplacian(leaves[120:240, 160:320]))
    assert rival.at((0.75, 0.75, 0.25, 0.25))(frame).score == 0
