import json

import light_trials
import pytest


@pytest.fixture
def sweeps(sweep, tmp_path):
    """A folder with one sweep in it, in focus in the middle."""
    folder = tmp_path / "leaves"
    folder.mkdir()
    rows = [f"{sweep / f'{n}.png'},{n}" for n in range(21)]
    (folder / "sweep.csv").write_text("file,position\n" + "\n".join(rows) + "\n")
    return tmp_path


def test_the_three_figures_of_the_light_are_printed_for_a_folder_of_sweeps(sweeps, capsys):
    assert light_trials.main([str(sweeps), "--conditions", "clean", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["clean"]
    assert figures["green light"]["n"] == 1
    assert figures["first green"]["n"] == 2
    assert figures["cold start"]["value"] > 0.9


def test_the_table_names_each_sweep(sweeps, capsys):
    assert light_trials.main([str(sweeps), "--conditions", "clean"]) == 0
    assert "leaves" in capsys.readouterr().out


def test_a_folder_without_sweeps_is_one_sentence(tmp_path, capsys):
    assert light_trials.main([str(tmp_path)]) == 2
    assert "sweep.csv" in capsys.readouterr().err


def test_a_condition_that_is_none_is_named_with_those_there_are(sweeps, capsys):
    assert light_trials.main([str(sweeps), "--conditions", "fog"]) == 2
    assert "choose from clean" in capsys.readouterr().err
