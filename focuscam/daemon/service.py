"""Life under systemd: readiness, watchdog, status line, and logs that keep their level."""

from __future__ import annotations

import logging
import os
import sys
import time

from focuscam.errors import ConfigurationError
from focuscam.system.saying import Formatter, Handler

_STATUS_S = 1.0
"""At most one status line a second: `systemctl status` shows no more."""


class Service:
    """What systemd is told. Where it did not start us, nothing is said and nothing is needed."""

    def __init__(self) -> None:
        """Raises ConfigurationError where systemd waits for word from us and we have no means to give it."""
        self._notify = None
        self._ready = False
        self._told = float("-inf")
        if os.environ.get("NOTIFY_SOCKET"):
            try:
                from systemd.daemon import notify
            except ImportError:
                raise ConfigurationError(
                    "systemd waits for word from focuscam, which needs systemd-python to give it: "
                    "apt install python3-systemd, or pip install 'focuscam[systemd]'."
                ) from None
            self._notify = notify

    def fresh(self, status: str) -> None:
        """Tell that a fresh frame was scored just now: this alone feeds the watchdog."""
        if self._notify is None:
            return
        words = ["WATCHDOG=1"]
        now = time.monotonic()
        if now - self._told >= _STATUS_S:
            words.append(f"STATUS={status}")
            self._told = now
        if not self._ready:
            words.append("READY=1")
            self._ready = True
        self._notify("\n".join(words))

    def patience(self, seconds: float, status: str | None = None) -> None:
        """Let systemd wait at least so long, s, for the next frame, the first one too: a long exposure takes its time.

        status: for `systemctl status`, where something else is waited for.
        """
        if self._notify is None:
            return
        words = [] if status is None else [f"STATUS={status}"]
        if not self._ready:
            # Beyond TimeoutStartSec= of the unit this is what counts (sd_notify(3)).
            words.append(f"EXTEND_TIMEOUT_USEC={round(seconds * 1e6)}")
        if seconds > float(os.environ.get("WATCHDOG_USEC", "inf")) / 1e6 and status is None:
            words.append(f"WATCHDOG_USEC={round(seconds * 1e6)}")
        if words:
            self._notify("\n".join(words))

    def last_words(self, status: str) -> None:
        """Leave a line for `systemctl status` before the end."""
        if self._notify is not None:
            self._notify(f"STOPPING=1\nSTATUS={status}")


def log_to_the_right_place() -> None:
    """Log to the journal, with levels, where stderr goes there; else to stderr, as plain sentences."""
    handler: logging.Handler = Handler(sys.stderr)
    handler.setFormatter(Formatter("focuscam: %(message)s"))
    if _stderr_is_the_journal():
        try:
            from systemd.journal import JournalHandler

            handler = JournalHandler(SYSLOG_IDENTIFIER="focuscam")
            handler.setFormatter(Formatter("%(message)s"))  # the journal knows the level by itself
        except ImportError:
            pass  # Service says what to install, where it matters
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    tell_all(os.environ.get("FOCUSCAM_VERBOSE", "") not in ("", "0"))


def tell_all(wanted: bool = True) -> None:
    """Whether the log has what only helps to find a fault; of focuscam alone, not of the libraries that it uses."""
    logging.getLogger("focuscam").setLevel(logging.DEBUG if wanted else logging.NOTSET)


def _stderr_is_the_journal() -> bool:
    """As systemd.exec(5) tells to find out: JOURNAL_STREAM holds device and inode of the journal's stream."""
    stream = os.environ.get("JOURNAL_STREAM")
    if not stream:
        return False
    try:
        here = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return stream == f"{here.st_dev}:{here.st_ino}"
