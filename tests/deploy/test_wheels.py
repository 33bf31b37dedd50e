"""A Raspberry Pi must not have to compile anything: what the wheel needs exists in binary form for it."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]
GENERATIONS = {"3.11": 36, "3.13": 41}
"""Python of the Raspberry Pi OS generations, and the 2.x of their glibc, which decides what wheels they can use."""


def dependencies(python):
    """What the wheel needs on a Pi with this Python."""
    # A marker is judged for the Python that asks, not for the one that is asked about: sort them out here.
    from packaging.requirements import Requirement

    pi = {"python_version": python, "platform_machine": "aarch64", "sys_platform": "linux"}
    wanted = [Requirement(line) for line in PROJECT["dependencies"]]
    return [each for each in wanted if not each.marker or each.marker.evaluate(pi)]


@pytest.mark.parametrize("python", GENERATIONS)
def test_every_dependency_has_a_binary_wheel_for_the_pi(python, tmp_path):
    wanted = [f"{each.name}{each.specifier}" for each in dependencies(python)]
    platforms = [f"--platform=manylinux_2_{minor}_aarch64" for minor in range(17, GENERATIONS[python] + 1)]
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed", "--report=-"]
    command += ["--disable-pip-version-check", "--only-binary=:all:", f"--python-version={python}", *platforms]
    command += ["--platform=manylinux2014_aarch64", f"--target={tmp_path}", *wanted]
    asked = subprocess.run(command, capture_output=True, text=True)
    if "No matching distribution" not in asked.stderr and asked.returncode:
        pytest.skip(f"the package index can't be asked: {asked.stderr[-300:]}")
    assert asked.returncode == 0, asked.stderr
    found = {each["metadata"]["name"]: each["download_info"]["url"] for each in json.loads(asked.stdout)["install"]}
    assert len(found) >= len(wanted)
    assert all(url.endswith(("aarch64.whl", "none-any.whl")) for url in found.values()), found


@pytest.fixture(scope="module")
def table():
    """The rows of "Which package comes from where": [package, on Python 3.11, on Python 3.13]."""
    text = (HOME / "docs/reference/packages.md").read_text()
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


@pytest.mark.parametrize("python", GENERATIONS)
def test_the_documents_say_of_every_dependency_and_of_nothing_else_that_pypi_has_it(table, python):
    column = 1 + list(GENERATIONS).index(python)
    needed = {each.name.lower() for each in dependencies(python)}
    from_pypi = [row for row in table if "PyPI" in row[column]]
    # A package is named in the first cell, or, where that says what it is for, in the column of the generation.
    named = {re.sub(r" \(.*\)", "", name).lower() for row in from_pypi for name in row[0].split(", ")}
    named = {{"opencv": "opencv-python-headless"}.get(name, name) for name in named - {"tflite runtime"}}
    runtimes = {name for row in from_pypi for name in re.findall("`([^`]+)`", row[column])}
    assert named < needed
    assert needed - named <= runtimes
    assert ("(numpy 1)" in " ".join(row[column] for row in table)) == any(
        each.name == "numpy" and "<2" in str(each.specifier) for each in dependencies(python)
    )


def test_what_the_documents_say_apt_has_the_installer_asks_apt_for(table):
    [names] = [row[0].split(", ") for row in table if row[1:] == ["apt", "apt"]]
    asked = (HOME / "deploy/install.sh").read_text()
    package = {"systemd-python": "python3-systemd"}
    assert all(package.get(name, f"python3-{name}") in asked for name in names)
