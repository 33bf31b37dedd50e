import json

import cv2
import pytest
from PIL import Image

from lab import places
from lab.evaluation import calibration, cases, parts, sets


@pytest.fixture
def asked(leaves, sweep, tmp_path):
    """Sets, spots and cases, and the options that name them."""
    for label, picture in (("sharp", leaves), ("defocus", cv2.blur(leaves, (13, 13)))):
        (tmp_path / "sets" / "one" / label).mkdir(parents=True)
        for number in range(3):
            Image.fromarray(picture).save(tmp_path / "sets" / "one" / label / f"{number}.png")
    (tmp_path / "spots" / "a").mkdir(parents=True)
    rows = "".join(f"{sweep / f'{n}.png'},{n}\n" for n in range(21))
    (tmp_path / "spots" / "a" / "sweep.csv").write_text("file,position\n" + rows)
    (tmp_path / "spots" / "spots.csv").write_text("sweep,x,y,w,h\na,0.375,0.375,0.25,0.25\n")
    (tmp_path / "cases").mkdir()
    Image.fromarray(leaves).save(tmp_path / "cases" / "lamps_off40.png")  # on, which is wrong
    names = [f"--{name}={tmp_path / name}" for name in ("sets", "spots", "cases")]
    return [*names, "--skies=1", "--only=focuscam"]


def test_one_table_says_what_is_wanted_and_what_was_found(tool, asked, tmp_path, capsys):
    assert tool("evaluate")([*asked, "--plot", str(tmp_path / "plots")]) == 0
    told = {line.partition("  ")[0].strip(): line for line in capsys.readouterr().out.splitlines()}
    assert ">= 0.98" in told["sharp photos called in focus"]
    assert "1.000" in told["sharp photos called in focus"]
    assert "<= 0.02" in told["c under 0.5: green alone"]
    assert "0.000" in told["c under 0.5: green alone"]
    assert "<= 0.03" in told["first and last frames, c up to 0.7: green alone"]
    assert "autofocus finds the focus" in told
    wrong = told["lamps of a town, out of focus: lamps_off40.png"]
    assert wrong.endswith("missed")
    assert "missed" not in told["the moon: on in focus, off from 6 px"]
    assert any(line.startswith("focuscam, ") and line.endswith("as wanted.") for line in told)
    assert (tmp_path / "plots" / "reliability.png").is_file()


def test_the_table_for_programs_has_each_line_with_what_is_wanted_and_whether_it_was_met(tool, asked, capsys):
    assert tool("evaluate")([*asked, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))["table"]
    by_line = {row["line"]: row for row in rows}
    sharp = by_line["sharp photos called in focus"]
    assert sharp["wanted"] == ">= 0.98"
    for found in sharp["found"].values():
        assert found["met"]
        assert found["n"] == 1
    for found in by_line["lamps of a town, out of focus: lamps_off40.png"]["found"].values():
        assert found["met"] is False
        assert found["scores"][0] > 0.9


@pytest.mark.parametrize(
    ("option", "said"), [("--sets", "holds no sets"), ("--spots", "spots.csv"), ("--cases", "holds no case")]
)
def test_a_folder_that_does_not_hold_what_it_should_is_refused_with_one_sentence(tool, option, said, tmp_path, capsys):
    for folder in (tmp_path, tmp_path / "absent"):
        assert tool("evaluate")([option, str(folder), "--only", "focuscam"]) == 2
        (line,) = [line for line in capsys.readouterr().err.splitlines() if str(tmp_path) in line]
        assert said in line


def test_a_word_that_is_in_no_judges_name_is_refused(tool, photos, capsys):
    assert tool("evaluate")(["--only", "nobody", "--sets", str(photos / "photos/validation")]) == 2
    assert "'nobody'" in capsys.readouterr().err


def test_nothing_to_look_at_is_said_where_no_data_lie_beside_the_repository(tool, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(places, "DATA", tmp_path / "absent")
    assert tool("evaluate")([]) == 2
    assert "--sets FOLDER" in capsys.readouterr().err


def test_without_options_all_validation_data_are_looked_at(photos):
    options = parts.Options(
        sets=None, spots=[], skies=0, cases=None, photos=None, sweeps=None, train=None, only=None, conditions=None
    )
    parts.complete(options)
    assert sets.listed(options.sets)
    assert len(calibration.listed(options.spots)) > 10
    assert cases.listed(options.cases)
    assert options.skies > 0


@pytest.mark.parametrize("count", ["-1", "many"])
def test_a_number_of_skies_that_is_none_is_refused(tool, count, capsys):
    with pytest.raises(SystemExit):
        tool("evaluate")(["--skies", count])
    assert "--skies" in capsys.readouterr().err
