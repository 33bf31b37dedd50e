import csv
import json
import subprocess
import sys

import numpy as np
import pytest

from focuscam.errors import UsageError
from lab.evaluation.light_trials import BEFORE, chosen
from lab.evaluation.pictures import LIGHT_CONDITIONS
from lab.evaluation.ring import HANDS
from lab.places import REPOSITORY, SHARED

JUDGE = SHARED / "judge" / "light.py"


@pytest.fixture
def series(sweep, tmp_path):
    """A folder with one series in it, in focus in the middle."""
    folder = tmp_path / "leaves"
    folder.mkdir()
    rows = [f"{sweep / f'{n}.png'},{n}" for n in range(21)]
    (folder / "sweep.csv").write_text("file,position\n" + "\n".join(rows) + "\n")
    return tmp_path


def played(tool, folder, capsys, *more):
    assert tool("light_trials")([str(folder), "--conditions", "clean", "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)["clean"]


def test_a_folder_without_a_list_of_spots_has_them_found_and_every_hand_is_told_of(tool, series, capsys):
    figures = played(tool, series, capsys)["focuscam"]
    assert set(figures) == {*HANDS, "at rest"}
    assert all(
        0 <= value <= 1 for values in figures.values() for key in values if key != "legs" for value in values[key]
    )


def test_ours_waits_for_the_top_where_a_held_contrast_comes_on_at_once(tool, series, capsys):
    lights = played(tool, series, capsys, "--rivals", "--hands", "turn3")
    assert lights["focuscam"]["turn3"]["right"] == [1.0]
    assert lights["contrast held at 0.9 of the best"]["turn3"]["early"] == [1.0]
    assert set(lights) >= {"plain rule", "best fixed contrast threshold"}


def test_the_tables_name_the_hands_in_words(tool, series, capsys):
    assert tool("light_trials")([str(series), "--conditions", "clean", "--hands", "turn2,hunting"]) == 0
    told = capsys.readouterr().out
    assert "even, 2 s" in told
    assert "hunts, ever smaller" in told


def test_what_went_wrong_is_drawn(tool, series, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("lab.evaluation.spot_trials.RIGHT", 1.01)  # nothing is good enough
    tool("light_trials")([str(series), "--conditions", "clean", "--hands", "turn3", "--plot", str(tmp_path / "drawn")])
    assert list((tmp_path / "drawn").glob("00_leaves*.png"))


def test_a_folder_without_series_is_one_sentence(tool, tmp_path, capsys):
    assert tool("light_trials")([str(tmp_path)]) == 2
    assert "sweep.csv" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "word"), [("--conditions", "fog"), ("--hands", "paw")])
def test_a_word_that_is_none_is_named_with_those_there_are(tool, series, capsys, option, word):
    assert tool("light_trials")([str(series), option, word]) == 2
    assert "choose from" in capsys.readouterr().err


@pytest.mark.skipif(
    not JUDGE.is_file(), reason="needs the recorded series and the independent judge beside this folder"
)
def test_on_two_recorded_series_the_figures_are_those_of_an_independent_judge(tool, tmp_path, capsys):
    for name, where in (("tool_wall", "sweeps"), ("gear_b", "series")):
        root = SHARED / "data" / where / "validation"
        kinds = {"turn3": "turn3", "look2": "looks2"}
        table = tmp_path / f"{name}.csv"
        command = [sys.executable, JUDGE, REPOSITORY, root, *kinds.values(), "green", "cold"]
        subprocess.run([*command, "--most", "2", "--only", name, "--csv", table], check=True, capture_output=True)
        with table.open() as file:
            rows = list(csv.DictReader(file))
        with (root / "spots.csv").open() as file:
            spots = [line for line in file if line.startswith(("sweep,", f"{name},"))]
        alone = tmp_path / name
        alone.mkdir()
        (alone / name).symlink_to(root / name)
        (alone / "spots.csv").write_text("".join(spots))
        ours = played(tool, alone, capsys, "--hands", ",".join(kinds))["focuscam"]
        for hand, kind in kinds.items():
            theirs = [row for row in rows if row["kind"] == kind]
            assert ours[hand]["right"] == [pytest.approx(np.mean([row["ok"] == "True" for row in theirs]))]
            assert ours[hand]["early"] == [pytest.approx(np.mean([row["early"] == "True" for row in theirs]))]
            assert ours[hand]["legs"] == [pytest.approx(np.mean([int(row["legs"]) for row in theirs]))]
        for figure in ("green", "cold"):
            theirs = np.mean([row["ok"] == "True" for row in rows if row["kind"] == figure])
            assert ours["at rest"][figure] == [pytest.approx(theirs)]


def test_no_word_means_all_of_them_and_one_that_is_none_is_refused():
    assert chosen(None, ["a", "b"], "hand") == ["a", "b"]
    assert chosen("b", ["a", "b"], "hand") == ["b"]
    with pytest.raises(UsageError, match="no hand 'c': choose from a, b"):
        chosen("b,c", ["a", "b"], "hand")


def test_what_is_kept_of_an_older_coach_has_the_hands_and_conditions_of_today():
    kept = json.loads(BEFORE.read_text())
    assert set(kept) <= set(LIGHT_CONDITIONS)
    assert all(set(told) <= {*HANDS, "at rest"} for told in kept.values())
