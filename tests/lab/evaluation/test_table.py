from lab.evaluation.cases import FAMILIES, Case
from lab.evaluation.statistics import NONE, share
from lab.evaluation.table import as_json, of_cases, of_figures, plain, text
from lab.evaluation.wanted import SKIES

LINE = SKIES[0]


def test_a_line_that_no_judge_has_is_left_out_and_one_that_a_judge_lacks_is_a_dash():
    found = {"one": {LINE.key: share([False, True]), SKIES[2].key: NONE}, "other": {SKIES[1].key: share([True])}}
    part = of_figures("Points", SKIES, found)
    assert [row.words for row in part.rows] == [LINE.words, SKIES[1].words]
    first, second = (line[len(LINE.words) :].split() for line in text([part]).splitlines()[1:3])
    assert "0.500" in first
    assert first[-1] == "-"
    assert second[-1] != "-"


def test_what_is_not_as_wanted_is_marked_and_counted():
    part = of_figures("Points", [LINE], {"one": {LINE.key: share([False] * 4)}})
    told = text([part])
    assert "missed" in told
    assert told.endswith("one: 0 of 1 as wanted.\n")
    (row,) = plain([part])
    assert row["found"]["one"]["met"] is False


def test_a_case_has_its_scores_for_programs():
    part = of_cases("Cases", {"one": [Case("a.png", FAMILIES[0], (0.9, None), False)]})
    (row,) = plain([part])
    assert row["line"] == f"{FAMILIES[0].words}: a.png"
    assert row["found"]["one"] == {"scores": [0.9, None], "met": False}


def test_a_figure_of_nothing_has_no_number_in_json():
    assert as_json(NONE)["value"] is None
    assert as_json(share([True]))["value"] == 1.0
