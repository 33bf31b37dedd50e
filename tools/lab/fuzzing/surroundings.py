"""What must hold before anything else is imported, so that each case can be a fork of one process."""

from __future__ import annotations

import os

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
OTHERS = ("STATE_DIRECTORY", "FOCUSCAM_SOCKET", "XDG_RUNTIME_DIR", "NOTIFY_SOCKET", "JOURNAL_STREAM")
"""Variables that would lead a case to a daemon or a folder that is none of its own."""


def prepare() -> None:
    """One thread, mock pins, and nothing of the daemon that may run here. Before numpy is imported."""
    for name in ONE_THREAD:
        os.environ[name] = "1"
    for name in OTHERS:
        os.environ.pop(name, None)
    os.environ["GPIOZERO_PIN_FACTORY"] = "mock"
