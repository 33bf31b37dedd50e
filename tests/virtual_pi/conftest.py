"""The virtual Pi, booted once for all of these tests. `tests/virtual_pi/run` starts them."""

import os
from pathlib import Path

import pytest

from tests.virtual_pi.virtual_pi import VirtualPi

ROOT = os.environ.get("FOCUSCAM_VIRTUAL_PI")


def pytest_collection_modifyitems(items):
    if not ROOT:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="started by tests/virtual_pi/run, as root"))


@pytest.fixture(scope="session")
def booted():
    """A Pi that was switched on for the first time: nothing of focuscam on it yet."""
    pi = VirtualPi(Path(ROOT))
    try:
        pi.boot()
        yield pi
    finally:
        pi.throw_away()


@pytest.fixture(scope="session")
def installed(booted):
    """focuscam installed by its user, ada, with sudo."""
    booted.said = booted.install()
    return booted


@pytest.fixture
def pi(installed):
    """A Pi whose service runs with the shipped settings and sees frames, whatever the test before did."""
    installed.mend()
    yield installed
    if ROOT:
        installed.camera("frozen", False)
        installed.camera("free", False)
