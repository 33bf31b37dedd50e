"""Small networks that were trained without one thing that the simulated camera does, and what is found of them."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from lab.places import REPOSITORY, TOOLS


class Options(argparse.Namespace):
    """What every one of these networks is trained on, and how much."""

    data: Path
    """Laid out as ../shared/data."""
    patches: int
    """From each photo."""
    epochs: int
    work: Path


def trained(options: Options, without: str, seed: int) -> Path:
    """The network without one of patches.ADDED, or with all of them, made where it is not there yet."""
    folder = options.work / f"{without or 'all'}-{seed}-{options.patches}-{options.epochs}"
    if not (folder / "focus.json").exists():
        _run(train_command(options, without, seed, folder))
    return folder / "focus.tflite"


def train_command(options: Options, without: str, seed: int, folder: Path) -> list[str]:
    """What makes it, in the words of tools/train.py."""
    data = options.data
    command: list[object] = ["train.py", "live", "--out", folder, "--work", folder, "--seed", seed]
    command += ["--patches", options.patches, "--epochs", options.epochs, "--licences", data / "files.csv"]
    command += ["--photos", data / "sharp", *(data / "photos" / "train" / s / "sharp" for s in ("sudoku", "zxing"))]
    command += ["--sweeps", data / "sweeps" / "train", data / "series" / "train", "--stacks", data / "stacks"]
    command += ["--without", without] if without else []
    return list(map(str, command))


def looked_at(data: Path, model: Path) -> dict[str, float]:
    """What tools/evaluate.py finds of a network on validation data, by the line of its table."""
    command: list[object] = ["evaluate.py", "--json", "--only", "LiteRT", "--conditions", "clean", "--model", model]
    command += ["--sets", data / "photos" / "validation", "--spots", data / "sweeps" / "validation"]
    command += [data / "series" / "validation", "--cases", data.parent / "cases"]
    return lines(_run(list(map(str, command))))


def lines(printed: str) -> dict[str, float]:
    """The value of each line of evaluate.py's JSON; of a case the score of its best subject; NaN for none."""
    found: dict[str, float] = {}
    for line in json.loads(printed)["table"]:
        (said,) = line["found"].values()
        value = said["value"] if "value" in said else said["scores"][0]
        found.setdefault(line["line"], float("nan") if value is None else value)
    return found


def _run(command: list[str]) -> str:
    """What a tool prints. Raises CalledProcessError, and shows what it said, where it fails."""
    script, *rest = command
    done = subprocess.run(
        [sys.executable, str(TOOLS / script), *rest], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stderr)
        done.check_returncode()
    return done.stdout
