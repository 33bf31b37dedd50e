import json


def test_a_few_lenses_are_measured_and_compared_with_the_truth(tool, capsys):
    assert tool("lens_report_trials")(["--cases", "2", "--seed", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["figures"]) >= {"tilt_across", "tilt_down", "curvature", "red_corner", "blue_corner"}
    assert all(row["told"] == 1 for row in told["figures"].values())
    assert all(row["uncertainty"] < 1 for row in told["figures"].values())
    assert set(told["refused"]) == {"step", "relief", "scene"}
