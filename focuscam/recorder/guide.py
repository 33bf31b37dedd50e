"""`focuscam --record DIR --sweep`: one clean turn of the ring from end to end, and its `sweep.csv`."""

from __future__ import annotations

import csv
import io
import os
import select
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from focuscam.cameras.recorded import SWEEP
from focuscam.errors import FocuscamError
from focuscam.recorder.folder import INDEX, file_of
from focuscam.recorder.script import Script
from focuscam.recorder.turn import Turn
from focuscam.system import saying
from focuscam.system.files import atomic_write

MEANWHILE_S = 3.0
MARGIN = 10
"""Frames that are kept of the rest before the turn, and of the rest after it."""


class SweepGuide:
    """Tells what to do, and watches the turn until it is over."""

    def __init__(self) -> None:
        self._turn = Turn()
        self._asks = sys.stdin.isatty()

    def begin(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Wait until the ring is where it should be. At once where nobody could answer.

        meanwhile: is called every few seconds: a daemon lets go of who says nothing.
        """
        say("A sweep: the camera on something steady, the light even, and nothing in the picture that moves.")
        if self._asks:
            say("Turn the ring to one end, then press Enter.")
            while not pressed(MEANWHILE_S):
                meanwhile()
        say("Now turn it to the other end, slowly and evenly: half a minute, and never back.")
        say("It ends when the ring has come to rest there" + (", or when you press Enter." if self._asks else "."))

    def over(self, told: Mapping[str, Any]) -> bool:
        """Watch the next frame of the turn; whether it is over."""
        self._turn.watch(told)
        return self._turn.over or (self._asks and pressed())


def write_sweep(folder: Path) -> str:
    """Write the sweep.csv of a recorded turn; a sentence about it.

    Raises FocuscamError, with the reason, where it was no clean sweep; the recording stays.
    """
    script = Script(folder)
    turn = Turn()
    files = []
    for each in script:
        if each.sequence in script.pictures:
            turn.add(each.reading.time, each.reading.score, each.reading.contrast)
            files.append(file_of(each.sequence))
    trouble = turn.trouble()
    if trouble is None and turn.turned_back():
        trouble = "The ring was turned back on the way: turn it once, from one end to the other."
    if trouble:
        raise FocuscamError(f"{trouble} The recording in {folder} was kept, but got no {SWEEP}.")
    span = turn.span(MARGIN)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("file", "position"))
    writer.writerows((files[at], position) for position, at in enumerate(span))
    try:
        atomic_write(folder / SWEEP, table.getvalue().encode())
    except OSError as error:
        raise FocuscamError(f"{folder / SWEEP} could not be written ({error.strerror}); {INDEX} is whole.") from None
    levels = turn.levels
    top = levels.index(max(levels))
    return f"{folder / SWEEP}: {len(span)} steps, the sharpest is {files[top]}."


def pressed(wait_s: float = 0.0) -> bool:
    """Whether somebody pressed Enter since, or does so within this time."""
    if not select.select([sys.stdin], [], [], wait_s)[0]:
        return False
    os.read(sys.stdin.fileno(), 4096)
    return True


def say(sentence: str) -> None:
    """Tell the user; stdout may be for a program."""
    saying.say(sentence, to=sys.stderr)
