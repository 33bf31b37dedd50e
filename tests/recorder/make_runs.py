"""Makes the recordings in tests/recorder/runs anew: only when what is *recorded* is meant to change.

    tools/python -m pytest tests/recorder/make_runs.py

They were made before the loop was rebuilt, and test_runs.py plays them to the same decisions ever since. Each keeps its
readings and no pixels, so that another network changes nothing: only what is decided on those readings is tested.
"""

from __future__ import annotations

import gzip
import json
import signal
import time
from pathlib import Path

import pytest

RUNS = Path(__file__).parent / "runs"
OTHER_MODEL = f'threshold = 0.93\nthreshold_model = "{"0" * 64}"\n'


@pytest.fixture
def tflite(live):
    """Let the processes find the older runtime alone."""
    hidden = live.folder / "hidden"
    hidden.mkdir()
    (hidden / "ai_edge_litert.py").write_text("raise ImportError\n")
    live.environment["PYTHONPATH"] = str(hidden)
    return live


@pytest.fixture
def settings(live):
    """Write settings without pins; the path of their file."""

    def write(focus="", rest=""):
        file = live.folder / "focuscam.toml"
        file.write_text(f'[led]\npin = "none"\n[focus]\n{focus}\n{rest}\n')
        return file

    return write


@pytest.fixture
def stills(live):
    folder = live.folder / "stills"
    folder.mkdir()
    return f'[capture]\nfolder = "{folder}"\ntrap = "sharpest"\ninterval_s = 0.5\n'


@pytest.fixture
def turns(live, sweep):
    """A folder in which a hand turns the ring through focus and back, rests, and then at the top."""
    places = [*range(21), *[20] * 20, *range(19, 9, -1), *[10] * 40, *range(9, -1, -1)]
    folder = live.folder / "turns"
    folder.mkdir()
    rows = [f"{sweep / f'{at}.png'},{at}" for at in places for _ in range(2 if at != 10 else 1)]
    (folder / "sweep.csv").write_text("\n".join(["file,position", *rows, ""]))
    return folder


def scored(folder):
    index = folder / "recording.jsonl"
    whole = index.read_text().rpartition("\n")[0].splitlines() if index.exists() else []
    return [each for each in map(json.loads, whole) if each["type"] == "scored"]


def kept(name, folder):
    """Keep a recording without its pictures."""
    lines = (folder / "recording.jsonl").read_text().splitlines(keepends=True)
    text = "".join(line for line in lines if '"type": "picture"' not in line)
    RUNS.mkdir(exist_ok=True)
    (RUNS / f"{name}.jsonl.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def own(live, name, *arguments, **how):
    folder = live.folder / "run"
    status, _, err = live.run(*arguments, "--record", folder, **how)
    assert status == 0, err
    kept(name, folder)


def joined(live, name, wishes=(), frames=150):
    """Record the daemon; each wish after so many frames: (do, value), or a function."""
    folder = live.folder / "run"
    wishes = list(wishes)

    def enough():
        count = len(scored(folder))
        while wishes and count >= wishes[0][0]:
            _, do, value = wishes.pop(0)
            if callable(do):
                do()
            else:
                answer = live.ask(do, value=value)
                assert answer["ok"], answer
            time.sleep(0.1)
        return not wishes and count >= frames

    status, _, err = live.run("--record", folder, stop_when=enough)
    assert status == 0, err
    kept(name, folder)


def test_own_files(live, turns):
    own(live, "own-files", "--source", turns, "--region", "whole")


def test_own_files_on_the_older_runtime(tflite, turns):
    own(tflite, "own-files-tflite", "--source", turns, "--region", "whole")


def test_own_files_with_settings(live, turns, settings):
    file = settings('region = "best"\nthreshold = 0.8\nhold_s = 1.0')
    own(live, "own-files-settings", "--source", turns, "--config", file)


def test_own_files_with_a_threshold_of_another_model(live, turns, settings):
    own(live, "own-other-model", "--source", turns, "--region", "whole", "--config", settings(OTHER_MODEL))


def test_own_simulated(live):
    began = time.monotonic()
    own(live, "own-simulated", "--source", "sim", stop_when=lambda: time.monotonic() - began > 12)


def test_joined_with_commands(live, settings):
    file = settings('region = "whole"')
    live.start("--config", file)

    def reload():
        settings('region = "0.2,0.2,0.5,0.5"\nhold_s = 0.6\nthreshold = 0.55')
        live.process.send_signal(signal.SIGHUP)

    joined(
        live, "joined-commands",
        [
            (30, "region", "best"), (50, "threshold", 0.3), (60, "mute", True), (70, "forget", None),
            (90, "threshold", None), (100, "region", "0.123456,0.3,0.4,0.4"), (130, reload, None), (150, "demo", None),
        ],
        frames=450,
    )  # fmt: skip


def test_joined_and_released(live, settings):
    live.start("--source", "sim", "--config", settings())
    joined(live, "joined-released", [(40, "release", 600), (40, lambda: time.sleep(2), None), (40, "resume", None)])


def test_joined_with_stills(live, settings, stills):
    live.start("--source", "sim", "--config", settings("", stills))
    joined(live, "joined-stills", [(30, "capture", None), (90, "capture", None)])


def test_joined_with_a_zoom_and_a_motor(live, settings):
    live.start("--source", "sim", "--config", settings())
    wishes = [
        (30, "autofocus", "once"), (60, "zoom", 2), (80, "lock", True), (90, "zoom", 4), (110, "lock", False),
        (120, "zoom", 1),
    ]  # fmt: skip
    joined(live, "joined-zoom", wishes)


def test_joined_on_the_older_runtime_with_a_threshold_of_another_model(tflite, settings):
    tflite.start("--config", settings(OTHER_MODEL))
    joined(tflite, "joined-other-model", [(40, "threshold", 0.2), (80, "threshold", None)], frames=450)
