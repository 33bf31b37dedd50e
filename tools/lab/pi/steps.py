"""Runs on the emulated Pi: `python3 -m lab.pi.steps RUNTIME JOB...` gives the counter jobs of tools/benchmark.py."""

from __future__ import annotations

import os
import sys

import cv2
import numpy as np

from focuscam.focus.model import FocusModel
from focuscam.messages import Frame
from lab.benchmark.jobs import ours
from lab.pi import report, spans
from lab.places import REPOSITORY

if __name__ == "__main__":
    cv2.setNumThreads(1)
    with np.load(REPOSITORY / report.FRAME) as kept:
        frame = Frame(0, 0.0, kept["fine"], kept["coarse"], 0.0)
    model = FocusModel(None, 1, sys.argv[1])
    jobs = ours(model, frame)
    spans.count({name: jobs[name] for name in sys.argv[2:] or jobs})
    # Nothing more is of interest, and taking a Python down is as much work as a step.
    os._exit(0)
