"""A recorded sweep on disk: its frames, read when they are asked for, and their positions."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

from focuscam.cameras.recorded import SWEEP, has_sweep, read_photo, sweep_table
from focuscam.errors import FocuscamError, UsageError
from focuscam.messages import Luma
from focuscam.system.saying import shortened

_log = logging.getLogger(__name__)

FARTHEST = 1e9
"""The largest position, in whatever the ring is counted."""


class Recording(Sequence[Luma]):
    """A folder with images and a sweep.csv; each frame is its fine luma, uint8, (height, width)."""

    def __init__(self, folder: Path) -> None:
        """Raises UsageError where the folder is no recorded sweep."""
        if not has_sweep(folder):
            raise UsageError(
                f"{folder} has no {SWEEP}: a recorded sweep has one, with the columns file and position, a row a frame."
            )
        rows = sweep_table(folder / SWEEP)
        self.name = folder.absolute().name
        self._files = [file for file, _ in rows]
        written = [position for _, position in rows]
        self.unit = "positions" if all(written) else "frames"
        """Of the positions: those of the table, or where a row has none the numbers of the frames, from 0."""
        self.positions: npt.NDArray[np.float64] = np.array(
            [_number(text, folder) for text in written] if all(written) else range(len(rows)), np.float64
        )
        self.unreadable: list[str] = []
        """What was wrong with the frames that were left out."""

    def __len__(self) -> int:
        return len(self._files)

    @overload
    def __getitem__(self, number: int) -> Luma: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Luma]: ...
    def __getitem__(self, number: int | slice) -> Luma | Sequence[Luma]:
        """Decode a frame. Raises FocuscamError where it cannot be read."""
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        return read_photo(self._files[number]).fine

    def readable(self) -> Iterator[Luma]:
        """Every frame once; those that cannot be read are named in the log and are no longer part of the recording.

        Raises FocuscamError at the end where there is none.
        """
        number = 0
        while number < len(self._files):
            try:
                luma = self[number]
            except FocuscamError as error:
                _log.warning("%s", error)
                self.unreadable.append(str(error))
                del self._files[number]
                self.positions = np.delete(self.positions, number)
                continue
            yield luma
            number += 1
        if not self._files:
            raise FocuscamError(f"None of the images in {self.name} can be read: choose a folder with intact ones.")


def _number(text: str, folder: Path) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        shown = shortened(text)
        raise UsageError(f'{folder / SWEEP} has the position "{shown}": write a number, or leave the column empty.')
    if abs(value) > FARTHEST:
        raise UsageError(f"{folder / SWEEP} has the position {value:g}: steps and degrees stay below {FARTHEST:g}.")
    return value
