"""The key of the page: made once, kept in a file that nobody else may read."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from focuscam.errors import FocuscamError
from focuscam.system.files import Draft, contents

SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike, for whoever types it."""
LENGTH = 24
"""119 bits of chance: the slowness of `doors.py` is beside that only good manners."""

SERVICE = Path("/var/lib/focuscam-page/key")
"""Where the service that systemd runs has it."""

_KEY = re.compile(f"[{SIGNS}]{{{LENGTH}}}")


def file() -> Path:
    """Where this process keeps its key: the state directory of the service, or of the user."""
    state = os.environ.get("STATE_DIRECTORY")
    if state:
        return Path(state) / SERVICE.name
    home = os.environ.get("XDG_STATE_HOME")
    return (Path(home) if home else Path.home() / ".local" / "state") / "focuscam" / "page-key"


def read(path: Path) -> str | None:
    """The key in this file; None where there is none. Raises FocuscamError, with what to do, where it can't be read."""
    try:
        text = contents(path, most=1000).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    except PermissionError:
        raise FocuscamError(f"The key of the page, {path}, may not be read: put `sudo` before the command.") from None
    except OSError as error:
        raise FocuscamError(f"The key of the page, {path}, can't be read: {error.strerror}.") from None
    if not _KEY.fullmatch(text):
        raise FocuscamError(f"{path} holds no key of a page: remove it, and a new one is made.")
    return text


def had(path: Path) -> str:
    """The key in this file, made where there is none. Raises FocuscamError where it can't be."""
    key = read(path)
    if key is not None:
        return key
    key = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with Draft(path) as draft:
            os.fchmod(draft.file.fileno(), 0o600)
            draft.file.write(f"{key}\n".encode())
            draft.sync()
            draft.publish(replace=False)
    except FileExistsError:  # another one was quicker
        return had(path)
    except OSError as error:
        raise FocuscamError(f"The key of the page can't be kept in {path}: {error.strerror}.") from None
    return key
