"""What the package unpacks: an environment of its own for each version, and the files and links that lead there."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from lab.package import wheels
from lab.package.releases import Release

HOME = Path("/opt/focuscam")
"""Where everybody finds the environment that runs: a link, see deploy/package/switch.sh."""
TREES = Path("/usr/lib/focuscam")
"""Where the environments of the versions are."""
DOC = Path("usr/share/doc/focuscam")
OVERRIDES = Path("usr/share/lintian/overrides/focuscam")
MAINTAINER = "the focuscam authors <focuscam@focuscam.invalid>"

PROGRAM = f"""#!{HOME}/bin/python
import sys

from focuscam.cli import main

sys.exit(main())
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of deploy/files."""

    kind: str
    what: str
    by_hand: str
    packaged: str


def lines(source: Path) -> Iterator[Line]:
    """Of deploy/files in a checkout."""
    for line in (source / "deploy/files").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield Line(*line.split())


def lay_out(root: Path, source: Path, release: Release, architecture: str, version: str) -> None:
    """Put all of it under `root`, from a checkout. Raises subprocess.CalledProcessError; pip says why.

    version: the package's.
    """
    _environment(root / TREES.relative_to("/") / version, source, release, architecture)
    python = f"python{release.python}"
    for line in lines(source):
        place = root / line.packaged.lstrip("/").replace("PYTHON", python)
        place.parent.mkdir(parents=True, exist_ok=True)
        if line.kind == "link":
            place.symlink_to(HOME / line.what.replace("PYTHON", python))
        else:
            shutil.copyfile(source / "deploy" / line.what, place)
    _documents(root, source, version, release)


def _environment(tree: Path, source: Path, release: Release, architecture: str) -> None:
    """As python -m venv --system-site-packages would have made it there."""
    packages = tree / f"lib/python{release.python}/site-packages"
    packages.mkdir(parents=True)
    (tree / "bin").mkdir()
    python = f"python{release.python}"
    (tree / "bin/python").symlink_to(f"/usr/bin/{python}")
    for name in ("python3", python):
        (tree / "bin" / name).symlink_to("python")
    (tree / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = true\nversion = {release.python}\n", encoding="utf-8"
    )
    with tempfile.TemporaryDirectory() as scratch:
        build = [sys.executable, "-m", "pip", "wheel", "-qq", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*build, "--no-build-isolation", "--wheel-dir", scratch, source], check=True)
        wheels.fetch(wheels.wanted(source, release, architecture), release, architecture, packages)
        # By hand: pip would ask for what ours needs on the Python that it runs on itself.
        [ours] = Path(scratch).glob("*.whl")
        shutil.unpack_archive(ours, packages, "zip")
    shutil.rmtree(packages / "bin", ignore_errors=True)
    for name in release.from_apt:
        for each in (*packages.glob(name), *packages.glob(f"{name}.libs"), *packages.glob(f"{name}-*.dist-info")):
            shutil.rmtree(each)
    # The tests of others: a sixth of the room, and nobody runs them on a Pi.
    for each in [*packages.rglob("tests"), *packages.rglob("__pycache__")]:
        if each.is_dir():
            shutil.rmtree(each)
    program = tree / "bin/focuscam"
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o755)


def _documents(root: Path, source: Path, version: str, release: Release) -> None:
    folder = root / DOC
    folder.mkdir(parents=True)
    licence = (source / "LICENSE").read_text(encoding="utf-8")
    (folder / "copyright").write_text(
        f"{licence}\nThe environment in {TREES} holds packages of others as PyPI has them; the licence of each\n"
        "lies in its .dist-info there.\n",
        encoding="utf-8",
    )
    date = formatdate(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()))
    entry = (
        f"focuscam ({version}) {release.name}; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- {MAINTAINER}  {date}\n"
    )
    for name, text in (("changelog.gz", entry), ("CHANGELOG.md.gz", (source / "CHANGELOG.md").read_text("utf-8"))):
        # Without the time, so that the same checkout gives the same package.
        with (folder / name).open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0) as packed:
            packed.write(text.encode())
    (root / OVERRIDES).parent.mkdir(parents=True)
    shutil.copyfile(source / "deploy/package/lintian-overrides", root / OVERRIDES)
