#!/usr/bin/env -S tools/python
"""A trained network to int8: `tools/convert.py model.h5 --calibrate FOLDER` writes model.tflite and model.json.

For the published network's own file, or any of its shape: a picture 0 to 1 in (luma, or blue, green,
red), one sigmoid out, the probability of being in focus.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2
import numpy as np

EXAMPLES = 200
"""Pictures that the ranges are taken from, at most."""


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/convert.py", description="A trained network to int8 TFLite.")
    parser.add_argument("model", type=Path, help="a Keras model: .h5 or .keras")
    parser.add_argument("--calibrate", type=Path, required=True, metavar="FOLDER", help="photos like those it will see")
    parser.add_argument("--threshold", type=float, default=0.5, help="score from which a picture is in focus (0.5)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the .tflite file (beside the model)")
    return parser


def load(path: Path) -> Any:
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


def examples(folder: Path, shape: tuple[int, int, int]) -> np.ndarray:
    """Pictures of a folder as the network takes them, 0 to 255: (n, height, width, channels) uint8."""
    from lab.training.photos import Losses, find

    losses, found = Losses(), []
    height, width, channels = shape
    paths = list(find([folder])) if folder.is_dir() else []
    for path in paths[:: max(1, len(paths) // EXAMPLES)][:EXAMPLES]:
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE if channels == 1 else cv2.IMREAD_COLOR)
        if picture is None:
            losses.add("not a readable picture", path)
            continue
        found.append(cv2.resize(picture, (width, height)).reshape(shape))
    losses.tell()
    if not found:
        raise ValueError(f"{folder} holds no photo to calibrate with.")
    return np.stack(found)


def convert(model: Any, calibration: np.ndarray) -> bytes:
    """The model as int8 TFLite that takes uint8, 0 to 255, and gives uint8."""
    import tensorflow as tf

    from lab.training.quantise import to_int8

    @tf.function(input_signature=[tf.TensorSpec((None, *model.input_shape[1:]), tf.float32, name="picture")])
    def network(picture):
        return model(picture / 255.0, training=False)

    return to_int8(network, calibration)


def main() -> int:
    """Run; 1 with one sentence where it cannot."""
    options = arguments().parse_args()
    out = options.out or options.model.with_suffix(".tflite")
    try:
        model = load(options.model)
        content = convert(model, examples(options.calibrate, model.input_shape[1:]))
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
            "threshold": options.threshold,
            "threshold_chosen": "given to tools/convert.py",
            "converted_from": options.model.name,
            "date": datetime.date.today().isoformat(),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        out.write_bytes(content)
        out.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    except (ValueError, OSError) as error:
        print(f"tools/convert.py: {error}", file=sys.stderr)
        return 1
    except ImportError as error:
        print(f"tools/convert.py: {error}: pip install '.[train]' brings what it needs", file=sys.stderr)
        return 1
    print(f"{out}: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
