import json

import pytest

from lab.pi import report

FOUND = {
    "trixie": {"whole step": 20.0, "whole step, spot": 18.0, "focus map": 50.0, "  network": 10.0},
    "bookworm": {"whole step": 24.0, "whole step, spot": 21.0, "focus map": 55.0, "  network": 11.0},
}


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "KEPT", tmp_path / "figures.json")
    report.keep(FOUND)


def changed(job, times):
    found = json.loads(json.dumps(FOUND))
    found["trixie"][job] *= times
    return found


def test_a_step_that_has_grown_by_more_than_a_twentieth_is_named():
    assert report.grown(changed("whole step", 1.04)) == []
    (told,) = report.grown(changed("whole step", 1.06))
    assert "whole step on trixie" in told


def test_where_one_system_was_counted_the_other_is_not_missed():
    found = {"bookworm": changed("whole step", 1.06)["bookworm"]}
    assert report.grown(found) == []


def test_a_part_may_grow_where_the_step_does_not():
    assert report.grown(changed("  network", 1.5)) == []


def test_the_table_says_what_a_step_would_take_and_that_it_is_on_paper():
    told = report.table(FOUND)
    assert "8.9 to 13.3" in told
    assert "27 to 40 %" in told
    assert "on paper" in told
