"""A trained network of the published shape to int8, with its card.

A picture 0 to 1 in (luma, or blue, green, red), one sigmoid out, the probability of being in focus.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from lab.training.photos import Losses, find

if TYPE_CHECKING:
    import keras

EXAMPLES = 200
"""Pictures that the ranges are taken from, at most."""


def load(path: Path) -> keras.Model:
    """The Keras model. Raises ValueError with one sentence where it cannot be one of ours."""
    if not path.is_file():
        raise ValueError(f"{path} does not exist: give a Keras model, .h5 or .keras.")
    import keras

    try:
        model = keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras raises what its readers raise: OSError, ValueError, TypeError, KeyError
        raise ValueError(f"{path} is not a Keras model that can be read here ({type(error).__name__}).") from error
    entry, leave = model.input_shape, model.output_shape
    if not isinstance(entry, tuple) or len(entry) != 4 or None in entry[1:] or entry[3] not in (1, 3):
        raise ValueError(f"{path} takes {entry}: it must take one picture of fixed size with 1 or 3 channels.")
    if not isinstance(leave, tuple) or leave[1:] != (1,):
        raise ValueError(f"{path} gives {leave}: it must give one number, the probability of being in focus.")
    if getattr(model.layers[-1], "activation", None) is not keras.activations.sigmoid:
        raise ValueError(f"{path} does not end in a sigmoid: its output would be no probability.")
    return model


def examples(folder: Path, shape: tuple[int, int, int]) -> npt.NDArray[np.uint8]:
    """Pictures of a folder as the network takes them, 0 to 255: (n, height, width, channels)."""
    losses, found = Losses(), []
    height, width, channels = shape
    paths = list(find([folder])) if folder.is_dir() else []
    for path in paths[:: max(1, len(paths) // EXAMPLES)][:EXAMPLES]:
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE if channels == 1 else cv2.IMREAD_COLOR)
        if picture is None:
            losses.add("not a readable picture", path)
            continue
        found.append(np.asarray(cv2.resize(picture, (width, height)), np.uint8).reshape(shape))
    losses.tell()
    if not found:
        raise ValueError(f"{folder} holds no photo to calibrate with.")
    return np.stack(found)


def convert(model: keras.Model, calibration: npt.NDArray[np.uint8]) -> bytes:
    """The model as int8 TFLite that takes uint8, 0 to 255, and gives uint8."""
    import tensorflow as tf

    from lab.training.quantise import to_int8

    def network(picture: tf.Tensor) -> tf.Tensor:
        return model(picture / 255.0, training=False)

    given = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32, name="picture")
    return to_int8(tf.function(network, input_signature=[given]), calibration)


def write(path: Path, folder: Path, threshold: float, out: Path) -> int:
    """The network of a file as int8, calibrated on a folder's pictures, and its card beside it; returns its bytes.

    Raises ValueError and OSError with one sentence, ImportError where TensorFlow is not installed.
    """
    model = load(path)
    content = convert(model, examples(folder, model.input_shape[1:]))
    height, width, channels = model.input_shape[1:]
    card = {
        "kind": "picture",
        "input": {
            "type": f"uint8 {'luma' if channels == 1 else 'blue, green, red'} (n, {height}, {width}, {channels})",
            "height": height,
            "width": width,
            "channels": channels,
        },
        "outputs": ["focus"],
        "threshold": threshold,
        "threshold_chosen": "given to tools/convert.py",
        "converted_from": path.name,
        "date": datetime.date.today().isoformat(),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    out.write_bytes(content)
    out.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return len(content)
