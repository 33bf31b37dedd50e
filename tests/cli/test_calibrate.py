"""One turn of the ring: the simulated lens, a real daemon, and what is kept."""

import itertools
import math
import re
import time
import tomllib

import numpy as np
import pytest

from focuscam.cli import calibrate
from focuscam.cli.calibrate import Calibration
from focuscam.coach import Coach
from focuscam.config import Settings, load
from focuscam.daemon.loop import Loop
from focuscam.errors import FocuscamError
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.indicators import Indicators
from focuscam.ipc.report import report
from focuscam.messages import Reading
from focuscam.region import parse
from focuscam.session import LocalSession, RemoteSession
from focuscam.simulation.camera import Simulated


@pytest.fixture(scope="module")
def model():
    return FocusModel()


def readings(frames=61, best=0.5, soft=0.1, width=6.0, rest=40):
    """As a daemon sends them: a turn through focus, and a rest on the other side."""
    middle = (frames - 1) / 2
    coach = Coach(0.45)
    for at in range(frames + rest):
        near = 1 / (1 + ((min(at, frames - 1) - middle) / width) ** 2)
        score = soft + (best - soft) * math.sqrt(near)
        status = coach.update(Reading(at, at / 30, None, score, 1.0, "defocus", 40 * near))
        yield report(status, 0.0) | {"region": [0, 0, 1, 1], "best": best}


def watched(turn):
    with Calibration() as calibration:
        for each in turn:
            if calibration.take(each):
                break
    return calibration


@pytest.fixture(scope="module")
def lens():
    """A simulated lens whose ring goes once from end to end in eight seconds."""
    return lambda seed, light: Simulated(seed=seed, size=(1014, 760), hand="sweep", light=light, paced=False)


@pytest.mark.parametrize(("seed", "light"), list(itertools.product((0, 3), (1.0, 0.2))))
def test_on_the_simulated_lens_the_threshold_goes_where_the_help_says(lens, model, capsys, seed, light):
    camera = lens(seed, light)
    scorer = Scorer(model, parse("spot"))
    threshold = calibrate.watch(LocalSession(Loop(camera, Settings(), scorer, Indicators(None, None)))).threshold()
    # Found anew, from the lens itself: the score at the best focus, and where the contrast has fallen to 0.7.
    with camera:
        seen = [scorer.score(camera.frame(number)) for number in range(30, 270, 2)]
    contrast = np.array([each.contrast for each in seen])
    score = np.array([each.score for each in seen])
    best = np.median(score[contrast >= 0.97 * contrast.max()])
    near = np.abs(contrast / contrast.max() - 0.7) < 0.12
    soft = score[near].max()
    assert soft - 0.01 < threshold < best
    between = [np.log(score / (1 - score)) for score in (soft, threshold, min(best, 0.999))]
    assert between[1] == pytest.approx((between[0] + between[2]) / 2, abs=0.7)
    out = capsys.readouterr().out
    assert f"The threshold halfway between, by their odds: {threshold:g}. It is {model.threshold:g} now." in out


def test_it_shows_the_curve_with_the_threshold_beside_it(capsys):
    watched(readings()).threshold()
    rows = [line for line in capsys.readouterr().out.splitlines() if re.match(r" 0\.\d\d ", line)]
    assert len(rows) == 8
    assert [float(row.split()[0]) for row in rows] == sorted((float(row.split()[0]) for row in rows), reverse=True)
    [marked] = [row for row in rows if row.endswith("<- threshold")]
    assert 0.4 < float(marked.split()[0]) < 0.55


@pytest.mark.parametrize(
    ("turn", "why"),
    [
        (itertools.islice(readings(rest=0), 30), "never passed the top: after"),
        (itertools.islice(readings(), 32, None), "never passed the top: before"),
        (itertools.islice(readings(rest=0), 0, None, 5), "too fast"),
        (readings(best=0.12), "nearly alike"),
        ([each | {"score": None} for each in readings()], "could not be judged"),
        ([], "too few frames"),
    ],
)
def test_a_turn_that_teaches_nothing_is_refused_with_the_reason(turn, why):
    with pytest.raises(FocuscamError, match=why) as raised:
        watched(turn).threshold()
    assert raised.value.status == 1


def test_a_region_that_moves_meanwhile_is_refused():
    with pytest.raises(FocuscamError, match="region was moved"):
        watched([*itertools.islice(readings(), 10), next(readings()) | {"region": [0, 0, 0.5, 0.5]}])


def test_a_turn_that_never_ends_is_judged_after_a_while(monkeypatch):
    monkeypatch.setattr(calibrate, "LIMIT_S", -1.0)
    assert Calibration().take(next(readings()))


def test_here_it_is_kept_with_the_models_sha_256_where_there_is_a_place(model, tmp_path, monkeypatch):
    def own():
        camera = Simulated(size=(64, 48), paced=False)
        return LocalSession(Loop(camera, Settings(), Scorer(model, parse("spot")), Indicators(None, None)))

    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    with own() as session:
        assert "write `threshold = 0.43` under [focus]" in calibrate.kept(session, 0.43)
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    with own() as session:
        assert str(tmp_path) in calibrate.kept(session, 0.43)
    kept = tomllib.loads((tmp_path / "settings.toml").read_text())
    assert kept == {"focus": {"threshold": 0.43, "threshold_model": model.sha256}}
    assert load().focus.threshold_for(model.sha256) == 0.43
    assert load().focus.threshold_for("0" * 64) is None


def test_a_threshold_for_another_model_does_not_hold_and_that_is_said(model, caplog):
    settings = Settings().with_changes("kept", focus={"threshold": 0.9, "threshold_model": "0" * 64})
    with Simulated(size=(64, 48), paced=False) as camera:
        loop = Loop(camera, settings, Scorer(model, parse("spot")), Indicators(None, None))
        assert next(iter(loop)).status.threshold == model.threshold
    assert "calibrated for another model" in caplog.text
    assert "focuscam calibrate" in caplog.text


def test_over_a_daemon_it_is_set_at_once_kept_and_holds_after_a_restart(live, model):
    live.frames_a_step = 12
    live.environment["STATE_DIRECTORY"] = str(live.folder)
    live.start()
    region = live.ask("status")["region_name"]
    status, out, err = live.run("calibrate", "--keep")
    assert status == 0, out + err
    threshold = float(re.search(r"halfway between, by their odds: (0\.\d+)", out)[1])
    assert "settings.toml: it holds after a restart" in out
    end = time.monotonic() + 10
    while live.ask("status")["threshold"] != threshold:  # it is told of the next frame
        assert time.monotonic() < end, "the threshold is not in force"
    kept = tomllib.loads((live.folder / "settings.toml").read_text())
    assert kept == {"focus": {"threshold": threshold, "threshold_model": model.sha256}}
    live.stop()
    live.start()
    assert (live.ask("status")["threshold"], live.ask("status")["region_name"]) == (threshold, region)


def test_nobody_asked_so_nothing_is_kept_and_how_to_is_told(live, model):
    live.frames_a_step = 12
    live.start()
    status, out, _ = live.run("calibrate")
    assert status == 0
    assert "`focuscam calibrate --keep` keeps it" in out
    assert live.ask("status")["threshold"] == model.threshold


def test_a_daemon_without_a_place_to_keep_it_says_what_to_write(live):
    live.frames_a_step = 12
    live.environment.pop("STATE_DIRECTORY", None)
    live.start()
    status, out, _ = live.run("calibrate", "--keep")
    assert status == 0
    assert "write `threshold = " in out


def test_one_that_is_refused_ends_with_1(live, sweep):
    status, _, err = live.run("calibrate", "--source", sweep / "10.png")
    assert status == 1
    assert "too few frames" in err
    assert len(err.strip().splitlines()) == 2, "what it looks at, and one sentence"


def test_a_daemon_without_frames_is_not_waited_for_for_ever(monkeypatch):
    class Link:
        def ask(self, do, **fields):
            return {"ok": True}

        def receive(self, wait_s):
            return [{"type": "notice", "text": "The camera is released."}]

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(calibrate, "SILENCE_S", 0.1)
    with pytest.raises(FocuscamError, match="focuscam resume"):
        calibrate.watch(RemoteSession(Link()))
