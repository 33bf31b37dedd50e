import dataclasses
import json

import cv2
import numpy as np
import pytest

import autofocus_trials
from focuscam.messages import Reading
from lab.autofocus import rivals
from lab.autofocus.seen import Shot
from lab.autofocus.trial import UPSETS, ours, play
from lab.autofocus.variants import variants

METHODS = {
    "ours": ours(0.45),
    "full sweep": rivals.full_sweep(),
    "hill climb": rivals.hill_climb(1 / 8),
    "golden section": rivals.golden_section(),
    "by JPEG": rivals.by_jpeg(),
}


class Formula:
    """A subject without a picture."""

    name, steps, low, bests = "formula, plain", 150, 20, [80.0]

    def shot(self, place, random):
        away = (place - self.bests[0]) / 12
        contrast = 1 / (1 + away**2)
        score = 1 / (1.4 + away**2)
        return Shot(Reading(0, 0.0, None, score, 1.0, "none", contrast), 100 * contrast, round(10000 * contrast))


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("backlash", [0, 20])
@pytest.mark.parametrize("start", [0, 75, 149])
def test_everybody_finds_a_smooth_hill_whatever_the_play(name, backlash, start):
    trial = play(Formula(), METHODS[name], start, backlash, np.random.default_rng(0))
    assert autofocus_trials.found(trial)


@pytest.mark.parametrize("name", variants(0.45))
def test_a_variant_is_the_search_with_something_changed_for_its_own_time_only(name):
    usual = play(Formula(), METHODS["ours"], 50, 0, np.random.default_rng(0))
    changed = play(Formula(), variants(0.45)[name], 50, 0, np.random.default_rng(0))
    assert changed.off <= 5
    assert play(Formula(), METHODS["ours"], 50, 0, np.random.default_rng(0)) == usual


def test_exposures_are_counted():
    random = np.random.default_rng(0)
    assert play(Formula(), METHODS["full sweep"], 50, 0, random).exposures == 130
    assert 9 <= play(Formula(), METHODS["golden section"], 50, 0, random).exposures <= 13
    assert play(Formula(), METHODS["ours"], 50, 0, random).exposures <= 9


def test_what_goes_wrong_is_done_to_the_lens():
    upsets = {each.name: each for each in UPSETS}
    stuck = play(Formula(), METHODS["ours"], 50, 0, np.random.default_rng(0), upsets["stands still from the start"])
    assert stuck.refused
    assert stuck.warned
    moved = play(Formula(), METHODS["full sweep"], 50, 0, np.random.default_rng(0), upsets["subject moves by 15 steps"])
    assert autofocus_trials.found(moved)


def test_the_command_prints_its_figures(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(autofocus_trials, "DATA", tmp_path)
    assert autofocus_trials.main(["--scenes", "3", "--empty", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["focuscam"]["scenes, within 1"] == 1.0
    assert told["focuscam"]["empty, refused"] == 1.0
    assert told["focuscam"]["of steps, most"] < 1 / 3
    assert told["full sweep"]["of steps, mean"] > 0.7


def test_a_recorded_sweep_is_played_as_a_lens(photos, capsys, monkeypatch):
    monkeypatch.setattr(autofocus_trials, "DATA", photos)
    assert autofocus_trials.main(["--scenes", "0", "--empty", "0", "--spots", "0"]) == 0
    out = capsys.readouterr().out
    assert "keyboard" in out
    ours_line = next(line for line in out.splitlines() if line.startswith("focuscam "))
    share, _, _, of_steps = ours_line.split()[1:5]
    assert float(share) >= 0.95
    assert float(of_steps) <= 1 / 3


def test_a_series_is_played_on_its_spots_and_counts_once(capsys, monkeypatch, tmp_path):
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
    monkeypatch.setattr(autofocus_trials, "DATA", tmp_path)
    places = autofocus_trials.read_spots(2, autofocus_trials.FocusModel())
    assert [each.bests for each in places] == [[2.0], [6.0]]
    assert autofocus_trials.main(["--scenes", "0", "--empty", "0"]) == 0
    out = capsys.readouterr().out
    assert "spots, within 1" in out
    full_sweep = next(line for line in out.splitlines() if line.startswith("full sweep, raw contrast"))
    assert full_sweep.split()[4] == "1.000"
    tried = autofocus_trials.on_spots(places, METHODS["full sweep"])
    assert [len(each) for each in tried.values()] == [18]
    wrong = {"far": [dataclasses.replace(tried["two_depths"][0], off=2.0)], "near": tried["two_depths"]}
    figure = autofocus_trials.figures([], [], wrong, [], [])["spots, within 1"]
    assert (figure.value, figure.n) == (0.5, 2)


def softened(picture, sigma):
    return cv2.GaussianBlur(picture, (0, 0), 2 * sigma) if sigma else picture
