"""The file of settings that focuscam writes itself: where it is, and what becomes of one that can't be read."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)


def own_file() -> Path | None:
    """settings.toml, where the program keeps what it changes itself; None where it has no state directory."""
    state = os.environ.get("STATE_DIRECTORY")
    return Path(state) / "settings.toml" if state else None


def set_aside(own: Path, error: Exception) -> None:
    """Give our own file that can't be read another name, so that what can be had is had; and say so."""
    names = (own.with_name(f"{own.name}.unreadable{number}") for number in ("", *range(2, 100)))
    aside = next((name for name in names if not os.path.lexists(name)), None)
    try:
        if aside is None:
            raise OSError(errno.EEXIST, "there are too many of them already")
        own.rename(aside)
        what = f"was set aside as {aside.name}"
    except OSError as failed:
        what = f"can't be set aside ({failed.strerror}), and is passed over"
    log.error("%s This is focuscam's own file; it %s: what was kept in it must be kept again.", error, what)
