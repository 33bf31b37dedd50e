"""What the tests of the lab share: its scripts, called in this process."""

from __future__ import annotations

import runpy
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
