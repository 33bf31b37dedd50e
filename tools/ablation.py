#!/usr/bin/env -S tools/python
"""What each thing that the simulated camera does for one failure brings: small networks trained without it.

`tools/ablation.py` trains one with all of them and one without each, on the data beside the repository, and prints
what they say of validation photos, spots and cases. Everything else is the same, the seed too, and two
networks that differ by nothing but the seed show how much is chance.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from lab.places import DATA, SCRATCH
from lab.training import ablation
from lab.training.patches import ADDED


class Options(ablation.Options):
    """What was given."""

    seeds: int
    only: list[str] | None


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/ablation.py", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, default=DATA, metavar="FOLDER", help="laid out as ../shared/data")
    add("--patches", type=int, default=300, metavar="N", help="patches from each photo (300)")
    add("--epochs", type=int, default=12, help="times over all patches (12)")
    add("--seeds", type=int, default=2, metavar="N", help="networks with all of them (2)")
    add("--only", choices=ADDED, action="append", help="leave only this out; again for more")
    add("--work", type=Path, default=SCRATCH / "ablation", metavar="FOLDER", help="networks (models/scratch)")
    return parser


def main() -> int:
    """Train, look, print."""
    options = arguments().parse_args(None, Options())
    jobs = [("", seed) for seed in range(1, options.seeds + 1)] + [(name, 1) for name in options.only or ADDED]
    columns = {
        f"without {without}" if without else f"all, seed {seed}": ablation.looked_at(
            options.data, ablation.trained(options, without, seed)
        )
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
