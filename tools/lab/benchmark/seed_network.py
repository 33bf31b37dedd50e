"""The published network, which ours is timed against: `python -m lab.benchmark.seed_network FOLDER` makes it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from focuscam.focus import runtime
from focuscam.messages import Luma
from lab.benchmark.jobs import picture

SIDE = 256
MULTIPLY_ADDS = 620_000_000


def found(path: Path) -> tuple[dict[str, bytes], str]:
    """The seed network as int8 and as float, and a remark on where it is from.

    Needs TensorFlow for what is not there, in a process of its own: the runtimes do not bear it in theirs.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([sys.executable, "-m", __name__, folder], capture_output=True, check=False)
        models = {file.stem: file.read_bytes() for file in sorted(Path(folder).glob("*.tflite"))}
    if path.exists():
        models["int8"] = path.read_bytes()
    if made.returncode:
        return models, "seed network: needs TensorFlow to be made, `pip install '.[train]'`."
    return models, "" if path.exists() else "seed network: with untrained weights, which cost the same."


def make(folder: Path) -> None:
    """Write the seed network, untrained, as int8.tflite and float.tflite."""
    import tensorflow as tf

    from lab.training.convert import convert
    from lab.training.seed import network

    model = network()
    noise = np.random.default_rng(0).integers(0, 255, (8, SIDE, SIDE, 3), dtype=np.uint8)
    (folder / "int8.tflite").write_bytes(convert(model, noise))
    model.export(folder / "saved", verbose=False)
    (folder / "float.tflite").write_bytes(tf.lite.TFLiteConverter.from_saved_model(str(folder / "saved")).convert())


def step(content: bytes, name: str, threads: int) -> Callable[[], object]:
    """What it does for a 640x480 colour frame, its resize included, on the runtime of that name."""
    interpreter = runtime.interpreter(content, threads, name)
    interpreter.allocate_tensors()
    given = interpreter.get_input_details()[0]
    out = interpreter.get_output_details()[0]["index"]
    colour = cv2.cvtColor(picture(480, 640), cv2.COLOR_GRAY2BGR)

    def looked() -> object:
        small = cv2.resize(colour, (SIDE, SIDE))[None]
        if given["dtype"] is np.float32:
            small = small.astype(np.float32) / 255
        # Ours takes uint8 alone, and so its Interpreter says.
        interpreter.set_tensor(given["index"], cast(Luma, small))
        interpreter.invoke()
        return interpreter.get_tensor(out)

    return looked


if __name__ == "__main__":
    make(Path(sys.argv[1]))
