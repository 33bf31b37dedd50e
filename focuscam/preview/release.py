"""`focuscam release` and `focuscam resume`: the daemon lets go of the camera, so that another program can have it."""

from __future__ import annotations

import logging
import shutil
import subprocess
import time
from collections.abc import Sequence

from focuscam.errors import FocuscamError, UsageError
from focuscam.preview.client import Link

log = logging.getLogger(__name__)

LEASE_S, RENEW_S = 30.0, 5.0
"""Beside a program the camera is released for so long, and that again and again: should we be killed, the daemon takes
the camera back by itself."""

PATIENCE_S = 15.0
"""How long the daemon may take to let go, s: the exposure under way has to end, which is added."""

LOOK_S = 0.1


def release(link: Link, seconds: float | None) -> None:
    """Ask the daemon to let go of the camera for so long (None: until it is resumed), and wait until it has.

    Raises FocuscamError where it can't, or does not.
    """
    link.order("release", value=seconds)
    end = time.monotonic() + PATIENCE_S + 4 * float(link.ask("status").get("exposure") or 0.0)
    while not link.ask("status")["released"]:
        if time.monotonic() > end:
            raise FocuscamError("The daemon does not let go of the camera; `sudo systemctl stop focuscam` makes it.")
        time.sleep(LOOK_S)


def resume(link: Link) -> None:
    """Let the daemon take the camera back. Raises FocuscamError where it can't."""
    link.order("resume")


def program_at(name: str) -> str:
    """The path of a program. Raises UsageError where there is none of that name."""
    path = shutil.which(name)
    if path is None:
        raise UsageError(f"There is no program {name}: name one after `focuscam release --`.")
    return path


def run_beside(link: Link | None, program: Sequence[str]) -> int:
    """Run a program while the daemon, where there is one, leaves the camera to it; returns the program's exit status.

    Raises FocuscamError where the daemon does not let go.
    """
    if link is None:
        return _status(subprocess.run(program, check=False).returncode)
    release(link, LEASE_S)
    try:
        with subprocess.Popen(program) as process:
            try:
                return _status(_waited(process, link))
            except BaseException:
                process.terminate()
                raise
    finally:
        try:
            resume(link)
        except FocuscamError as error:
            log.warning("%s It takes the camera back by itself when it is free.", error)


def _waited(process: subprocess.Popen[bytes], link: Link) -> int:
    there = True
    while True:
        try:
            return process.wait(RENEW_S)
        except subprocess.TimeoutExpired:
            try:
                if there:
                    link.order("release", value=LEASE_S)
            except FocuscamError as error:
                log.warning("%s The program goes on.", error)
                there = False


def _status(code: int) -> int:
    """As a shell tells it: 128 and the number of the signal that ended a program."""
    return code if code >= 0 else 128 + abs(code)
