import json

import pytest

from lab.lens_report.trials import fewer, summary


def test_a_few_lenses_are_measured_and_compared_with_the_truth(tool, capsys):
    assert tool("lens_report_trials")(["--cases", "2", "--seed", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["figures"]) >= {"tilt_across", "tilt_down", "curvature", "red_corner", "blue_corner"}
    assert all(row["told"] == 1 for row in told["figures"].values())
    assert all(row["uncertainty"] < 1 for row in told["figures"].values())
    assert set(told["refused"]) == {"step", "relief", "scene"}


def test_what_is_told_counts_as_within_where_its_error_is_no_larger_than_its_uncertainty():
    told = summary([(1.0, 1.2, 0.3), (2.0, 3.0, 0.5), (4.0, None, None)])
    assert told["told"] == pytest.approx(2 / 3)
    assert told["within"] == pytest.approx(1 / 2)
    assert told["error"] == pytest.approx(0.6)
    assert told["true"] == 2.0


def test_of_other_scenes_there_is_one_at_least():
    assert [fewer(cases) for cases in (2, 200)] == [1, 40]
