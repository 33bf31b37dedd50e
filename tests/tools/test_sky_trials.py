import sky_trials


def test_a_sky_is_tried_at_every_blur_and_searched(capsys):
    assert sky_trials.main(["--seeds", "1", "--searches", "1", "--kind", "lamps"]) == 0
    told = capsys.readouterr().out.splitlines()
    share = told[1].partition(";")[0].split()
    assert share[:7] == ["lamps", "1.00", "0.00", "0.00", "0.00", "0.00", "0.00"]
    assert "1 of 1" in told[1]
