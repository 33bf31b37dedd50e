import numpy as np
import pytest

from lab.evaluation import calibration


def of_spots(score, c, series, green=False, end=False):
    score = np.asarray(score, float)
    same = np.ones(len(score), bool)
    return calibration.Shown(score, np.asarray(c, float), np.asarray(series), same & green, same & end)


def test_a_score_that_means_what_it_says_has_no_calibration_error():
    rng = np.random.default_rng(0)
    score = rng.random(40_000)
    right = rng.random(len(score)) < score
    shown = of_spots(score, np.where(right, 0.95, 0.3), np.full(len(score), "one"))
    assert calibration.figures(shown)["ECE"].value < 0.02
    bold = of_spots(np.where(score > 0.5, 0.99, 0.01), shown.c, shown.series)
    assert calibration.figures(bold)["ECE"].value > 0.2


def test_frames_of_which_nobody_knows_do_not_count_and_series_count_alike():
    series = ["long"] * 90 + ["short"] * 10 + ["short"]
    many = of_spots([0.9] * 90 + [0.1] * 10 + [0.5], [1.0] * 90 + [1.0] * 10 + [0.8], series)
    figures = calibration.figures(many)
    assert figures["ECE"].n == 100
    assert figures["sharp on"].value == pytest.approx(0.5)
    assert figures["sharp, score"].value == pytest.approx(0.5)


def test_soft_frames_and_soft_ends_that_are_green_alone_are_counted_apart():
    ends, lit = np.array([True, False, False, True]), np.array([True, False, False, False])
    figures = calibration.figures(of_spots([0.6, 0.05, 0.95, 0.2], [0.6, 0.3, 1.0, 0.9], ["a"] * 4, lit, ends))
    assert figures["ends green"].value == 1  # the other end is nearly sharp
    assert figures["soft green"].value == 0
    assert figures["soft under 0.1"].value == 1
    assert figures["sharp over 0.9"].value == 1


def test_spots_without_a_frame_that_is_plainly_soft_say_nothing_of_soft_ones():
    figures = calibration.figures(of_spots([0.9], [1.0], ["a"]))
    assert figures["soft green"].n == 0
    assert str(figures["soft, score"]) == "-"
