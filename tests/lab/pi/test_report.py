import json
import shutil
import subprocess

import pytest

from lab.pi import machine, report

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


def test_a_part_may_grow_where_the_step_does_not():
    assert report.grown(changed("  network", 1.5)) == []


def test_the_table_says_what_a_step_would_take_and_that_it_is_on_paper():
    told = report.table(FOUND)
    assert "8.9 to 13.3" in told
    assert "27 to 40 %" in told
    assert "on paper" in told


def test_without_what_an_emulated_pi_needs_it_is_named(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "mmdebstrap" else f"/usr/bin/{name}")
    with pytest.raises(machine.NoPi, match="needs mmdebstrap"):
        machine.check()


@pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no C compiler here")
def test_the_counter_sums_the_instructions_of_the_blocks_between_two_marks(tmp_path):
    counter = tmp_path / "counter"
    subprocess.run(["gcc", "-O2", "-o", counter, machine.HERE / "counter.c"], check=True)
    said = """IN: three of them
0x00001000:  d503201f  nop
0x00001004:  d503201f  nop
0x00001008:  d65f03c0  ret

Trace 0: 0x7f00 [00000000/0000000000001000/0/0] three
12 faccessat(-100,"/MARK/job",F_OK) = -1
Trace 0: 0x7f00 [00000000/0000000000001000/0/0] three
Trace 0: 0x7f00 [00000000/0000000000001000/0/0] three
12 faccessat(-100,"/MARK/between",F_OK) = -1
"""
    told = subprocess.run([counter], input=said, capture_output=True, text=True, check=True).stdout
    assert dict(line.split("\t") for line in told.splitlines()) == {"start": "3", "job": "6", "between": "0"}
