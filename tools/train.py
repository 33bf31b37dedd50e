#!/usr/bin/env -S tools/python
"""Train the network: `tools/train.py live --photos FOLDER...` ends with models/focus.tflite and focus.json in place.

`tools/train.py seed --data FOLDER` trains the published network that ours is compared with.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
HERE = Path(__file__).resolve().parent
MODELS = HERE.parent / "models"
sys.path[:0] = [str(HERE), str(HERE.parent)]

from training.patches import ADDED  # noqa: E402


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/train.py", description="Train the network that the light rests on.")
    commands = parser.add_subparsers(dest="command", required=True)

    live = commands.add_parser("live", help="our network, on patches of photos taken again by a simulated camera")
    several = {"type": Path, "nargs": "+", "default": [], "metavar": "FOLDER"}
    live.add_argument("--photos", **several, help="photos that are sharp at least in part")
    live.add_argument("--sweeps", **several, help="each holds one folder with a sweep.csv for each focus sweep")
    live.add_argument("--stacks", **several, help="each holds one folder for each focus stack")
    live.add_argument(
        "--licences", type=Path, metavar="FILE", help="a table (file, licence): leave out what is not free by it"
    )
    live.add_argument("--teacher", action="store_true", help="train a wide network first and learn from it: for a GPU")
    live.add_argument("--without", choices=ADDED, default="", help="leave this out, to see what it brings")
    live.add_argument("--invented", type=int, default=60, metavar="N", help="pictures drawn by the program (60)")
    live.add_argument("--patches", type=int, default=900, metavar="N", help="patches from each photo (900)")
    live.add_argument("--epochs", type=int, default=24, help="times over all patches (24)")
    live.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes making patches")

    ship = commands.add_parser("ship", help="what `live` trained where there was no TensorFlow: int8, in place")
    for command in (live, ship):
        command.add_argument("--out", type=Path, default=MODELS, metavar="FOLDER", help="where the model goes (models)")

    seed = commands.add_parser("seed", help="the published network, on photos in the layout of its data set")
    seed.add_argument("--data", type=Path, metavar="FOLDER", help="holds sharp, defocused_blurred, motion_blurred")
    seed.add_argument("--simulate", type=Path, metavar="FOLDER", help="make such a set from these sharp photos")
    seed.add_argument("--kernel", type=int, choices=(3, 5, 7), default=3, help="side of the convolutions (3)")
    seed.add_argument("--epochs", type=int, default=100, help="times over all photos (100)")
    seed.add_argument(
        "--split", choices=("scene", "file"), default="scene", help="file: as published, the same scene on both sides"
    )
    seed.add_argument("--out", type=Path, default=MODELS / "scratch" / "seed.keras", metavar="FILE", help="the network")

    for command in (live, seed):
        command.add_argument("--seed", type=int, default=1, help="decides everything that is random (1)")
        command.add_argument("--resume", action="store_true", help="go on from the last checkpoint in the work folder")
    for command in (live, ship, seed):
        command.add_argument(
            "--work",
            type=Path,
            default=MODELS / "scratch",
            metavar="FOLDER",
            help="patches, checkpoints (models/scratch)",
        )
    return parser


def main() -> int:
    """Run; 1 with one sentence where it cannot, 130 after Ctrl-C."""
    options = arguments().parse_args()
    try:
        if options.command in ("live", "ship"):
            from training import live

            (live.run if options.command == "live" else live.ship)(options)
        else:
            from training import seed

            seed.run(options)
    except (ValueError, OSError) as error:
        print(f"tools/train.py: {error}", file=sys.stderr)
        return 1
    except ImportError as error:
        print(f"tools/train.py: {error}: pip install '.[train]' brings what training needs", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("tools/train.py: stopped; --resume goes on after the last finished epoch", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
