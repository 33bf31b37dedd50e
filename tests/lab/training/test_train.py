"""Tiny training runs, end to end, as processes of their own: TensorFlow stays out of the other tests."""

import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from lab.training import scenes

ROOT = Path(__file__).resolve().parents[3]
needs_tensorflow = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None,
    reason="TensorFlow is not installed here: pip install '.[train]' brings it",
)


def tool(name, *arguments):
    command = [sys.executable, str(ROOT / "tools" / name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def sharp(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    for number in range(4):
        cv2.imwrite(str(folder / f"{number}.png"), scenes.invented(number, 1)[:400, :400].astype(np.uint8))
    return folder


@pytest.fixture(scope="module")
def trained(sharp, tmp_path_factory):
    """A network after two epochs, and after a third that was resumed."""
    work, out = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("out")
    common = [
        "live",
        "--photos",
        sharp,
        "--invented",
        0,
        "--patches",
        120,
        "--work",
        work,
        "--out",
        out,
        "--workers",
        1,
    ]
    return tool("train.py", *common, "--epochs", 1), tool("train.py", *common, "--epochs", 2, "--resume"), work, out


@needs_tensorflow
def test_one_command_ends_with_an_int8_model_and_its_description(trained):
    first, resumed, work, out = trained
    assert first.returncode == 0, first.stderr
    assert resumed.returncode == 0, resumed.stderr
    card = json.loads((out / "focus.json").read_text())
    content = (out / "focus.tflite").read_bytes()
    assert card["sha256"] == hashlib.sha256(content).hexdigest()
    assert len(content) < 600_000
    assert card["multiply_adds_per_patch"] * 12 < 32e6
    assert len(card["outputs"]) == len(card["axes"]) * len(card["radii"]) + 2
    assert card["threshold"] == 0.5
    assert json.loads((work / "live.json").read_text())["epochs"] == 2


@needs_tensorflow
def test_what_was_trained_is_what_the_scorer_loads(trained):
    from focuscam.focus.model import FocusModel

    model = FocusModel(trained[3] / "focus.tflite")
    said = model.judge(np.random.default_rng(0).integers(0, 256, (30, 64, 64), np.uint8))
    assert said.shape == (30, len(model.outputs))
    assert (said >= 0).all()
    assert (said <= 1).all()


def test_resuming_nothing_is_refused(sharp, tmp_path):
    run = tool("train.py", "live", "--photos", sharp, "--invented", 0, "--patches", 120, "--work", tmp_path, "--resume")
    assert run.returncode == 1
    assert "nothing to resume" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_folder_that_is_absent_is_refused_in_one_sentence(tmp_path):
    run = tool("train.py", "live", "--photos", tmp_path / "nowhere", "--invented", 0)
    assert run.returncode == 1
    assert "does not exist" in run.stderr
    assert "Traceback" not in run.stderr


def test_no_source_at_all_is_refused():
    run = tool("train.py", "live", "--invented", 0)
    assert run.returncode == 1
    assert "nothing to train on" in run.stderr


@needs_tensorflow
def test_the_published_network_trains_from_simulated_photos(sharp, tmp_path):
    saved = tmp_path / "seed.keras"
    run = tool("train.py", "seed", "--simulate", sharp, "--epochs", 1, "--work", tmp_path, "--out", saved)
    assert run.returncode == 0, run.stderr
    assert "held out by scene" in run.stdout
    # 14,839,105 parameters of four bytes.
    assert 59e6 < saved.stat().st_size < 60e6
