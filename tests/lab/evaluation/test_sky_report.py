from lab.evaluation import points, sky_report
from lab.evaluation.points import BLURS, Searched, Shown


def sky(seed, *wrong):
    """A sky at which the light is right, but for these blurs."""
    lit = tuple((blur < points.FROM_PX) != (blur in wrong) for blur in BLURS)
    return Shown("faint", seed, tuple(float(each) for each in lit), lit)


def test_a_sky_is_tried_at_every_blur_and_searched(tool, capsys):
    assert tool("sky_trials")(["--seeds", "1", "--searches", "1", "--kind", "lamps"]) == 0
    told = capsys.readouterr().out.splitlines()
    share = told[1].partition(";")[0].split()
    assert share[: len(BLURS) + 2] == ["lamps", "1.00", *["0.00"] * (len(BLURS) - 1), "1.000"]
    assert "1 of 1" in told[1]


def test_seeds_that_went_wrong_are_named_and_drawn(tmp_path):
    told = list(sky_report.told("faint", [sky(0), sky(7, 6.0, 40.0)], [Searched("faint", 4, None)]))
    assert "  wrong: 7 (at 6, 40 px)" in told
    assert "  focus not found: 4 (nothing)" in told
    sky_report.draw(tmp_path / "drawn", [sky(0), sky(7, 6.0)])
    assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["faint 7 at 6 px 1.00.png"]
