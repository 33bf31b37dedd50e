"""The network: patches of luma in, one row of probabilities for each out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from focuscam.errors import ConfigurationError
from focuscam.focus import runtime as runtimes
from focuscam.focus.blur import ALLOWED
from focuscam.focus.measures import folded
from focuscam.messages import Luma
from focuscam.system.files import SETTINGS_BYTES, contents
from focuscam.system.saying import others_quiet

SHIPPED = Path(__file__).parent.parent / "models" / "focus.tflite"
MODEL_BYTES = 1 << 26
"""The most that a network may have: hundreds of times what ours has."""
BATCH = 11
"""Patches in one run of the network. Always as many, since another number would make the runtime plan anew."""


class FocusModel:
    """A trained network and what its .json says of it.

    threshold: the score at which a picture counts as in focus. patch: side of a patch, px; None where the network
    looks at a region as one small picture, as the published one does. shape: (height, width, channels) of its input.
    fold: so many of a patch's pixels a side are the channels of one. outputs: what the columns of `judge` mean.
    within: those that say whether the blur is less than each of `radii`, px, axis by axis (focuscam.focus.blur).
    sha256: of the .tflite file. card: everything that the .json says.
    """

    def __init__(self, path: Path | None = None, threads: int = 1, runtime: str | None = None) -> None:
        """Load PATH.tflite and the PATH.json beside it; None takes the shipped ones.

        runtime: a name of `focuscam.focus.runtime.RUNTIMES`; None takes the best one installed.
        Raises ConfigurationError for a model that is missing, damaged, or of another shape.
        """
        self.path = SHIPPED if path is None else Path(path)
        content = _read(self.path, "model", MODEL_BYTES)
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.card = _card(self.path.with_suffix(".json"))
        if self.sha256 != self.card["sha256"]:
            raise ConfigurationError(
                f"The model {self.path} is damaged or not the one that {self.path.stem}.json describes "
                "(its SHA-256 differs): put both files back from one release or one training run."
            )
        self.threshold: float = float(self.card["threshold"])
        self.patch: int | None = self.card.get("patch")
        self.fold: int = self.card.get("fold", 1)
        self.shape: tuple[int, int, int] = _shape(self.card)
        self.outputs: tuple[str, ...] = tuple(self.card["outputs"])
        self.radii: npt.NDArray[np.float32] = np.array(self.card["radii"], np.float32)
        self.within: list[int] = _within(self.outputs)
        try:
            self._interpreter = runtimes.interpreter(content, threads, runtime)
            self._input, self._output = self._prepared(self._interpreter)
        except (ValueError, RuntimeError) as error:
            raise ConfigurationError(
                f"The model {self.path} cannot be used ({error}): it must be a TFLite model of pictures of "
                f"{self.shape[0]}x{self.shape[1]} px with {self.shape[2]} channels, uint8 in and out."
            ) from error
        self._scale, self._zero = self._output["quantization"]

    def column(self, name: str) -> int | None:
        """Which column of `judge` this output is; None where the model has none of that name."""
        return self.outputs.index(name) if name in self.outputs else None

    def _prepared(self, interpreter: runtimes.Interpreter) -> tuple[dict[str, Any], dict[str, Any]]:
        """Check the shape, size the batch, allocate; the details of input and output."""
        inputs, outputs = interpreter.get_input_details(), interpreter.get_output_details()
        if len(inputs) != 1 or len(outputs) != 1:
            raise ValueError(f"{len(inputs)} inputs and {len(outputs)} outputs")
        shape, result = tuple(inputs[0]["shape"]), tuple(outputs[0]["shape"])
        if shape[1:] != self.shape or result[1:] != (len(self.outputs),):
            raise ValueError(f"it takes {shape} and gives {result}")
        if inputs[0]["dtype"] is not np.uint8 or outputs[0]["dtype"] is not np.uint8:
            raise ValueError(f"it takes {inputs[0]['dtype'].__name__} and gives {outputs[0]['dtype'].__name__}")
        self._batch = np.zeros((BATCH if self.patch else 1, *self.shape), np.uint8)
        interpreter.resize_tensor_input(inputs[0]["index"], self._batch.shape)
        with others_quiet():
            interpreter.allocate_tensors()
        return inputs[0], outputs[0]

    def judge(self, patches: Luma) -> npt.NDArray[np.float32]:
        """One row for each patch, one column for each of `outputs`, 0 to 1.

        patches: uint8, (n, height, width), any n; patches as `focuscam.focus.measures.normalised` returns
        them, whole pictures as they are (grey is all that is known of their colours).
        """
        result = np.empty((len(patches), len(self.outputs)), np.float32)
        step = len(self._batch)
        for start in range(0, len(patches), step):
            part = patches[start : start + step]
            self._batch[: len(part)] = folded(part, self.fold)
            self._interpreter.set_tensor(self._input["index"], self._batch)
            self._interpreter.invoke()
            levels = self._interpreter.get_tensor(self._output["index"])[: len(part)]
            result[start : start + len(part)] = (levels.astype(np.float32) - self._zero) * self._scale
        return np.clip(result, 0.0, 1.0, out=result)


def _shape(card: dict[str, Any]) -> tuple[int, int, int]:
    """Height, width and channels of the input that a .json describes. Raises ValueError, KeyError."""
    if not isinstance(card.get("input", {}), dict):
        raise ValueError("input is not an object")
    if card.get("kind", "patches") == "patches":
        fold = card.get("fold", 1)
        if fold not in (1, 2, 4) or type(card["patch"]) is not int or card["patch"] % fold:
            raise ValueError("fold is not 1, 2 or 4, or no part of patch")
        shape = (card["patch"] // fold, card["patch"] // fold, fold * fold)
    elif card["kind"] == "picture" and "patch" not in card:
        shape = (card["input"]["height"], card["input"]["width"], card["input"]["channels"])
    else:
        raise ValueError('kind is neither "patches" nor "picture", or does not go with patch')
    if not all(type(size) is int for size in shape) or not all(16 <= size <= 1024 for size in shape[:2]):
        raise ValueError("the sides of its input are not whole numbers from 16 to 1024")
    if shape[2] not in (1, 3) and "patch" not in card:
        raise ValueError("its input has neither 1 nor 3 channels")
    return shape


def _is_number(value: object) -> bool:
    """Whether it is a number that can be reckoned with: JSON has true, and as Python reads it 1e999 and NaN."""
    return type(value) in (int, float) and -1e30 < value < 1e30  # type: ignore[operator]


def _within(outputs: Iterable[str]) -> list[int]:
    """The columns that say whether the blur is less than a radius."""
    return [index for index, name in enumerate(outputs) if name == "focus" or name.startswith("within")]


def _read(path: Path, what: str, most: int) -> bytes:
    try:
        return contents(path, most=most, follow=True)
    except OSError as error:
        raise ConfigurationError(
            f"The {what} {path} cannot be read ({error.strerror or error}): install focuscam again, "
            "or correct `[focus] model` in the settings."
        ) from error


def _card(path: Path) -> dict[str, Any]:
    """What the .json beside a model says, with the types checked that we rely on."""
    text = _read(path, "description of the model,", SETTINGS_BYTES)
    try:
        card = json.loads(text)
        if not isinstance(card, dict):
            raise ValueError("it is not an object")
        if not _is_number(card["threshold"]) or not 0.0 <= card["threshold"] <= 1.0:
            raise ValueError("threshold is not a number from 0 to 1")
        _shape(card)
        if not isinstance(card["outputs"], list) or not all(isinstance(name, str) for name in card["outputs"]):
            raise ValueError("outputs is not a list of names")
        if not _within(card["outputs"]):
            raise ValueError('outputs has no "focus" or "within_..." in it')
        # A network with one answer only need not say what it was asked.
        radii, axes = card.setdefault("radii", [ALLOWED]), card.setdefault("axes", [0])
        if not isinstance(radii, list) or not all(_is_number(radius) and radius > 0 for radius in radii):
            raise ValueError("radii is not a list of numbers above 0")
        if not isinstance(axes, list) or not all(_is_number(axis) for axis in axes):
            raise ValueError("axes is not a list of numbers")
        if len(radii) * len(axes) != len(_within(card["outputs"])):
            raise ValueError("radii does not give one blur, px, for each output about it")
        if not isinstance(card["sha256"], str):
            raise ValueError("sha256 is not a text")
    except RecursionError as error:
        raise ConfigurationError(
            f"The description of the model, {path}, is nested too deeply: write it again."
        ) from error
    except (ValueError, TypeError) as error:
        raise ConfigurationError(
            f"The description of the model, {path}, is wrong ({error}): write it again."
        ) from error
    except KeyError as error:
        raise ConfigurationError(f"The description of the model, {path}, lacks {error}: write it again.") from error
    return card
