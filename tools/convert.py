#!/usr/bin/env -S tools/python
"""A trained network to int8: `tools/convert.py model.h5 --calibrate FOLDER` writes model.tflite and model.json.

For the published network's own file, or any of its shape: a picture 0 to 1 in (luma, or blue, green,
red), one sigmoid out, the probability of being in focus.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from lab.training import convert


class Options(argparse.Namespace):
    """What was given."""

    model: Path
    calibrate: Path
    threshold: float
    out: Path | None


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/convert.py", description="A trained network to int8 TFLite.")
    parser.add_argument("model", type=Path, help="a Keras model: .h5 or .keras")
    parser.add_argument("--calibrate", type=Path, required=True, metavar="FOLDER", help="photos like those it will see")
    parser.add_argument("--threshold", type=float, default=0.5, help="score from which a picture is in focus (0.5)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the .tflite file (beside the model)")
    return parser


def main() -> int:
    """Run; 1 with one sentence where it cannot."""
    options = arguments().parse_args(None, Options())
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    out = options.out or options.model.with_suffix(".tflite")
    try:
        size = convert.write(options.model, options.calibrate, options.threshold, out)
    except (ValueError, OSError) as error:
        print(f"tools/convert.py: {error}", file=sys.stderr)
        return 1
    except ImportError as error:
        print(f"tools/convert.py: {error}: pip install '.[train]' brings what it needs", file=sys.stderr)
        return 1
    print(f"{out}: {size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
