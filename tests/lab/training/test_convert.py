import importlib.util
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None,
    reason="TensorFlow is not installed here: pip install '.[train]' brings it",
)
ROOT = Path(__file__).resolve().parents[3]

MAKE = """
import sys, keras
from pathlib import Path
from lab.training import convert
folder, layers = Path(sys.argv[1]), keras.layers
body = [layers.Conv2D(4, 3, activation="relu"), layers.GlobalAveragePooling2D()]
for name, end in {"good": layers.Dense(1, activation="sigmoid"), "two": layers.Dense(2, activation="sigmoid"),
                  "linear": layers.Dense(1)}.items():
    keras.Sequential([keras.Input((32, 32, 1)), *body, end]).save(folder / f"{name}.h5")
(folder / "text.h5").write_text("no model")
for name in sys.argv[2:]:
    try:
        convert.load(folder / name)
        print("taken")
    except ValueError as error:
        print(error)
"""
REFUSED = {"two.h5": "one number", "linear.h5": "sigmoid", "absent.h5": "does not exist", "text.h5": "not a Keras"}


def convert(*arguments):
    command = [sys.executable, str(ROOT / "tools" / "convert.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Models of several shapes, a photo, and what was said when each model was loaded."""
    path = tmp_path_factory.mktemp("models")
    command = [sys.executable, "-c", MAKE, str(path), *REFUSED, "good.h5"]
    run = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    (path / "said.txt").write_text(run.stdout)
    (path / "photos").mkdir()
    cv2.imwrite(str(path / "photos" / "a.png"), np.random.default_rng(0).integers(0, 255, (50, 60), np.uint8))
    return path


def test_a_picture_classifier_becomes_int8_with_its_description(folder):
    import json

    run = convert(folder / "good.h5", "--calibrate", folder / "photos")
    assert run.returncode == 0, run.stderr
    card = json.loads((folder / "good.json").read_text())
    assert card["input"]["channels"] == 1
    assert card["outputs"] == ["focus"]


def test_models_of_another_shape_are_refused_in_one_sentence_each(folder):
    *refused, last = (folder / "said.txt").read_text().splitlines()
    for (name, said), sentence in zip(REFUSED.items(), refused, strict=True):
        assert name in sentence
        assert said in sentence
    assert last == "taken"


def test_an_absent_model_ends_with_one_sentence(tmp_path):
    run = convert(tmp_path / "absent.h5", "--calibrate", tmp_path)
    assert run.returncode == 1
    assert "does not exist" in run.stderr
    assert "Traceback" not in run.stderr
