"""What the page is tried with that comes from npm: TypeScript's checker and axe-core's rules."""

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
WANTED = {"typescript": "5.9.3", "axe-core": "4.14.1"}
"""Neither needs anything else."""


def installed(name):
    """The folder of a package, installed once; skips the test where that can't be."""
    home = REPOSITORY / ".venv" / "npm"
    folder = home / "node_modules" / name
    if not (folder / "package.json").exists():
        if shutil.which("npm") is None or shutil.which("node") is None:
            pytest.skip(f"SKIPPED: {name} comes from npm, which is not here: `apt install npm`.")
        home.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", home]
        done = subprocess.run(
            [*command, *(f"{each}@{version}" for each, version in WANTED.items())], capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"SKIPPED: npm could not install {name}: {done.stderr.strip()[-300:]}")
    return folder
