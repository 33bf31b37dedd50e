"""Runs on the emulated Pi: each job once between two marks, that the counter beside it sees as calls of access().

Nothing is counted until `begin`: starting Python and loading the libraries is ten times the work of a step, and
writing it all down takes a minute.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Mapping
from pathlib import Path

COUNTED = 3
"""File descriptor that the counter listens to; qemu writes to the program's standard error."""
WRITE, READ_AND_RUN = 7, 5
"""Protections of memory for mprotect."""


def count(jobs: Mapping[str, Callable[[], object]]) -> None:
    """Run each job once unseen, so that caches are filled and plans made, and then between its marks."""
    quiet = os.dup(2)
    for name, job in jobs.items():
        job()
        os.dup2(COUNTED, 2)
        forget()
        _mark(name)
        job()
        _mark("between")
        os.dup2(quiet, 2)


def _mark(name: str) -> None:
    os.access(f"/MARK/{name}", os.F_OK)


def forget() -> None:
    """Let qemu translate everything anew, which is when it says how long each block is.

    It forgets what it knows of a page that becomes writable.
    """
    protect = ctypes.CDLL(None).mprotect
    for line in Path("/proc/self/maps").read_text().splitlines():
        place, protection = line.split()[:2]
        if protection.startswith("r-x"):
            start, end = (int(each, 16) for each in place.split("-"))
            for wanted in (WRITE, READ_AND_RUN):
                protect(ctypes.c_void_p(start), ctypes.c_size_t(end - start), wanted)
