from focuscam.messages import Light, Reading, Status
from lab.coaching.stills import NEAR, Stills, crossed, trapped


def said(lit, score=0.9):
    return [
        Status(
            Reading(n, n / 30, None, score, 1.0, "none", 1.0),
            Light.ON if each else Light.OFF,
            0.5,
            1.0,
            0.9,
            rested_s=1 + n / 30,
        )
        for n, each in enumerate(lit)
    ]


def test_a_still_within_three_frames_of_focus_counts_and_one_of_a_soft_picture_does():
    blurs = [10.0] * 20 + [1.0] * 20 + [10.0] * 20
    assert Stills(blurs, [20 - NEAR]).caught
    assert not Stills(blurs, [20 - NEAR - 1]).caught
    assert Stills(blurs, [25, 50]).soft
    assert not Stills(blurs, [25]).soft
    assert Stills(blurs).counts
    assert not Stills([10.0, 1.0] * 60).counts


def test_through_a_mode_switch_the_exposure_comes_later():
    statuses = said([False] * 10 + [True] * 50)
    blurs = [1.0] * 60
    assert trapped(statuses, blurs, "light", 0, None).taken == [10]
    assert trapped(statuses, blurs, "light", 6, None).taken == [16]
    assert trapped(statuses, blurs, "light", 6, lambda now, before: False).taken == []


def test_another_light_is_caught_at_its_rising_edges():
    assert crossed([False, True, False, True] + [True] * 10, [1.0] * 14).taken == [1]
