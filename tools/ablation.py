#!/usr/bin/env -S tools/python
"""What each thing that the simulated camera does for one failure brings: small networks trained without it.

`tools/ablation.py` trains one with all of them and one without each, on the data beside the repository, and prints
what they say of validation photos, spots and cases. Everything else is the same, the seed too, and two
networks that differ by nothing but the seed show how much is chance.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from tqdm import tqdm  # noqa: E402
from training.patches import ADDED  # noqa: E402

DATA = HERE.parent.parent / "shared" / "data"
SCRATCH = HERE.parent / "models" / "scratch" / "ablation"


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/ablation.py", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="laid out as ../shared/data")
    parser.add_argument("--patches", type=int, default=300, metavar="N", help="patches from each photo (300)")
    parser.add_argument("--epochs", type=int, default=12, help="times over all patches (12)")
    parser.add_argument("--seeds", type=int, default=2, metavar="N", help="networks with all of them (2)")
    parser.add_argument("--only", choices=ADDED, action="append", help="leave only this out; again for more")
    parser.add_argument("--work", type=Path, default=SCRATCH, metavar="FOLDER", help="networks (models/scratch)")
    return parser


def trained(options: argparse.Namespace, without: str, seed: int) -> Path:
    """The network without one of ADDED, or with all of them, made where it is not there yet."""
    folder: Path = options.work / f"{without or 'all'}-{seed}-{options.patches}-{options.epochs}"
    if not (folder / "focus.json").exists():
        data: Path = options.data
        command = [HERE / "train.py", "live", "--out", folder, "--work", folder, "--seed", seed]
        command += ["--patches", options.patches, "--epochs", options.epochs, "--licences", data / "files.csv"]
        command += ["--photos", data / "sharp", *(data / "photos" / "train" / s / "sharp" for s in ("sudoku", "zxing"))]
        command += ["--sweeps", data / "sweeps" / "train", data / "series" / "train", "--stacks", data / "stacks"]
        command += ["--without", without] if without else []
        _run(command)
    return folder / "focus.tflite"


def looked_at(options: argparse.Namespace, model: Path) -> dict[str, float]:
    """What evaluate.py finds of a network, by the line of its table; of a case the score of its best subject."""
    data: Path = options.data
    command = [HERE / "evaluate.py", "--json", "--only", "LiteRT", "--conditions", "clean", "--model", model]
    command += ["--sets", data / "photos" / "validation", "--spots", data / "sweeps" / "validation"]
    command += [data / "series" / "validation", "--cases", data.parent / "cases"]
    found = {}
    for line in json.loads(_run(command))["table"]:
        (said,) = line["found"].values()
        value = said["value"] if "value" in said else said["scores"][0]
        found[line["line"]] = float("nan") if value is None else value
    return found


def _run(command: list[object]) -> str:
    """What a tool prints. Raises CalledProcessError, and shows what it said, where it fails."""
    done = subprocess.run(
        [sys.executable, *map(str, command)], cwd=HERE.parent, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stderr)
        done.check_returncode()
    return done.stdout


def main() -> int:
    """Train, look, print."""
    options = arguments().parse_args()
    jobs = [("", seed) for seed in range(1, options.seeds + 1)] + [(name, 1) for name in options.only or ADDED]
    columns = {
        f"without {without}" if without else f"all, seed {seed}": looked_at(options, trained(options, without, seed))
        for without, seed in tqdm(jobs, disable=None)
    }
    first = next(iter(columns.values()))
    width = max(map(len, first))
    print(" " * width + "".join(f"  {name:>18}" for name in columns))
    for line in first:
        print(f"{line:{width}}" + "".join(f"  {found[line]:18.3f}" for found in columns.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
