import numpy as np

from focuscam.focus.model import FocusModel
from lab.benchmark.jobs import classical, frame_of_a_camera, ours, picture


def test_the_frame_has_the_sizes_of_the_two_streams_of_the_camera():
    frame = frame_of_a_camera()
    assert frame.fine.shape == (1520, 2028)
    assert frame.coarse.shape == (480, 640)
    assert frame.fine.dtype == frame.coarse.dtype == np.uint8


def test_the_picture_is_the_same_each_time_and_has_something_to_see():
    assert np.array_equal(picture(60, 80), picture(60, 80))
    assert picture(60, 80).std() > 20


def test_every_job_runs_and_the_whole_step_comes_to_a_decision():
    jobs = ours(FocusModel(), frame_of_a_camera())
    status = jobs["whole step"]()
    assert status.reading.score is not None
    for job in (jobs | classical()).values():
        assert job() is not None
