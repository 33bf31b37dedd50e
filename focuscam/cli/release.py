"""`focuscam release` and `focuscam resume`: the daemon lets go of the camera, so that another program can have it."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Sequence

from focuscam.commands import Release, Resume
from focuscam.errors import FocuscamError, UsageError
from focuscam.session import Session

log = logging.getLogger(__name__)

LEASE_S, RENEW_S = 30.0, 5.0
"""Beside a program the camera is released for so long, and that again and again: should we be killed, the daemon takes
the camera back by itself."""


def program_at(name: str) -> str:
    """The path of a program. Raises UsageError where there is none of that name."""
    path = shutil.which(name)
    if path is None:
        raise UsageError(f"There is no program {name}: name one after `focuscam release --`.")
    return path


def run_beside(session: Session | None, program: Sequence[str]) -> int:
    """Run a program while the daemon, where there is one, leaves the camera to it; returns the program's exit status.

    Raises FocuscamError where the daemon does not let go.
    """
    if session is None:
        return _status(subprocess.run(program, check=False).returncode)
    session.order(Release(LEASE_S))
    try:
        with subprocess.Popen(program) as process:
            try:
                return _status(_waited(process, session))
            except BaseException:
                process.terminate()
                raise
    finally:
        try:
            session.order(Resume())
        except FocuscamError as error:
            log.warning("%s It takes the camera back by itself when it is free.", error)


def _waited(process: subprocess.Popen[bytes], session: Session) -> int:
    there = True
    while True:
        try:
            return process.wait(RENEW_S)
        except subprocess.TimeoutExpired:
            try:
                if there:
                    session.order(Release(LEASE_S))
            except FocuscamError as error:
                log.warning("%s The program goes on.", error)
                there = False


def _status(code: int) -> int:
    """As a shell tells it: 128 and the number of the signal that ended a program."""
    return code if code >= 0 else 128 + abs(code)
