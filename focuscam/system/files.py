"""Files in places where others may put things: opened without harm, and written so that they are whole or not there.

A name in a folder that others may write to is no promise: it may be a pipe that never says anything, a link that leads
to somebody else's file, or a file without end. Nothing but the standard library is needed here.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

SETTINGS_BYTES = 1 << 20
"""The most that settings or the description of a model may have: a hundred times what they need."""

ANY_SIZE = 1 << 62
"""Bytes, where nothing is read of a file."""

MARK = ".writing-"
"""What the hidden name of a file begins with while it is written."""

_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a link",
}


def opened(path: Path, *, most: int, follow: bool = False) -> BinaryIO:
    """A regular file, opened to be read as bytes; never waits for whoever is at the other end of something else.

    most: bytes that it may have. follow: whether a symbolic link may lead to it: where the user named it, or what is in
    the user's own folder; never in a folder in which others may write and this process may do more than they.

    Raises OSError, whose `strerror` fits into a sentence: as `open` does, and where it is a folder, a pipe, a socket, a
    device, a link that is not to be followed, or larger than `most`.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)

    # The file owns its descriptor from the start: a signal that unwinds us has no moment at which two would close it.
    def insisted(name: str, _: int) -> int:
        descriptor = os.open(name, flags)
        try:
            _insist(os.fstat(descriptor), path, most)  # it may be another one by now
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    try:
        # First by name: to open some devices is to start something.
        _insist(path.stat(follow_symlinks=follow), path, most)
        return open(path, "rb", opener=insisted)
    except ValueError as error:  # a NUL in the name, or signs that no name can have
        raise OSError(errno.EINVAL, "no file can have such a name", str(path)) from error


def contents(path: Path, *, most: int, follow: bool = False) -> bytes:
    """All that is in a file, opened as by `opened`. Raises OSError as that does, also where it grows meanwhile."""
    with opened(path, most=most, follow=follow) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise _too_large(path, most)
    return content


def folder(path: Path, inside: int | None = None) -> int:
    """A descriptor of a folder, to be closed by the caller: whatever others do to its name, it is still this one.

    inside: a descriptor of the folder that it lies in; then no link is followed to it. Raises OSError.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (0 if inside is None else os.O_NOFOLLOW)
    return os.open(path, flags, dir_fd=inside)


def _insist(found: os.stat_result, path: Path, most: int) -> None:
    kind = stat.S_IFMT(found.st_mode)
    if kind == stat.S_IFDIR:
        raise IsADirectoryError(errno.EISDIR, "it is a folder, not a file", str(path))
    if kind != stat.S_IFREG:
        number = errno.ELOOP if kind == stat.S_IFLNK else errno.EINVAL
        raise OSError(number, f"it is {_KINDS.get(kind, 'something else')}, not a file", str(path))
    if found.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path, most: int) -> OSError:
    size = f"{most / 2**20:.3g} MiB" if most >= 2**20 else f"{most} bytes"
    return OSError(errno.EFBIG, f"it has more than {size}", str(path))


def sync_folder(path: Path) -> None:
    """Force the names in a folder to the disk. Raises OSError."""
    place = folder(path)
    try:
        _force_names(place)
    finally:
        os.close(place)


def _force_names(place: int) -> None:
    try:
        os.fsync(place)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems have no such thing
            raise


class Draft:
    """A file that has its own name only when it is whole; until then a hidden one. To be used in a `with`.

    It is written through `file`, its own descriptor, so that nothing that others do to its name changes where the
    content goes. Leaving the `with` takes away what was not published.
    """

    def __init__(self, final: Path, mark: str = MARK, inside: int | None = None) -> None:
        """final: the name that it is to have. mark: what the hidden name begins with. inside: a descriptor of its
        folder, where that is held already.

        Raises OSError where it can't be made there.
        """
        self.final = final
        self._folder = folder(final.parent) if inside is None else os.dup(inside)
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            # Not to be guessed, so that nobody can take it first.
            name = os.fsdecode(os.fsencode(final.name)[:200])  # 255 bytes fit
            self._name: str | None = f"{mark}{name}.{secrets.token_hex(4)}"
            self.file: BinaryIO = os.fdopen(os.open(self._name, flags, 0o666, dir_fd=self._folder), "w+b")
        except BaseException:
            os.close(self._folder)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self.file.close()
        self._drop()
        os.close(self._folder)

    def sync(self) -> None:
        """Force what was written to the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def publish(self, replace: bool) -> None:
        """Give it its name. replace: whether in place of the file, or the link, that has it now; else that raises
        FileExistsError.

        Raises OSError where somebody has taken the draft away meanwhile, or a device, a pipe, a socket or a folder is
        in its place: to replace /dev/null helps nobody.
        """
        self.file.flush()
        if not replace and self._linked():
            self._drop()
            return
        with contextlib.suppress(FileNotFoundError):
            there = os.stat(self.final.name, dir_fd=self._folder, follow_symlinks=False)
            if not stat.S_ISLNK(there.st_mode):
                _insist(there, self.final, ANY_SIZE)
        name, ours = self._name, os.fstat(self.file.fileno())
        if name is None or not os.path.samestat(os.stat(name, dir_fd=self._folder, follow_symlinks=False), ours):
            raise FileNotFoundError(errno.ENOENT, "somebody took it away while it was written", str(self.final))
        os.rename(name, self.final.name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self._name = None

    def sync_folder(self) -> None:
        """Force the names in its folder to the disk."""
        _force_names(self._folder)

    def _linked(self) -> bool:
        """Whether it has its name as a second one: the one way that never replaces. False where there is no such way.

        Raises FileExistsError where the name is taken.
        """
        try:
            os.link(
                f"/proc/self/fd/{self.file.fileno()}", self.final.name, dst_dir_fd=self._folder, follow_symlinks=True
            )
        except FileExistsError:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(self.final)) from None
        except OSError:  # FAT has no second names
            if os.access(self.final.name, os.F_OK, dir_fd=self._folder, follow_symlinks=False):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(self.final)) from None
            return False
        return True

    def _drop(self) -> None:
        if self._name is not None:
            with contextlib.suppress(OSError):
                os.unlink(self._name, dir_fd=self._folder)
            self._name = None


def atomic_write(
    path: Path, content: bytes, *, replace: bool = True, sync: bool = True, inside: int | None = None
) -> None:
    """Write a file so that it is there whole or not at all, even if the power fails; a link at its place is replaced.

    replace: whether a file that is there already gives way; else FileExistsError is raised. sync: whether it is forced
    to the disk, which takes long on a card; without it a power cut may cost it. inside: a descriptor of its folder,
    where that is held already. Raises OSError where it can't be.
    """
    with Draft(path, inside=inside) as draft:
        draft.file.write(content)
        if sync:
            draft.sync()
        draft.publish(replace)
        if sync:
            draft.sync_folder()
