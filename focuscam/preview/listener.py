"""The socket in the file system: made for one group, never taken from a daemon that is alive."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

from focuscam.errors import CameraError, ConfigurationError

log = logging.getLogger(__name__)

MODE = 0o660
_KNOCK_S = 1.0
_LONGEST = 107
"""Bytes of a socket's path, as sun_path in unix(7) has room for."""


@contextlib.contextmanager
def listening(path: Path, named: bool) -> Iterator[socket.socket | None]:
    """A socket that listens at `path`, taken away again at the end.

    named: whether the user chose the place; then it must work. Else None is given where it can't be
    made, after a warning: a light without a preview is better than no light.
    Raises CameraError where another daemon listens there, ConfigurationError where the place is wrong.
    """
    try:
        listener = _made(path)
    except OSError as error:
        why = f"The preview's socket {path} can't be made ({error.strerror or error})"
        if named:
            raise ConfigurationError(f"{why}; name another place with [socket] path.") from None
        log.warning("%s; going on without it.", why)
        yield None
        return
    made = path.stat()
    try:
        yield listener
    finally:
        listener.close()
        with contextlib.suppress(OSError):
            if os.path.samestat(path.stat(), made):
                path.unlink()


def _made(path: Path) -> socket.socket:
    if len(os.fsencode(path)) > _LONGEST:
        raise OSError(None, f"its path is longer than {_LONGEST} bytes")
    _clear(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # Before it has a name, so that there is no moment in which others could connect; after, against the umask.
        os.fchmod(listener.fileno(), MODE)
        listener.bind(os.fspath(path))
        path.chmod(MODE)
        listener.listen(8)
    except OSError:
        listener.close()
        raise
    return listener


def _clear(path: Path) -> None:
    """Take away what a daemon left that was killed. Raises CameraError where one is alive."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise OSError(None, "there is a file of that name that is no socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        knock.settimeout(_KNOCK_S)
        try:
            knock.connect(os.fspath(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
        except FileNotFoundError:
            return
        except OSError:
            pass  # it does not answer, or not us: somebody is there
    raise CameraError(
        f"Another focuscam is running ({path}): look at it with `focuscam --preview`, or end it first; "
        "$FOCUSCAM_SOCKET gives a second one a socket of its own."
    )
