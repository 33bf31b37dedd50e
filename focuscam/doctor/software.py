"""What focuscam is made of: its packages, the runtime of the network, and the network."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator

from focuscam import __version__
from focuscam.config import Settings
from focuscam.doctor.finding import Finding

PACKAGES = ("numpy", "opencv-python-headless", "gpiozero", "pillow", "prompt-toolkit", "chafa.py", "tqdm")
RUNTIMES = {"litert": "ai-edge-litert", "tflite": "tflite-runtime"}
"""The package of each runtime, by its short name."""


def findings(settings: Settings) -> Iterator[Finding]:
    """Versions, and whether the network can be run."""
    yield Finding("focuscam", True, f"{__version__}, Python {platform.python_version()} ({sys.prefix})")
    versions = {name: _version(name) for name in PACKAGES}
    lacks = [name for name, version in versions.items() if version is None]
    if lacks:
        yield Finding("packages", False, f"{' and '.join(lacks)} missing: type `{_pip()} install {' '.join(lacks)}`")
    else:
        yield Finding("packages", True, ", ".join(f"{name} {version}" for name, version in versions.items()))
    yield _runtime(versions["numpy"] or "")
    yield _model(settings)


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _pip() -> str:
    sudo = "" if os.access(sys.prefix, os.W_OK) else "sudo "
    return f"{sudo}{sys.executable} -m pip"


def _runtime(numpy: str) -> Finding:
    from focuscam.focus import runtime

    names = runtime.installed()
    if not names:
        return Finding("runtime", False, f"no TFLite runtime: type `{_pip()} install ai-edge-litert`")
    found = [f"{name} ({RUNTIMES[name]} {_version(RUNTIMES[name])})" for name in names]
    if names == ["tflite"] and numpy.partition(".")[0].isdigit() and int(numpy.partition(".")[0]) >= 2:
        cure = f"type `{_pip()} install 'numpy<2'`"
        return Finding("runtime", False, f"{found[0]} does not work with numpy {numpy}: {cure}")
    return Finding("runtime", True, found[0] + "".join(f"; {other} is there as well" for other in found[1:]))


def _model(settings: Settings) -> Finding:
    from focuscam.errors import FocuscamError
    from focuscam.focus.model import FocusModel

    try:
        model = FocusModel(settings.focus.model)
    except FocuscamError as error:
        return Finding("model", False, str(error))
    return Finding("model", True, f"{model.path}, comes on at {model.threshold:g}")
