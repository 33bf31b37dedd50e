"""The link that leads to the environment which runs: always to a whole one."""

import subprocess
from pathlib import Path

import pytest

SWITCH = Path(__file__).resolve().parents[2] / "deploy/package/switch.sh"


@pytest.fixture
def switch(tmp_path):
    """Run functions of switch.sh on folders of the test's."""

    def run(command):
        places = f"home={tmp_path}/home; . {SWITCH}; trees={tmp_path}/trees; kept=$trees/kept; "
        subprocess.run(["bash", "-euo", "pipefail", "-c", places + command], check=True)

    for name in ("trees/1", "trees/2"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "program").write_text(name[-1])
    return run


def program(folder):
    return (folder / "home/program").read_text()


def test_it_leads_to_another_at_once(switch, tmp_path):
    switch("point_to $trees/1")
    assert program(tmp_path) == "1"
    switch("point_to $trees/2")
    assert program(tmp_path) == "2"


def test_it_takes_the_place_of_a_folder_which_goes(switch, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home/program").write_text("by hand")
    switch("point_to $trees/1")
    assert program(tmp_path) == "1"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["home", "trees"]


def test_what_runs_is_kept_whole_while_its_files_go_one_by_one(switch, tmp_path):
    switch("point_to $trees/1; keep_what_runs; rm -r $trees/1")
    assert program(tmp_path) == "1"


def test_what_was_kept_is_kept_where_an_upgrade_begins_again(switch, tmp_path):
    switch("point_to $trees/1; keep_what_runs; rm -r $trees/1; mkdir $trees/1; keep_what_runs")
    assert program(tmp_path) == "1"


def test_a_copy_that_was_not_finished_is_made_anew(switch, tmp_path):
    (tmp_path / "trees/kept").mkdir()
    (tmp_path / "trees/kept/half").touch()
    switch("point_to $trees/1; keep_what_runs")
    assert program(tmp_path) == "1"
    assert not (tmp_path / "home/half").exists()


def test_bytecode_goes_but_not_that_of_what_runs(switch, tmp_path):
    (tmp_path / "trees/1/__pycache__").mkdir()
    switch("point_to $trees/1; keep_what_runs")
    assert (tmp_path / "home/__pycache__").exists()
    assert not (tmp_path / "trees/1/__pycache__").exists()
