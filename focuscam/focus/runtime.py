"""The one file that knows the two TFLite runtimes.

tflite-runtime 2.14 is the last of its name and ends at Python 3.11; ai-edge-litert is its successor
with the same `Interpreter`, and several times faster on int8, so it is taken where both are there.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from focuscam.errors import ConfigurationError
from focuscam.system.saying import others_quiet


class Interpreter(Protocol):
    """What the two runtimes have in common, as far as we use it."""

    def get_input_details(self) -> list[dict[str, Any]]: ...  # noqa: D102
    def get_output_details(self) -> list[dict[str, Any]]: ...  # noqa: D102
    def resize_tensor_input(self, index: int, size: Sequence[int]) -> None: ...  # noqa: D102
    def allocate_tensors(self) -> None: ...  # noqa: D102
    def set_tensor(self, index: int, value: npt.NDArray[np.uint8]) -> None: ...  # noqa: D102
    def invoke(self) -> None: ...  # noqa: D102
    def get_tensor(self, index: int) -> npt.NDArray[np.uint8]: ...  # noqa: D102


RUNTIMES = {"litert": "ai_edge_litert.interpreter", "tflite": "tflite_runtime.interpreter"}
"""Short name and module of each runtime, the preferred one first."""


def installed() -> list[str]:
    """Short names of the runtimes that can be imported here, the preferred one first."""
    return [name for name in RUNTIMES if _loaded(name)]


def _loaded(name: str) -> bool:
    # One that is not used is not even loaded: it takes megabytes.
    try:
        importlib.import_module(RUNTIMES[name])
    except ImportError:
        return False
    return True


def interpreter(model: bytes, threads: int = 1, runtime: str | None = None) -> Interpreter:
    """An interpreter of this model, its tensors not yet allocated.

    model: the content of a .tflite file. runtime: one of RUNTIMES, or None for the preferred one that is installed.
    Raises ConfigurationError without a runtime that works, ValueError for a model that it cannot read.
    """
    name = next((name for name in ([runtime] if runtime else RUNTIMES) if _loaded(name)), None)
    if name is None:
        wanted = runtime or "TFLite"
        raise ConfigurationError(
            f"The {wanted} runtime is not installed: run `pip install ai-edge-litert` "
            "(or `pip install 'tflite-runtime==2.14.0' 'numpy<2'` on Python 3.11)."
        )
    make = importlib.import_module(RUNTIMES[name]).Interpreter
    try:
        with others_quiet():  # such as "INFO: Created TensorFlow Lite XNNPACK delegate"
            return cast(Interpreter, make(model_content=model, num_threads=threads))
    except (SystemError, ImportError, AttributeError) as error:
        # tflite-runtime 2.14 is built for numpy 1: with numpy 2 it imports and fails only here.
        raise ConfigurationError(
            "tflite-runtime 2.14 does not work with numpy 2: run `pip install 'numpy<2'`, "
            f"or `pip install ai-edge-litert` in its place ({error})."
        ) from error
