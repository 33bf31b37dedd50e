"""Runs on the emulated Pi: `steps.py RUNTIME` gives the counter the jobs of tools/benchmark.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

import benchmark  # noqa: E402
import cv2  # noqa: E402
import numpy as np  # noqa: E402

from focuscam.focus.model import FocusModel  # noqa: E402
from focuscam.messages import Frame  # noqa: E402
from pi import report, spans  # noqa: E402

if __name__ == "__main__":
    cv2.setNumThreads(1)
    with np.load(Path(__file__).resolve().parents[2] / report.FRAME) as kept:
        frame = Frame(0, 0.0, kept["fine"], kept["coarse"], 0.0)
    model = FocusModel(None, 1, sys.argv[1])
    spans.count(benchmark.ours(model, frame))
    # Nothing more is of interest, and taking a Python down is as much work as a step.
    os._exit(0)
