"""Emulated Pis, of both releases, with the Debian package unpacked. `tests/arm64/run` starts these tests."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import cv2
import pytest

from focuscam.simulation.camera import Simulated
from lab.package.build import build
from lab.package.releases import RELEASES
from lab.package.tree import HOME
from lab.pi import machine, report

FOLDER = os.environ.get("FOCUSCAM_ARM64")
REAL = 3
"""So many photos of each folder of real ones: emulated, a large one takes a second."""


def pytest_collection_modifyitems(items):
    if not FOLDER:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="started by tests/arm64/run, as root"))


@dataclass(frozen=True)
class EmulatedPi:
    release: str
    root: Path
    package: Path

    @property
    def runtime(self) -> str:
        return report.SYSTEMS[self.release]

    def run(self, *command: str, cpu: str = machine.CPU) -> str:
        """What a command says there on stdout."""
        done = subprocess.run(
            [machine.ARM64 / "run_in", self.root, cpu, *command], capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, (
            f"{command}: status {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
        return done.stdout

    def packaged(self, *command: str, cpu: str = machine.CPU) -> str:
        """The same, where nothing but the package and the system's own is found."""
        return self.run("env", "--unset=PYTHONPATH", *command, cpu=cpu)

    def scores(self, photos: str, cpu: str = machine.CPU) -> list[dict]:
        """Of each photo in a folder there, by the package's command."""
        return [json.loads(line) for line in self.packaged("focuscam", "score", "--json", photos, cpu=cpu).splitlines()]


@pytest.fixture(scope="session", params=report.SYSTEMS)
def pi(request, tmp_path_factory, pictures):
    machine.check()
    root = machine.made(Path(FOLDER), request.param)
    package = build(
        machine.REPOSITORY, RELEASES[request.param], "arm64", tmp_path_factory.mktemp("package"), ("-Znone",)
    )
    for left in ("usr/lib/focuscam", "opt/focuscam", "srv/photos"):
        place = root / left
        place.unlink() if place.is_symlink() else shutil.rmtree(place, ignore_errors=True)
    subprocess.run(["dpkg-deb", "--extract", package, root], check=True)
    [tree] = (root / "usr/lib/focuscam").iterdir()
    (root / HOME.relative_to("/")).symlink_to(f"/usr/lib/focuscam/{tree.name}")  # what its postinst does
    shutil.copytree(pictures, root / "srv/photos")
    return EmulatedPi(request.param, root, package)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """A folder of photos: a simulated lens on its way, and real ones where they are."""
    folder = tmp_path_factory.mktemp("photos")
    lens = Simulated(seed=3, size=(1296, 972), paced=False, fps=1)
    lens.hand = lambda second: lens.best + (second - 3) * 0.05
    for number in range(7):
        cv2.imwrite(f"{folder}/simulated-{number}.png", lens.frame(number).fine)
    real = machine.REPOSITORY.parent / "shared/data"
    if not real.is_dir():
        print(f"There are no real photos in {real}: those of a simulated lens are all that is compared.")
    for kind in sorted({each.parent for each in real.glob("photos/validation/*/*/*.*")}):
        for each in sorted(kind.glob("*.[jp][pn]g"))[:REAL]:
            shutil.copy(each, folder / f"{kind.parent.name}-{kind.name}-{each.name}")
    for each in sorted(real.glob("kwentar/*/*.jpg")):
        shutil.copy(each, folder)
    return folder
