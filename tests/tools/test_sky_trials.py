import sky_trials
from evaluation import points
from evaluation.points import BLURS, Searched, Shown


def test_a_sky_is_tried_at_every_blur_and_searched(capsys):
    assert sky_trials.main(["--seeds", "1", "--searches", "1", "--kind", "lamps"]) == 0
    told = capsys.readouterr().out.splitlines()
    share = told[1].partition(";")[0].split()
    assert share[: len(BLURS) + 2] == ["lamps", "1.00", *["0.00"] * (len(BLURS) - 1), "1.000"]
    assert "1 of 1" in told[1]


def sky(seed, *wrong):
    """A sky at which the light is right, but for these blurs."""
    lit = tuple((blur < points.FROM_PX) != (blur in wrong) for blur in BLURS)
    return Shown("faint", seed, tuple(float(each) for each in lit), lit)


def test_one_blur_that_is_wrong_makes_the_sky_wrong():
    figures = points.figures([sky(0), sky(1, 24.0), sky(2, 0.0), sky(3)], [])
    assert figures["faint"].value == 0.5
    assert figures["moon"].n == 0


def test_autofocus_has_found_the_focus_only_where_it_ends_near_it():
    searches = [Searched("moon", 0, 0.8), Searched("moon", 1, 5.0), Searched("moon", 2, None)]
    assert [each.found for each in searches] == [True, False, False]
    assert points.figures([], searches)["autofocus"].value == 1 / 3


def test_seeds_that_went_wrong_are_named_and_drawn(tmp_path, capsys):
    sky_trials.told("faint", [sky(0), sky(7, 6.0, 40.0)], [Searched("faint", 4, None)])
    told = capsys.readouterr().out
    assert "wrong: 7 (at 6, 40 px)" in told
    assert "focus not found: 4 (nothing)" in told
    sky_trials.draw(tmp_path / "drawn", [sky(0), sky(7, 6.0)])
    assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["faint 7 at 6 px 1.00.png"]
