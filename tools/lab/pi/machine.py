"""An emulated Pi: a Debian root of its architecture, with focuscam's real wheels and this checkout in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from lab.package import wheels
from lab.package.releases import RELEASES
from lab.places import REPOSITORY

HERE = Path(__file__).resolve().parent
ARM64 = REPOSITORY / "tests" / "arm64"
PARTS = ("focuscam", "models", "tools", "tests")
"""What of the repository goes into a root."""
NEEDED = ("qemu-aarch64-static", "mmdebstrap", "update-binfmts", "unshare", "gcc")
"""Programs that an emulated Pi needs here."""
CPU = "cortex-a72"
"""The Pi 4's, as qemu calls it."""


class NoPi(Exception):
    """An emulated Pi can't be had here; its text says what to do about that."""


def check() -> None:
    """Raise NoPi where an emulated Pi can't be had."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        raise NoPi(
            f"An emulated Pi needs {', '.join(missing)}: "
            "apt install qemu-user-static binfmt-support mmdebstrap util-linux gcc."
        )
    if os.geteuid() != 0:
        raise NoPi("An emulated Pi needs a root of its own, and so this command must be run as root (sudo).")


def made(folder: Path, release: str) -> Path:
    """The root of a release in a folder, made where it is not there yet, with this checkout as it is now in /src."""
    root = folder / release
    recipe = "\n".join([(ARM64 / "make_root").read_text(), *wheels.wanted(REPOSITORY, RELEASES[release], "arm64")])
    if not (root / "made").exists() or (root / "made").read_text() != recipe:
        # Nothing of this machine's is mounted there, so that nothing of it can go as well.
        shutil.rmtree(root, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run([ARM64 / "make_root", root, release], check=True, stdout=subprocess.DEVNULL)
        except subprocess.CalledProcessError as error:
            raise NoPi(f"The root of {release} could not be made in {folder}; the lines above say why.") from error
        (root / "made").write_text(recipe)
    for part in PARTS:
        shutil.rmtree(root / "src" / part, ignore_errors=True)
        shutil.copytree(
            REPOSITORY / part,
            root / "src" / part,
            ignore=shutil.ignore_patterns("scratch", "__pycache__"),
            symlinks=True,
        )
    return root


def instructions(root: Path, command: Sequence[str], cpu: str = CPU) -> dict[str, int]:
    """Instructions of each job that a command gives to `lab.pi.spans.count`. Raises NoPi where it fails."""
    with tempfile.TemporaryDirectory() as scratch:
        counter = Path(scratch) / "counter"
        subprocess.run(["gcc", "-O2", "-o", counter, HERE / "counter.c"], check=True)
        said = Path(scratch) / "said"
        # The counter reads the pipe that is the command's file descriptor 3; what the command says is kept for errors.
        line = f'"$@" 3>&1 1>"{said}" 2>/dev/null | {counter}'
        found = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line, "bash", ARM64 / "run_in", root, cpu, *command],
            env=os.environ | {"QEMU_LOG": "in_asm,exec,nochain,strace"},
            capture_output=True,
            text=True,
            check=False,
        )
        if found.returncode:
            raise NoPi(f"The emulated Pi failed at {' '.join(command)}:\n{said.read_text()[-2000:]}")
    spans = dict(line.split("\t") for line in found.stdout.splitlines())
    return {name: int(count) for name, count in spans.items() if name not in ("start", "between")}
