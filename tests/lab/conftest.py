"""What the tests of the lab share: its scripts, called in this process."""

from __future__ import annotations

import importlib.util
import runpy
import subprocess
import sys
from collections.abc import Callable

import pytest

from lab.places import TOOLS


@pytest.fixture(scope="session")
def tool() -> Callable[[str], Callable[[list[str]], int]]:
    """The main of a script of tools/, to be given arguments: it returns the exit status."""

    def find(name: str) -> Callable[[list[str]], int]:
        main: Callable[[list[str]], int] = runpy.run_path(str(TOOLS / f"{name}.py"), run_name=name)["main"]
        return main

    return find


@pytest.fixture(scope="session")
def with_keras() -> Callable[..., str]:
    """Run a program in a process of its own, and give what it prints: the runtimes do not bear TensorFlow in theirs."""
    if importlib.util.find_spec("tensorflow") is None:
        pytest.skip("TensorFlow is not installed here: pip install '.[train]' brings it")

    def run(program: str, *arguments: object) -> str:
        command = [sys.executable, "-c", program, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
