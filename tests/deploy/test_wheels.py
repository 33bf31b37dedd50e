"""A Raspberry Pi must not have to compile anything: what the wheel needs exists in binary form for it."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text())["project"]
GENERATIONS = {"3.11": 36, "3.13": 41}
"""Python of the Raspberry Pi OS generations, and the 2.x of their glibc, which decides what wheels they can use."""


@pytest.mark.parametrize("python", GENERATIONS)
def test_every_dependency_has_a_binary_wheel_for_the_pi(python, tmp_path):
    # A marker is judged for the Python that asks, not for the one that is asked about: sort them out here.
    from packaging.requirements import Requirement

    pi = {"python_version": python, "platform_machine": "aarch64", "sys_platform": "linux"}
    wanted = [Requirement(line) for line in PROJECT["dependencies"]]
    wanted = [f"{each.name}{each.specifier}" for each in wanted if not each.marker or each.marker.evaluate(pi)]
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
