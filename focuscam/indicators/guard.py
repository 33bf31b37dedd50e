"""The guard: a process beside ours that turns the light off when we hang, or are killed, while it is lit.

Whatever hangs with the interpreter's lock in its hands (a call into a C library) stops every thread of ours, so the
thread that darkens a stale light can't be the last resort. Nor can another process darken it for us while we live: the
kernel gives a line of a GPIO chip to one process at a time. So the guard ends us first, and then takes the pins; see
focuscam.lights_out, which it runs.
"""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterable

from focuscam.lights_out import DARK, LIT, Off

log = logging.getLogger(__name__)

EVERY_S = 0.25
"""From one sign of life to the next, s."""


class Guard:
    """What the guard is told: whether there is light or sound, and, again and again, that we are alive."""

    def __init__(self, pins: Iterable[Off]) -> None:
        """pins: those that make light or sound. Where no process can be made, systemd's watchdog has to do."""
        self._lit = False
        self._told = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        words = [f"{pin}={off}" for pin, off in pins]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "focuscam.lights_out", "--guard", str(os.getpid()), *words],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C and Ctrl-Z in a terminal are for us alone
            )
        except (OSError, RuntimeError) as error:
            log.warning("No process can be made to watch over the light: %s. Going on without it.", error)
            return
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)

    def expect(self, lit: bool) -> None:
        """Say, before the pins are set, that they are about to make light or sound: what hangs then is noticed too."""
        if lit and not self._lit:
            self._tell(True)

    def alive(self, lit: bool) -> None:
        """Say that the pins do what they should, and whether that is light or sound."""
        if lit != self._lit or time.monotonic() - self._told >= EVERY_S:
            self._tell(lit)

    def close(self, dark: bool) -> None:
        """Nobody has to watch any more. dark: whether the pins are off; else they are turned off once we are gone."""
        if self._process is None:
            return
        if not dark:
            self._tell(True)
            return
        self._tell(False)
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()  # that ends it

    def _tell(self, lit: bool) -> None:
        self._lit, self._told = lit, time.monotonic()
        if self._process is not None and self._process.stdin is not None and not self._process.stdin.closed:
            # A guard that is gone, or stands still, must not disturb the light.
            with contextlib.suppress(OSError):
                os.write(self._process.stdin.fileno(), LIT if lit else DARK)
