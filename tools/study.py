#!/usr/bin/env -S tools/python
"""The published experiments again, and one of our own: `tools/study.py kernel --simulate FOLDER`.

Each prints a table with the published figure beside ours and the size that it was run at.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from lab.places import SCRATCH
from lab.studies.options import Options


def channels(text: str) -> tuple[int, ...]:
    """Three widths, such as 16,32,32."""
    parts = text.split(",")
    if len(parts) != 3 or not all(part.isdecimal() and int(part) for part in parts):
        raise argparse.ArgumentTypeError(f"{text} must be the widths of three convolutions, such as 16,32,32")
    return tuple(map(int, parts))


def positive(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} must be a whole number from 1")
    return int(text)


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/study.py", description="The experiments behind the network.")
    studies = parser.add_subparsers(dest="study", required=True)
    kernel = studies.add_parser("kernel", help="the published network with convolutions of 3, 5 and 7")
    epochs = studies.add_parser("epochs", help="the published network after 100 and after 1000 epochs")
    kinds = studies.add_parser("kinds", help="the published network on focused and on unfocused photos")
    arithmetic = studies.add_parser("arithmetic", help="our network: accuracy against multiply-adds")

    kernel.add_argument("--kernels", type=int, nargs="+", choices=(3, 5, 7), default=[3, 5, 7], help="(3 5 7)")
    epochs.add_argument("--epochs", type=positive, nargs="+", default=[100, 1000], help="when to look (100 1000)")
    for study in (kernel, kinds):
        study.add_argument("--epochs", type=positive, default=100, help="times over all photos (100)")
    for study in (kernel, epochs, kinds):
        study.add_argument("--data", type=Path, metavar="FOLDER", help="holds sharp, defocused_blurred, motion_blurred")
        study.add_argument(
            "--simulate", type=Path, nargs="+", metavar="FOLDER", help="make such a set from sharp photos"
        )
        study.add_argument("--scenes", type=positive, metavar="N", help="only so many scenes (all)")
        study.add_argument(
            "--side", type=positive, default=256, help="of the pictures, px; smaller ones are cuts (256)"
        )
        study.add_argument("--runs", type=positive, default=5, help="networks to average over (5)")

    arithmetic.add_argument(
        "--photos", type=Path, nargs="+", default=[], metavar="FOLDER", help="sharp at least in part"
    )
    arithmetic.add_argument("--invented", type=int, default=0, metavar="N", help="pictures drawn by the program (0)")
    arithmetic.add_argument("--patches", type=positive, default=300, metavar="N", help="from each photo (300)")
    arithmetic.add_argument("--epochs", type=positive, default=10, help="times over all patches (10)")
    arithmetic.add_argument(
        "--widths", type=channels, nargs="*", metavar="A,B,C", help="channels (4,8,16 8,16,32 16,32,32 32,64,64)"
    )
    arithmetic.add_argument("--sides", type=positive, nargs="*", default=[32, 48], help="of smaller patches (32 48)")
    arithmetic.set_defaults(widths=[(4, 8, 16), (8, 16, 32), (16, 32, 32), (32, 64, 64)])

    for study in (kernel, epochs, kinds, arithmetic):
        study.add_argument("--unseen", type=Path, metavar="FOLDER", help="in the same layout: asked, never trained on")
        study.add_argument(
            "--split", nargs="+", choices=("scene", "file"), default=["scene", "file"],
            help="file: as published, the same scene on both sides (both)",
        )  # fmt: skip
        study.add_argument("--seed", type=int, default=1, help="decides everything that is random (1)")
        study.add_argument("--threads", type=positive, metavar="N", help="to train with (as many as Keras likes)")
        study.add_argument("--json", action="store_true", help="JSON instead of a table")
        study.add_argument(
            "--work", type=Path, default=SCRATCH / "study", metavar="FOLDER",
            help="runs that are done, results (models/scratch/study)",
        )  # fmt: skip
    return parser


def main() -> int:
    """Run; 1 with one sentence where it cannot, 130 after Ctrl-C."""
    options = arguments().parse_args(None, Options())
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        if options.threads:
            # Read when Keras loads its backend, whichever it is.
            for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
                os.environ[name] = str(options.threads)
        if options.study == "arithmetic":
            from lab.studies import widths

            result = widths.run(options)
        else:
            from lab.studies import published

            result = published.run(options)
        result.keep(options.work)
    except (ValueError, OSError) as error:
        print(f"tools/study.py: {error}", file=sys.stderr)
        return 1
    except ImportError as error:
        print(f"tools/study.py: {error}: pip install '.[train]' brings what it needs", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("tools/study.py: stopped; the same command goes on with the runs that are left", file=sys.stderr)
        return 130
    print(result.json() if options.json else result.text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
