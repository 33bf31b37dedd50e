"""One run of the command line in a process of its own, and whether it ended as it should: with a sentence, in time."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

MOST_MIB = 1024
MOST_S = 30.0
"""Seconds of a processor that a file may cost at most: most take a tenth of one."""
PATIENCE_S = 120.0
"""One that has not ended by then, however busy the machine is, hangs."""
LONGEST_LINE = 1200
"""Characters of a sentence, a path of the longest that there are included."""


@dataclass
class Case:
    """What is to be run. Paths are those of its own folder, in which it runs."""

    arguments: Sequence[str] = ()
    statuses: frozenset[int] = frozenset({0, 1, 2})
    """The exit statuses that are right for this kind of input."""
    environment: dict[str, str] = field(default_factory=dict)
    as_json: bool = False
    """Whether each line of stdout must be JSON."""
    program: Callable[[], int] | None = None
    """What to run in place of the command line."""


@dataclass
class Outcome:
    """What came of it."""

    status: int
    """As a shell has it; negative for a signal."""
    seconds: float
    """Of a processor: the machine may be busy with other things."""
    mib: float
    """Of memory, at its height."""
    out: bytes
    err: bytes


def run(case: Case, folder: Path) -> Outcome:
    """Run it in a child of this process, which has everything imported already."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        child = os.fork()
        if not child:
            _as_child(case, folder, out, err)
        reached, used = 0, None
        while not reached:
            reached, ended, used = os.wait4(child, os.WNOHANG)
            if not reached and time.monotonic() - began > PATIENCE_S:
                os.kill(child, signal.SIGKILL)
            time.sleep(0.001)
        assert used is not None
        out.seek(0)
        err.seek(0)
        seconds = used.ru_utime + used.ru_stime
        return Outcome(os.waitstatus_to_exitcode(ended), seconds, used.ru_maxrss / 1024, out.read(), err.read())


def _as_child(case: Case, folder: Path, out: BinaryIO, err: BinaryIO) -> None:
    """Never returns."""
    status = 70
    try:
        os.setpgid(0, 0)
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        with open(os.devnull) as nothing:  # noqa: PTH123
            os.dup2(nothing.fileno(), 0)
        streams = [open(number, mode, closefd=False) for number, mode in enumerate("rww")]  # noqa: SIM115
        sys.stdin, sys.stdout, sys.stderr = streams
        os.chdir(folder)
        os.environ.update(case.environment)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (int(2 * MOST_S), int(2 * MOST_S)))
        from focuscam.cli import main

        status = case.program() if case.program else main(list(case.arguments))
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


_TOLD = (b"failed", b"FAILED", b'"error"', b'"light"', b"light ")
"""Where stdout says why: a table of photos, the doctor, the state of a daemon."""


def faults(case: Case, outcome: Outcome) -> list[str]:
    """What is wrong with how it ended; empty where nothing is."""
    found = []
    if outcome.seconds > MOST_S:
        found.append(f"it took {outcome.seconds:.0f} s")
    if outcome.mib > MOST_MIB:
        found.append(f"it took {outcome.mib:.0f} MiB")
    if outcome.status not in case.statuses:
        found.append(f"its status is {outcome.status}, none of {sorted(case.statuses)}")
    said = outcome.err.decode("utf-8", "surrogateescape").splitlines()
    if outcome.status and not said and not any(word in outcome.out for word in _TOLD):
        found.append("it failed without a word")
    for line in said:
        if not line.startswith("focuscam: ") or not line.isprintable():
            found.append(f"it wrote {line[:200]!r}")
            break
        if len(line) > LONGEST_LINE:
            found.append(f"it wrote a line of {len(line)} characters: {line[:100]!r}")
            break
    for line in outcome.out.decode("utf-8", "surrogateescape").splitlines():
        if not line.isprintable():
            found.append(f"it printed {line[:200]!r}")
            break
        if case.as_json:
            try:
                json.loads(line)
            except ValueError:
                found.append(f"it printed what is no JSON: {line[:200]!r}")
                break
    return found
