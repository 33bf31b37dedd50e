"""A folder of stills: names that sort, a budget, and files that are whole or not there.

A file is written under a name that begins with a dot, in the same folder; forced to the disk; given its own name,
which replaces nothing; and then the folder is forced to the disk as well. A power cut costs the picture that is being
written, at most. What a killed process left behind is locked by nobody, and cleared by the next one.
"""

from __future__ import annotations

import calendar
import contextlib
import errno
import fcntl
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from focuscam.errors import FocuscamError

NAME = re.compile(r"focuscam-(\d{8}T\d{6}Z)-(\d{4})\.(?:jpg|dng)")
STAMP = "%Y%m%dT%H%M%SZ"
MOST_OF_A_SECOND = 9999
"""With one digit more they would not sort; then the next second is named."""

UNFINISHED = ".writing-"
"""What the name of a file begins with until it is whole."""

SPARE_BYTES = 100_000_000
"""What is left free on the disk: a system whose disk is full is no longer well."""

_CURES = {
    errno.ENOSPC: "its disk is full: make room on it",
    errno.EDQUOT: "its disk is full: make room on it",
    errno.EROFS: "it can't be written to: the disk is read-only, or the service was not given this folder "
    "(docs/capture.md tells how)",
    errno.ENOENT: "there is no such folder: make it, or mount its disk",
    errno.EACCES: "focuscam may not write there; docs/capture.md tells how the service is given a folder",
    errno.EPERM: "focuscam may not write there; docs/capture.md tells how the service is given a folder",
    errno.EEXIST: "another program saves there under the same names",
    errno.EIO: "its disk fails: try another one",
}


class Store:
    """The folder."""

    def __init__(self, folder: Path, most: int, most_bytes: int, ours: bool) -> None:
        """most: stills, and most_bytes: bytes of them, in the folder. ours: whether the folder is made where it is
        missing; one that the user named may be on a disk that is not there.
        """
        self.folder = folder
        self._most = most
        self._most_bytes = most_bytes
        self._ours = ours

    def clear(self) -> int:
        """Take away what was being written when a process was killed; returns how many files that were."""
        cleared = 0
        left: list[Path] = []
        with contextlib.suppress(OSError):  # what is wrong with the folder is said when a still is saved
            left += self.folder.glob(f"{UNFINISHED}focuscam-*")
        for path in left:
            with contextlib.suppress(OSError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused while somebody is writing it
                path.unlink()
                cleared += 1
        return cleared

    def save(self, writers: Mapping[str, Callable[[Path], object]]) -> Path:
        """Write one still, as one file for each suffix (".jpg", ".dng"); returns where the first of them is.

        Each writer fills the file that it is given, which exists. Raises FocuscamError, with a sentence that says
        what to do, where it can't be; then there is nothing of it that is not whole.
        """
        try:
            self._make_folder()
            count, size, last = self._inventory()
            if count >= self._most:
                raise FocuscamError(
                    f"No still is saved: {self.folder} holds {count}, and [capture] most = {self._most}: "
                    "move some of them away."
                )
            return self._write(writers, _name_after(last, time.time()), self._most_bytes - size)
        except OSError as error:
            cure = _CURES.get(error.errno or 0, error.strerror or str(error))
            raise FocuscamError(f"No still is saved in {self.folder}: {cure}.") from error

    def _make_folder(self) -> None:
        if self._ours and not self.folder.exists():
            self.folder.mkdir(parents=True)
            # Whatever the umask: those who may talk to the service may have its pictures, and move them away.
            self.folder.chmod(self.folder.stat().st_mode | 0o070)
            _sync(self.folder.parent)

    def _inventory(self) -> tuple[int, int, str]:
        """How many stills there are, how many bytes they take, and the stem of the last."""
        sizes = {}
        stems = set()
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if NAME.fullmatch(entry.name):
                    with contextlib.suppress(FileNotFoundError):  # just moved away
                        sizes[entry.name] = entry.stat().st_size
                        stems.add(entry.name.rpartition(".")[0])
        return len(stems), sum(sizes.values()), max(stems, default="")

    def _write(self, writers: Mapping[str, Callable[[Path], object]], stem: str, left_bytes: int) -> Path:
        made: list[tuple[Path, Path]] = []
        with contextlib.ExitStack() as stack:
            size = 0
            for suffix, write in writers.items():
                final = self.folder / (stem + suffix)
                draft = self.folder / (UNFINISHED + stem + suffix)
                file = stack.enter_context(draft.open("xb"))
                stack.callback(draft.unlink, missing_ok=True)
                fcntl.flock(file, fcntl.LOCK_EX)
                write(draft)
                os.fchmod(file.fileno(), os.fstat(file.fileno()).st_mode | 0o440)
                os.fsync(file.fileno())
                size += os.fstat(file.fileno()).st_size
                made.append((draft, final))
            if size > left_bytes:
                raise FocuscamError(
                    f"No still is saved: those in {self.folder} take up what [capture] most_mb allows: "
                    "move some of them away."
                )
            space = os.statvfs(self.folder)
            if space.f_bavail * space.f_frsize < SPARE_BYTES:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            for draft, final in made:
                if final.exists():  # somebody else saves here as well
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), final)
                draft.rename(final)
            _sync(self.folder)
        return made[0][1].absolute()


def _name_after(last: str, now: float) -> str:
    """A stem for the time `now` (s since 1970) that sorts after `last`, even where the clock was set back.

    UTC, so that no summer time comes between.
    """
    stamp = time.strftime(STAMP, time.gmtime(now))
    before = NAME.fullmatch(f"{last}.jpg")
    if before is None or before[1] < stamp:
        return f"focuscam-{stamp}-0000"
    count = int(before[2]) + 1
    if count <= MOST_OF_A_SECOND:
        return f"focuscam-{before[1]}-{count:04d}"
    return _name_after("", calendar.timegm(time.strptime(before[1], STAMP)) + 1)


def _sync(folder: Path) -> None:
    """Force the names in a folder to the disk."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(place)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems have no such thing
            raise
    finally:
        os.close(place)
