from lab.evaluation import points
from lab.evaluation.points import BLURS, Searched, Shown


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
