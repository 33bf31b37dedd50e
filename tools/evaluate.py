#!/usr/bin/env -S tools/python
"""How good the light is, in one table: what is wanted, and what was found on each runtime that is installed.

`tools/evaluate.py` looks at all validation data beside the repository: photos in sets, spots of focus sweeps, lights at
night, cases from the field. An option for one of them looks at that alone. `--photos` and `--sweeps` compare with what
focuscam replaces.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from focuscam.errors import FocuscamError
from lab.evaluation import compared, parts, table
from lab.evaluation.parts import SKIES
from lab.places import SEED_MODEL


class Options(parts.Options):
    """What was given."""

    json: bool


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/evaluate.py", description=__doc__)
    add = parser.add_argument
    add("--sets", type=Path, metavar="FOLDER", help="sets of photos, each with sharp, defocus, motion")
    add("--spots", type=Path, nargs="+", default=[], metavar="FOLDER", help="series with a spots.csv")
    add("--skies", type=_count, nargs="?", const=SKIES, default=0, metavar="N", help=f"N skies of each kind ({SKIES})")
    add("--cases", type=Path, metavar="FOLDER", help="pictures of cases from the field")
    add("--photos", type=Path, metavar="FOLDER", help="photos in the layout of the Kaggle set, for all judges")
    add("--sweeps", type=Path, metavar="FOLDER", help="sweeps, each a folder with a sweep.csv, for all judges")
    add("--train", type=Path, metavar="FOLDER", help="holds sharp/ and sweeps/train: thresholds of rivals")
    add("--model", type=Path, metavar="FILE", help="PATH.tflite, with PATH.json beside it (the shipped one)")
    add("--seed-model", type=Path, default=SEED_MODEL, metavar="FILE", help="the seed network as .tflite")
    add("--only", metavar="WORD", help="only judges whose name contains this")
    add("--conditions", metavar="WORD,...", help="only these, such as clean,noise 8 (spots: clean)")
    add("--json", action="store_true", help="one JSON object in place of the tables")
    add("--plot", type=Path, metavar="FOLDER", help="write the curves as PNG")
    return parser


def _count(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("one or more")
    return number


def main(given: list[str] | None = None) -> int:
    """Run, print, and return the exit status."""
    options = arguments().parse_args(given, Options())
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        found, result = parts.run(options)
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    if options.json:
        print(json.dumps({"table": table.plain(found), "compared": compared.plain(result)}))
    else:
        print(table.text(found) if found else "", compared.text(result), sep="", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
