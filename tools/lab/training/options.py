"""What training is asked for, as tools/train.py reads it."""

from __future__ import annotations

import argparse
from pathlib import Path


class Options(argparse.Namespace):
    """Of every command; each has those that its help names."""

    command: str
    """live, ship or seed."""
    photos: list[Path]
    sweeps: list[Path]
    stacks: list[Path]
    licences: Path | None
    teacher: bool
    without: str
    """One of patches.ADDED, or nothing."""
    invented: int
    patches: int
    epochs: int
    workers: int
    out: Path
    data: Path | None
    simulate: Path | None
    kernel: int
    split: str
    seed: int
    resume: bool
    work: Path
