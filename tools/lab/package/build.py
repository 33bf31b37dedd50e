"""Makes the package of a checkout, with dpkg-deb alone.

debhelper lost: it would build the environment with the Python and for the architecture of the machine that it runs on.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from lab.package import tree
from lab.package.releases import Release

CAMERA_STACK = ("python3-picamera2", "python3-libcamera", "libcamera-ipa", "python3-lgpio", "python3-systemd")
"""What knows the Pi comes from its own apt. python3-picamera2 is content with a libcamera that is too old for it."""
BYTECODE = 1.4
"""Times the room that is unpacked: what Python's translation takes comes to it."""
PACKING = ("-Zxz", "-z2")
"""More takes minutes and saves a tenth."""


class NoPackage(Exception):
    """It can't be made here; its text says what to do about that."""


def build(source: Path, release: Release, architecture: str, folder: Path, packing: tuple[str, ...] = PACKING) -> Path:
    """Make the package of a checkout for a release, and return its file in `folder`. Raises NoPackage.

    packing: options of dpkg-deb.
    """
    if shutil.which("dpkg-deb") is None:
        raise NoPackage("A Debian package is made with dpkg-deb: apt install dpkg, or make it on a Debian.")
    _take_time_of(source)
    version = f"{_version(source)}+deb{release.debian}"
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        root.mkdir(mode=0o755)
        try:
            tree.lay_out(root, source, release, architecture, version)
        except subprocess.CalledProcessError as error:
            raise NoPackage(f"The wheels for {release.name} could not be had; the lines above say why.") from error
        _modes(root)
        kilobytes = sum(each.lstat().st_size for each in root.rglob("*") if not each.is_dir()) // 1024
        control = Path(scratch) / "DEBIAN"
        control.mkdir(mode=0o755)
        fields = _fields(release, architecture, version, kilobytes)
        (control / "control").write_text("".join(f"{name}: {value}\n" for name, value in fields.items()), "utf-8")
        # `dpkg --verify focuscam` finds what a card has lost.
        files = sorted(each for each in root.rglob("*") if each.is_file() and not each.is_symlink())
        sums = (f"{hashlib.md5(each.read_bytes()).hexdigest()}  {each.relative_to(root)}\n" for each in files)
        (control / "md5sums").write_text("".join(sums), "utf-8")
        own = "".join(f"{each.packaged}\n" for each in tree.lines(source) if each.kind == "user's")
        (control / "conffiles").write_text(own, "utf-8")
        for script in ("preinst", "postinst", "prerm", "postrm"):
            file = control / script
            file.write_text(_script(script, source, release, architecture, version, kilobytes), "utf-8")
            file.chmod(0o755)
        control.rename(root / "DEBIAN")
        package = folder / f"focuscam_{version}_{architecture}.deb"
        folder.mkdir(parents=True, exist_ok=True)
        dpkg = ["dpkg-deb", "--root-owner-group", *packing, "--build", str(root), str(package)]
        subprocess.run(dpkg, check=True, stdout=subprocess.DEVNULL)
    return package


def _version(source: Path) -> str:
    found: dict[str, str] = {}
    exec((source / "focuscam/__init__.py").read_text("utf-8"), found)
    return found["__version__"]


def _take_time_of(source: Path) -> None:
    """Nothing is younger than the checkout, so that it gives the same package again."""
    git = ["git", "-C", str(source), "log", "-1", "--format=%ct"]
    done = subprocess.run(git, capture_output=True, text=True, check=False)
    if done.returncode == 0 and done.stdout:
        os.environ.setdefault("SOURCE_DATE_EPOCH", done.stdout.strip())


def _modes(root: Path) -> None:
    """Nobody's umask goes along."""
    for each in root.rglob("*"):
        if not each.is_symlink():
            each.chmod(0o755 if each.is_dir() or each.parent.name == "bin" else 0o644)


def _fields(release: Release, architecture: str, version: str, kilobytes: int) -> dict[str, str]:
    needed = [
        f"python3 (>= {release.python}~)",
        f"python3 (<< {release.next_python}~)",
        *CAMERA_STACK,
        *(f"python3-{name}" for name in release.from_apt),
        "systemd",
        f"libc6 (>= 2.{release.glibc})",
        # What the wheels do not bring themselves; the last is for sixel pictures in a terminal.
        "libstdc++6",
        "zlib1g",
        "libglib2.0-0t64 | libglib2.0-0",
    ]
    return {
        "Package": "focuscam",
        "Version": version,
        "Architecture": architecture,
        "Maintainer": tree.MAINTAINER,
        "Section": "graphics",
        "Priority": "optional",
        "Installed-Size": str(kilobytes),
        "Depends": ", ".join(needed),
        # For the programs of others, which run in the system's Python.
        "Recommends": "python3-gpiozero",
        "Description": "light that says when a Raspberry Pi camera is in focus\n"
        " You turn the ring of a manual lens, and an LED comes on where the picture is in\n"
        " focus. A small neural network looks at the newest frame, thirty times a second.",
    }


def _script(name: str, source: Path, release: Release, architecture: str, version: str, kilobytes: int) -> str:
    """A script of the package: what deploy/ has, in one file, since dpkg runs it when nothing else is there."""
    facts = {
        "version": version,
        "release": release.name,
        "python": f"python{release.python}",
        "architecture": architecture,
        "space_mb": str(round(kilobytes * BYTECODE / 1024)),
        "needed": " ".join(CAMERA_STACK),
    }
    listed = (source / "deploy/files").read_text("utf-8")
    parts = [
        "#!/bin/bash\nset -euo pipefail\n",
        "".join(f"{name}='{value}'\n" for name, value in facts.items()),
        f"list=$(cat <<'END'\n{listed}END\n)\n",
        'run() {\n  "$@"\n}\n',
        *((source / "deploy" / each).read_text("utf-8") for each in ("parts.sh", "package/switch.sh")),
        (source / "deploy/package" / name).read_text("utf-8"),
    ]
    return "\n".join(parts)
