import dataclasses
import json

import cv2
import numpy as np

from focuscam.focus.model import FocusModel
from lab import places
from lab.autofocus import rivals, trials


def test_the_command_prints_its_figures(tool, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(places, "DATA", tmp_path)
    assert tool("autofocus_trials")(["--scenes", "3", "--empty", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["focuscam"]["scenes, within 1"] == 1.0
    assert told["focuscam"]["empty, refused"] == 1.0
    assert told["focuscam"]["of steps, most"] < 1 / 3
    assert told["full sweep"]["of steps, mean"] > 0.7


def test_a_recorded_sweep_is_played_as_a_lens(tool, photos, capsys, monkeypatch):
    monkeypatch.setattr(places, "DATA", photos)
    assert tool("autofocus_trials")(["--scenes", "0", "--empty", "0", "--spots", "0"]) == 0
    out = capsys.readouterr().out
    assert "keyboard" in out
    ours_line = next(line for line in out.splitlines() if line.startswith("focuscam "))
    share, _, _, of_steps = ours_line.split()[1:5]
    assert float(share) >= 0.95
    assert float(of_steps) <= 1 / 3


def test_a_series_is_played_on_its_spots_and_counts_once(tool, capsys, monkeypatch, tmp_path):
    """Left and right lie at two depths: the whole frame has two bests, each spot has one."""
    folder = tmp_path / "series" / "validation" / "two_depths"
    folder.mkdir(parents=True)
    drawing = np.random.default_rng(1).integers(0, 256, (60, 80)).astype(np.uint8)
    sharp = cv2.resize(drawing, (640, 480), interpolation=cv2.INTER_NEAREST)
    for step in range(9):
        picture = np.hstack([softened(sharp[:, :320], abs(step - 2)), softened(sharp[:, 320:], abs(step - 6))])
        cv2.imwrite(str(folder / f"{step}.png"), picture)
    (folder / "sweep.csv").write_text("file,position\n" + "".join(f"{n}.png,{n}\n" for n in range(9)))
    (folder.parent / "spots.csv").write_text(
        "sweep,x,y,w,h\ntwo_depths,0.125,0.375,0.25,0.25\ntwo_depths,0.625,0.375,0.25,0.25\n"
    )
    monkeypatch.setattr(places, "DATA", tmp_path)
    spots = trials.read_spots(tmp_path, 2, FocusModel())
    assert [each.bests for each in spots] == [[2.0], [6.0]]
    assert tool("autofocus_trials")(["--scenes", "0", "--empty", "0"]) == 0
    out = capsys.readouterr().out
    assert "spots, within 1" in out
    full_sweep = next(line for line in out.splitlines() if line.startswith("full sweep, raw contrast"))
    assert full_sweep.split()[4] == "1.000"
    tried = trials.on_spots(spots, rivals.full_sweep())
    assert [len(each) for each in tried.values()] == [18]
    wrong = {"far": [dataclasses.replace(tried["two_depths"][0], off=2.0)], "near": tried["two_depths"]}
    figure = trials.figures([], [], wrong, [], [])["spots, within 1"]
    assert (figure.value, figure.n) == (0.5, 2)


def softened(picture, sigma):
    return cv2.GaussianBlur(picture, (0, 0), 2 * sigma) if sigma else picture
