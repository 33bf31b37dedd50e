"""What an int8 network says on each TFLite runtime installed here.

In a process of its own for each: tflite-runtime crashes where TensorFlow was imported before it.
"""

from __future__ import annotations

import importlib
import importlib.util
import multiprocessing

import numpy as np
import numpy.typing as npt

MODULES = {"tflite-runtime": "tflite_runtime.interpreter", "LiteRT": "ai_edge_litert.interpreter"}


def installed() -> list[str]:
    """The names of the runtimes that are installed."""
    return [name for name, module in MODULES.items() if importlib.util.find_spec(module.split(".")[0])]


def probabilities(content: bytes, luma: npt.NDArray[np.uint8], runtime: str) -> npt.NDArray[np.float32]:
    """What the network (the content of a .tflite file) says of what it takes, (n, ...): (n, outputs), 0 to 1."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_said, (content, luma, runtime))


def _said(content: bytes, luma: npt.NDArray[np.uint8], runtime: str, batch: int = 128) -> npt.NDArray[np.float32]:
    runner = importlib.import_module(MODULES[runtime]).Interpreter(model_content=content, num_threads=1)
    (entry,), (leave,) = runner.get_input_details(), runner.get_output_details()
    scale, zero = leave["quantization"]
    parts = []
    for start in range(0, len(luma), batch):
        part = luma[start : start + batch]
        runner.resize_tensor_input(entry["index"], part.shape)
        runner.allocate_tensors()
        runner.set_tensor(entry["index"], part)
        runner.invoke()
        parts.append((runner.get_tensor(leave["index"]).astype(np.float32) - zero) * scale)
    return np.concatenate(parts)
