"""The socket in the file system: made for one group, never taken from a daemon that is alive."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import os
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from focuscam.errors import CameraError, ConfigurationError
from focuscam.system import files

log = logging.getLogger(__name__)

MODE = 0o660
_KNOCK_S = 1.0
_LOCK_S = 3.0
"""Longer than a knock at a daemon that does not answer."""
_BACKLOG = 64
"""Readers that wait to be let in: at a hundred a second, nobody in it waits for longer than that takes."""
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
        with _alone_at(path), contextlib.suppress(OSError):
            if os.path.samestat(path.stat(), made):
                path.unlink()


@contextlib.contextmanager
def _alone_at(path: Path) -> Iterator[None]:
    """While no other focuscam looks whether the place is free, takes it or leaves it: two that start at one instant
    would both find a dead daemon's socket, and the second would take away the first one's.

    The folder itself is locked, so that no file has to lie about. Whoever else may have it locked must not keep the
    light from starting: after a while it goes on without.
    """
    try:
        place = files.folder(path.parent)
    except OSError:  # what is wrong with it is said when the socket is made
        yield
        return
    try:
        deadline = time.monotonic() + _LOCK_S
        while True:
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if error.errno != errno.EWOULDBLOCK or time.monotonic() > deadline:
                    log.debug("The folder of %s can't be locked (%s).", path, error.strerror)
                    break
                time.sleep(0.01)
        yield
    finally:
        os.close(place)


def _made(path: Path) -> socket.socket:
    if len(os.fsencode(path)) > _LONGEST:
        raise OSError(None, f"its path is longer than {_LONGEST} bytes")
    with _alone_at(path):
        return _bound(path)


def _bound(path: Path) -> socket.socket:
    _clear(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # Before it has a name, so that there is no moment in which others could connect; after, against the umask.
        os.fchmod(listener.fileno(), MODE)
        listener.bind(os.fspath(path))
        path.chmod(MODE)
        listener.listen(_BACKLOG)
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
