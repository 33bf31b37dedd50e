from lab.autofocus import report
from lab.autofocus.trial import Trial
from lab.autofocus.trials import OURS, Found
from lab.evaluation.statistics import share


def trial(subject="a", off=0.0, refused=False):
    return Trial(subject, 9, 100, off, refused, 5, 3, "It said so.", refused)


def found(**parts):
    nothing = {"sweeps": [], "real": {OURS: []}, "noisy": {OURS: []}, "seen": {OURS: {}}, "made": {OURS: []}}
    return Found(**(nothing | {"empty": {OURS: []}} | parts))


def test_each_trial_that_ended_elsewhere_or_should_have_been_refused_has_its_line():
    made = {OURS: [(trial(), 100), (trial("b", off=4.0), 100)]}
    lines = list(report.wrong(found(made=made, empty={OURS: [trial("wall"), trial("cap", refused=True)]})))
    assert lines == [
        "b from 5, backlash 3: 4.0 off. It said so.",
        "wall from 5: not refused. It said so.",
    ]


def test_a_share_stands_with_its_interval_and_a_mean_without():
    lines = list(report.table({"somebody": {"within 1": share([True] * 4), "exposures": 7.25}}))
    assert lines[1].split() == ["somebody", "1.000", "[0.51", "1.00]", "7.25"]


def test_what_goes_wrong_is_told_as_shares_ended_right_said_so_and_neither():
    lines = list(report.upsets(found(upset={"slips": [trial(), trial(off=9.0), trial(off=9.0, refused=True)]})))
    assert lines[1].split() == ["slips", "0.333", "0.333", "0.333", "9.0"]


def test_kinds_of_scene_are_right_where_they_should_be_refused_and_are():
    lines = list(report.details(found(kinds={"16 mm, cap": [trial(refused=True)], "16 mm, plain": [trial(off=3.0)]})))
    assert lines[-2].split()[:4] == ["16", "mm,", "cap", "1.000"]
    assert lines[-1].split()[:4] == ["16", "mm,", "plain", "0.000"]
