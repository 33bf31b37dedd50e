import json

import cv2
import numpy as np
import pytest
from PIL import Image

from lab.evaluation import compared
from lab.evaluation.statistics import share


@pytest.fixture
def kaggle(leaves, tmp_path):
    """Two scenes in the layout of the Kaggle set."""
    shaken = np.zeros((15, 15), np.float32)
    shaken[7] = 1 / 15
    for scene, picture in (("1", leaves), ("2", leaves[:, ::-1])):
        small = cv2.resize(picture, (400, 300), interpolation=cv2.INTER_AREA)
        versions = {
            "sharp": small,
            "defocused_blurred": cv2.blur(small, (9, 9)),
            "motion_blurred": cv2.filter2D(small, -1, shaken),
        }
        for folder, version in versions.items():
            (tmp_path / folder).mkdir(exist_ok=True)
            Image.fromarray(version).save(tmp_path / folder / f"{scene}_PHONE_{folder[0].upper()}.png")
    return tmp_path


def test_photos_and_sweeps_are_tried_and_the_figures_come_with_their_numbers(tool, kaggle, sweep, tmp_path, capsys):
    rows = "".join(f"{sweep / f'{n}.png'},{n}\n" for n in range(21))
    (tmp_path / "sweep.csv").write_text("file,position\n" + rows)
    given = ["--photos", str(kaggle), "--sweeps", str(tmp_path), "--only", "focuscam", "--conditions", "clean"]
    assert tool("evaluate")([*given, "--json", "--plot", str(tmp_path / "plots")]) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))[
        "compared"
    ]
    for figures in told.values():
        clean = figures["clean"]
        assert clean["accuracy"]["n"] == 6
        assert clean["on sharp"]["value"] == 1
        assert clean["rank"]["value"] > 0.9
        assert clean["green"]["value"] == 1
    if len(told) == 2:
        assert told["focuscam, tflite-runtime"]["clean"]["same decision"]["value"] >= 0.95
    assert len(list((tmp_path / "plots").glob("*.png"))) >= 2


def test_the_table_names_the_command_that_makes_absent_weights(tool, kaggle, capsys):
    absent = ["--seed-model", "nowhere.tflite"]
    assert tool("evaluate")(["--photos", str(kaggle), "--only", "focuscam", "--conditions", "clean", *absent]) == 0
    told = capsys.readouterr()
    assert "tools/train.py seed" in told.err
    assert "AUC defocus" in told.out


def test_a_folder_in_another_layout_is_refused_with_a_sentence(tool, tmp_path, capsys):
    assert tool("evaluate")(["--photos", str(tmp_path)]) == 2
    assert "defocused_blurred" in capsys.readouterr().err


def test_a_folder_without_a_sweep_is_refused_with_a_sentence(tool, tmp_path, capsys):
    assert tool("evaluate")(["--sweeps", str(tmp_path)]) == 2
    assert "sweep.csv" in capsys.readouterr().err


def test_a_judge_is_named_once_and_what_nobody_was_asked_has_no_table():
    figure = share([True, False])
    told = compared.text({"one": {"clean": {"rank": figure}, "noise 4": {"rank": figure}}}).splitlines()
    assert [line.split()[0] for line in told if line] == ["Sweeps", "one", "noise"]
    assert compared.plain({"one": {"clean": {"rank": figure}}})["one"]["clean"]["rank"]["value"] == 0.5
