"""Where the daemon's socket is, for the daemon that makes it and for those who look for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from focuscam.config import toml_file
from focuscam.system.files import contents

NAME = "focuscam.sock"
SERVICE = Path("/run/focuscam") / NAME
"""Where the service that systemd runs has it."""


SETTINGS = Path("/etc/focuscam/focuscam.toml")


def configured(settings: Path = SETTINGS) -> Path | None:
    """`[socket] path` of the settings, for those who read nothing else of them; None where there is none."""
    try:
        path = toml_file.tables(contents(settings, most=toml_file.MOST_BYTES, follow=True))["socket"]["path"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Path(path) if isinstance(path, str) and path else None


def to_make(configured: Path | None = None, environment: Mapping[str, str] = os.environ) -> tuple[Path, bool] | None:
    """Where a daemon makes its socket, and whether the user named the place; None where there is no fit place.

    configured: `[socket] path` of the settings.
    """
    if environment.get("FOCUSCAM_SOCKET"):
        return Path(environment["FOCUSCAM_SOCKET"]), True
    if configured is not None:
        return configured, True
    for folder in ("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"):
        # systemd gives several folders separated by colons where a unit asks for several.
        first = environment.get(folder, "").split(":")[0]
        if first:
            return Path(first) / NAME, False
    return None


def to_look_at(configured: Path | None = None, environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Where a reader looks for a daemon's socket, the likeliest first."""
    places = []
    if environment.get("FOCUSCAM_SOCKET"):
        places.append(Path(environment["FOCUSCAM_SOCKET"]))
    if configured is not None:
        places.append(configured)
    if environment.get("XDG_RUNTIME_DIR"):
        places.append(Path(environment["XDG_RUNTIME_DIR"]) / NAME)
    places.append(SERVICE)
    return list(dict.fromkeys(places))
