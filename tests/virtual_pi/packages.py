"""The Debian package, and what it needs that only Raspberry Pi OS has, for the virtual Pi."""

import re
import shutil
import subprocess
from pathlib import Path

from lab.package.build import build
from lab.package.releases import RELEASES
from tests.virtual_pi.virtual_pi import REPOSITORY, VirtualPi

PLACE = "/srv/packages"
NOT_PACKED = ("-Znone",)


def made(version: str, scratch: Path) -> Path:
    """The package of this checkout as if it were that version, for the virtual Pi."""
    source = scratch / version
    ignored = shutil.ignore_patterns("__pycache__", "scratch")
    for name in ("focuscam", "models", "deploy"):
        shutil.copytree(REPOSITORY / name, source / name, symlinks=True, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, source)
    told = source / "focuscam/__init__.py"
    told.write_text(re.sub(r'__version__ = ".*"', f'__version__ = "{version}"', told.read_text()))
    return build(source, RELEASES["trixie"], "amd64", scratch, NOT_PACKED)


def stand_in(name: str, scratch: Path, architecture: str = "all", needed: str = "python3") -> Path:
    """A package of that name with what `scratch / name` has in it, which may be nothing."""
    control = scratch / name / "DEBIAN"
    control.mkdir(parents=True)
    (control / "control").write_text(
        f"Package: {name}\nVersion: 0\nArchitecture: {architecture}\nMaintainer: nobody <nobody@localhost>\n"
        f"Depends: {needed}\nDescription: stand-in\n"
    )
    package = scratch / f"{name}_0_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", *NOT_PACKED, "--build", scratch / name, package]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return package


def bring(pi: VirtualPi, package: Path) -> str:
    """Copy a package to the Pi, and return where it is there."""
    folder = pi.disk / PLACE.lstrip("/")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(package, folder)
    return f"{PLACE}/{package.name}"


def bring_camera_stack(pi: VirtualPi, scratch: Path) -> None:
    """Raspberry Pi OS's python3-picamera2, with PyPI's picamera2 in it, and a python3-lgpio that is empty."""
    packages = pi.disk / "srv/picamera2"
    pi.run("/opt/focuscam/bin/pip install --quiet --target /srv/picamera2 picamera2")
    for pattern in ("numpy*", "*prctl*"):  # apt has these
        for each in packages.glob(pattern):
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    shutil.move(packages, scratch / "python3-picamera2/usr/lib/python3/dist-packages")
    needed = "python3-numpy, python3-prctl, python3-libcamera"
    stack = [stand_in("python3-picamera2", scratch, needed=needed), stand_in("python3-lgpio", scratch)]
    pi.run(f"apt-get install -y --no-install-recommends {' '.join(bring(pi, each) for each in stack)}")


def take_camera_stack_away(pi: VirtualPi) -> None:
    """As it was."""
    pi.run("apt-get purge -y python3-picamera2 python3-lgpio")
