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
import time
from collections.abc import Collection, Mapping
from pathlib import Path

from focuscam.errors import FocuscamError
from focuscam.still_name import NAME
from focuscam.system.files import ANY_SIZE, Draft, opened, sync_folder

STAMP = "%Y%m%dT%H%M%SZ"
MOST_OF_A_SECOND = 9999
"""With one digit more they would not sort; then the next second is named."""
LAST_STAMP = "99991231T235959Z"
"""With one digit more the years would not sort either: a clock that is wrong by so much is taken for this one."""

UNFINISHED = ".writing-"
"""What the name of a file begins with until it is whole."""

SPARE_BYTES = 100_000_000
"""What is left free on the disk: a system whose disk is full is no longer well."""

_CURES = {
    errno.ENOSPC: "its disk is full: make room on it",
    errno.EDQUOT: "its disk is full: make room on it",
    errno.EROFS: "it can't be written to: the disk is read-only, or the service was not given this folder "
    "(docs/guide/stills.md tells how)",
    errno.ENOENT: "there is no such folder: make it, or mount its disk",
    errno.EACCES: "focuscam may not write there; docs/guide/stills.md tells how the service is given a folder",
    errno.EPERM: "focuscam may not write there; docs/guide/stills.md tells how the service is given a folder",
    errno.EEXIST: "another program saves there under the same names",
    errno.EIO: "its disk fails: try another one",
}


class Store:
    """The folder."""

    def __init__(self, folder: Path, most: int, most_bytes: int, ours: bool) -> None:
        """most: stills, and most_bytes: bytes of them, in the folder. ours: whether the folder is made where it is
        missing; one that the user named may be on a disk that is not there.
        """
        self.folder = folder.absolute()
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
            # Others may have put something there that only has such a name; it is not ours, and stays.
            with contextlib.suppress(OSError), opened(path, most=ANY_SIZE) as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused while somebody is writing it
                path.unlink()
                cleared += 1
        return cleared

    def save(self, contents: Mapping[str, bytes]) -> Path:
        """Write one still, as one file for each suffix (".jpg", ".dng"); returns where the first of them is.

        Raises FocuscamError, with a sentence that says what to do, where it can't be; then there is nothing of it.
        """
        try:
            self._make_folder()
            stems, size = self._inventory()
            if len(stems) >= self._most:
                raise FocuscamError(
                    f"No still is saved: {self.folder} holds {len(stems)}, and [capture] most = {self._most}: "
                    "move some of them away."
                )
            if size + sum(map(len, contents.values())) > self._most_bytes:
                raise FocuscamError(
                    f"No still is saved: those in {self.folder} take up what [capture] most_mb allows: "
                    "move some of them away."
                )
            return self._write(contents, _name_after(stems, time.time()))
        except OSError as error:
            cure = _CURES.get(error.errno or 0, error.strerror or str(error))
            raise FocuscamError(f"No still is saved in {self.folder}: {cure}.") from error

    def _make_folder(self) -> None:
        if self._ours and not self.folder.exists():
            self.folder.mkdir(parents=True)
            # Whatever the umask: those who may talk to the service may have its pictures, and move them away.
            self.folder.chmod(self.folder.stat().st_mode | 0o070)
            sync_folder(self.folder.parent)

    def _inventory(self) -> tuple[set[str], int]:
        """The stems of the stills that there are, and how many bytes they take."""
        sizes = {}
        stems = set()
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if NAME.fullmatch(entry.name):
                    with contextlib.suppress(FileNotFoundError):  # just moved away
                        sizes[entry.name] = entry.stat(follow_symlinks=False).st_size
                        stems.add(entry.name.rpartition(".")[0])
        return stems, sum(sizes.values())

    def _write(self, contents: Mapping[str, bytes], stem: str) -> Path:
        with contextlib.ExitStack() as stack:
            drafts = []
            for suffix, content in contents.items():
                draft = stack.enter_context(Draft(self.folder / (stem + suffix), UNFINISHED))
                fcntl.flock(draft.file, fcntl.LOCK_EX)  # nobody clears it while it is written
                draft.file.write(content)
                os.fchmod(draft.file.fileno(), os.fstat(draft.file.fileno()).st_mode | 0o440)
                draft.sync()
                drafts.append(draft)
            # Only now: a disk that can't be written to at all says so itself.
            space = os.statvfs(self.folder)
            if space.f_bavail * space.f_frsize < SPARE_BYTES:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            for draft in drafts:
                draft.publish(replace=False)  # somebody else may save here as well
            drafts[0].sync_folder()
        return drafts[0].final.absolute()


def _name_after(stems: Collection[str], now: float) -> str:
    """A stem for the time `now` (s since 1970) that sorts after `stems`, even where the clock was set back.

    UTC, so that no summer time comes between. A name that nothing can come after, since it has a day that does not
    exist or is the very last, is somebody else's: it is passed over. Raises FocuscamError where none is left.
    """
    stamp = time.strftime(STAMP, time.gmtime(now))
    if len(stamp) > len(LAST_STAMP):
        stamp = LAST_STAMP
    for last in [*sorted(stems, reverse=True), ""]:
        name = _next(last, stamp)
        if name is not None and name not in stems:
            return name
    raise FocuscamError("No still is saved: no name is left after the year 9999; set the clock with `sudo date -s`.")


def _next(last: str, stamp: str) -> str | None:
    """The first stem from `stamp` on that sorts after `last`; None where there is none."""
    before = NAME.fullmatch(f"{last}.jpg")
    if before is None or before[1] < stamp:
        return f"focuscam-{stamp}-0000"
    try:
        second = calendar.timegm(time.strptime(before[1], STAMP))
    except ValueError:
        return None
    count = int(before[2]) + 1
    if count <= MOST_OF_A_SECOND:
        return f"focuscam-{before[1]}-{count:04d}"
    after = time.strftime(STAMP, time.gmtime(second + 1))
    return f"focuscam-{after}-0000" if len(after) == len(LAST_STAMP) else None
