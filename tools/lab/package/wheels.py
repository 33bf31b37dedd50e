"""The wheels that a machine needs which is not this one.

`python3 -m lab.package.wheels RELEASE ARCHITECTURE FOLDER [MORE...]` unpacks them into a folder.

Takes the standard library and pip alone, so that any Python can run it.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from lab.package.releases import MACHINES, RELEASES, Release
from lab.places import REPOSITORY


def wanted(project: Path, release: Release, architecture: str) -> Iterator[str]:
    """The dependencies of a project (the folder of its pyproject.toml) there, as pip reads them, without markers."""
    # pip judges a marker by the Python that it runs on, so ours are judged here.
    from pip._vendor.packaging.requirements import Requirement

    there = {"python_version": release.python, "platform_machine": MACHINES[architecture], "sys_platform": "linux"}
    with (project / "pyproject.toml").open("rb") as file:
        told = tomllib.load(file)["project"]
    lines = [*told["dependencies"], *told.get("optional-dependencies", {}).get("page", [])]
    for each in map(Requirement, lines):
        if each.marker is None or each.marker.evaluate(there):
            yield f"{each.name}{each.specifier}"


def fetch(requirements: Iterable[str], release: Release, architecture: str, folder: Path) -> None:
    """Unpack binary wheels and what they need into a folder. Raises subprocess.CalledProcessError; pip says why."""
    machine = MACHINES[architecture]
    platforms = ["manylinux2014", *(f"manylinux_2_{minor}" for minor in range(17, release.glibc + 1))]
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-compile",
        "--no-warn-conflicts",
    ]
    command += ["--only-binary=:all:", "--implementation=cp", f"--python-version={release.python}"]
    command += [f"--platform={each}_{machine}" for each in platforms]
    subprocess.run([*command, f"--target={folder}", *requirements], check=True)


if __name__ == "__main__":
    name, architecture, folder, *more = sys.argv[1:]
    release = RELEASES[name]
    fetch([*wanted(REPOSITORY, release, architecture), *more], release, architecture, Path(folder))
