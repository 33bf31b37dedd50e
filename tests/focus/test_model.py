import json
import shutil

import numpy as np
import pytest

from focuscam.errors import ConfigurationError
from focuscam.focus import runtime
from focuscam.focus.model import BATCH, SHIPPED, FocusModel


@pytest.fixture
def copy(tmp_path):
    """The shipped model, where it may be spoilt."""
    shutil.copy(SHIPPED, tmp_path / "focus.tflite")
    shutil.copy(SHIPPED.with_suffix(".json"), tmp_path / "focus.json")
    return tmp_path / "focus.tflite"


def rewrite(model, **changes):
    card = model.with_suffix(".json")
    content = json.loads(card.read_text())
    content.update(changes)
    card.write_text(json.dumps({k: v for k, v in content.items() if v is not None}))


def test_the_shipped_model_says_how_to_read_it():
    model = FocusModel()
    assert model.threshold == 0.5
    assert len(model.within) == len(model.radii) * len(model.card["axes"])
    assert {"motion", "shaken"} <= set(model.outputs)


@pytest.mark.parametrize("name", runtime.installed())
@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 3 * BATCH])
def test_any_number_of_patches_is_judged_on_either_runtime(name, count):
    model = FocusModel(runtime=name)
    said = model.judge(np.zeros((count, model.patch, model.patch), np.uint8))
    assert said.shape == (count, len(model.outputs))
    assert ((said >= 0) & (said <= 1)).all()


def test_a_patch_is_judged_alike_in_any_company():
    model = FocusModel()
    patches = np.random.default_rng(0).integers(0, 255, (BATCH + 3, model.patch, model.patch), dtype=np.uint8)
    together = model.judge(patches)
    alone = np.concatenate([model.judge(patch[None]) for patch in patches])
    assert np.abs(together - alone).max() <= 3 / 255


def test_the_runtimes_do_not_chatter(capfd):
    FocusModel().judge(np.zeros((1, 64, 64), np.uint8))
    assert capfd.readouterr().err == ""


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"nothing\.tflite"):
        FocusModel(tmp_path / "nothing.tflite")


def test_a_missing_description_is_named(copy):
    copy.with_suffix(".json").unlink()
    with pytest.raises(ConfigurationError, match=r"focus\.json"):
        FocusModel(copy)


def test_a_truncated_model_is_refused(copy):
    copy.write_bytes(copy.read_bytes()[:20000])
    with pytest.raises(ConfigurationError, match="SHA-256"):
        FocusModel(copy)


def test_a_model_that_is_not_the_one_described_is_refused(copy):
    rewrite(copy, sha256="0" * 64)
    with pytest.raises(ConfigurationError, match="SHA-256"):
        FocusModel(copy)


@pytest.mark.parametrize("size", [0, 7, 20000])
def test_a_file_that_is_no_model_is_refused_though_its_sum_is_right(copy, size):
    import hashlib

    content = copy.read_bytes()[:size]
    copy.write_bytes(content)
    rewrite(copy, sha256=hashlib.sha256(content).hexdigest())
    with pytest.raises(ConfigurationError, match="cannot be used"):
        FocusModel(copy)


def test_a_model_of_another_shape_is_refused(copy):
    rewrite(copy, patch=96)
    with pytest.raises(ConfigurationError, match="24x24 px with 16 channels"):
        FocusModel(copy)


def test_a_model_with_other_outputs_than_described_is_refused(copy):
    rewrite(copy, outputs=["focus"], radii=[2.0], axes=[0])
    with pytest.raises(ConfigurationError, match="gives"):
        FocusModel(copy)


@pytest.mark.parametrize(
    "changes",
    [
        {"threshold": None},
        {"threshold": 1.5},
        {"threshold": "high"},
        {"patch": "64"},
        {"outputs": "focus"},
        {"outputs": ["sharp"]},
        {"sha256": None},
        {"radii": [1.0]},
        {"radii": [0.0] * 6},
        {"radii": "none"},
        {"axes": [0]},
        {"fold": 3},
        {"kind": "film"},
        {"kind": "picture"},
    ],
)
def test_a_wrong_description_is_refused_with_its_name(copy, changes):
    rewrite(copy, **changes)
    with pytest.raises(ConfigurationError, match=r"focus\.json"):
        FocusModel(copy)


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_a_description_that_is_no_object_is_refused(copy, text):
    copy.with_suffix(".json").write_text(text)
    with pytest.raises(ConfigurationError, match=r"focus\.json"):
        FocusModel(copy)


def test_without_a_runtime_the_cure_is_told(monkeypatch):
    monkeypatch.setattr(runtime, "_loaded", lambda name: False)
    with pytest.raises(ConfigurationError, match="pip install"):
        FocusModel()


def test_numpy_2_under_the_old_runtime_is_told_with_its_cure(monkeypatch):
    class Module:
        @staticmethod
        def Interpreter(**_):
            raise SystemError("initialization of _pywrap_tensorflow_interpreter_wrapper raised unreported exception")

    monkeypatch.setattr(runtime.importlib, "import_module", lambda name: Module)
    with pytest.raises(ConfigurationError, match="numpy<2"):
        runtime.interpreter(b"", runtime="tflite")


def test_a_network_that_looks_at_whole_pictures_is_given_one_at_a_time(copy, monkeypatch):
    given = []

    class Interpreter:
        def get_input_details(self):
            return [{"index": 0, "shape": (1, 48, 64, 3), "dtype": np.uint8}]

        def get_output_details(self):
            return [{"index": 1, "shape": (1, 1), "dtype": np.uint8, "quantization": (1 / 255, 0)}]

        def resize_tensor_input(self, index, size):
            assert size == (1, 48, 64, 3)

        def allocate_tensors(self):
            pass

        def set_tensor(self, index, value):
            given.append(value.copy())

        def invoke(self):
            pass

        def get_tensor(self, index):
            return np.array([[given[-1].max()]], np.uint8)

    monkeypatch.setattr(runtime, "interpreter", lambda *_: Interpreter())
    shape = {"height": 48, "width": 64, "channels": 3}
    rewrite(copy, kind="picture", patch=None, input=shape, outputs=["focus"], radii=None, axes=None, fold=None)
    model = FocusModel(copy)
    said = model.judge(np.stack([np.full((48, 64), level, np.uint8) for level in (51, 255)]))
    assert said.ravel().tolist() == pytest.approx([0.2, 1.0])
    assert [each.shape for each in given] == [(1, 48, 64, 3)] * 2
