"""What a study is asked for, as tools/study.py reads it."""

from __future__ import annotations

import argparse
from pathlib import Path


class Options(argparse.Namespace):
    """Of every study; each has those that its help names."""

    study: str
    """kernel, epochs, kinds or arithmetic."""
    kernels: list[int]
    epochs: int | list[int]
    """Times over all photos; of the study of that name all at which it looks."""
    data: Path | None
    simulate: list[Path] | None
    scenes: int | None
    side: int
    runs: int
    photos: list[Path]
    invented: int
    patches: int
    widths: list[tuple[int, ...]]
    sides: list[int]
    unseen: Path | None
    split: list[str]
    seed: int
    threads: int | None
    json: bool
    work: Path

    @property
    def looks(self) -> list[int]:
        """The epochs after which it looks."""
        return self.epochs if isinstance(self.epochs, list) else [self.epochs]
