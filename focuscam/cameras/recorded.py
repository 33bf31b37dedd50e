"""Frames from files: an image, a folder of images (a recorded sweep among them), or a video. None is dropped."""

from __future__ import annotations

import csv
import io
import itertools
import logging
import re
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from focuscam.cameras import Fixed
from focuscam.cameras.content import Kind, kind_of
from focuscam.cameras.photo import SUFFIXES, Photo, read_photo
from focuscam.cameras.video import Video
from focuscam.errors import FocuscamError, UsageError
from focuscam.messages import Frame, Luma
from focuscam.system.files import contents, opened
from focuscam.system.saying import shortened

__all__ = ["SWEEP", "Photo", "Recorded", "images_in", "read_photo", "sweep_table"]

SWEEP = "sweep.csv"
"""Orders the images of its folder, one row a frame, in its column `file`; a file may come again."""

_MOST_ROWS = 1_000_000
"""Of a sweep.csv: nine hours."""
_MOST_TABLE_BYTES = 64 * 2**20

_log = logging.getLogger(__name__)


class Recorded(Fixed):
    """A camera that shows what was recorded, every frame once and in order.

    path: an image; a folder, whose images are shown in natural order (img2 before img10), or as its
    sweep.csv says; or a video. fps: frames a second, for Frame.time; nothing waits for the clock.
    Frames keep their own size, up to the limits of the two scales.
    """

    live = False

    def __init__(self, path: Path, fps: float = 30.0) -> None:
        if not 0 < fps < float("inf"):
            raise UsageError(f"{fps:g} frames a second cannot be shown: give a number above 0.")
        self._path = path
        self._fps = fps
        self.frame_s = 1 / fps
        self._frames: Iterator[Frame] = iter(())
        self.description = path.name

    def __enter__(self) -> Self:
        """Open the source.

        Raises UsageError where there is nothing to show: the path is absent, the folder has no image,
        the video no frame, sweep.csv names a file that is not there.
        """
        self._frames = self._numbered(self._pictures())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._frames = iter(())

    def newest(self) -> Frame | None:
        """The next frame; None when the last was shown.

        A file that cannot be decoded is named in the log and passed over. Raises FocuscamError at the
        end when there was not one that could.
        """
        return next(self._frames, None)

    def _pictures(self) -> Iterator[tuple[str, Luma, Luma]]:
        path = self._path
        if is_folder(path):
            files = [file for file, _ in sweep_table(path / SWEEP)] if has_sweep(path) else images_in(path)
            self.description = f"{len(files)} image{'s' * (len(files) > 1)} in {path.absolute().name}"
            return _shown(files, path)
        _insist_on_a_file(path)
        if path.suffix.lower() in SUFFIXES or _kind(path) in ("photo", "raw"):
            self.description = path.name
            return _shown([path], path)
        video = Video(path)
        self.description = video.description
        return ((path.name, fine, coarse) for fine, coarse in video)

    def _numbered(self, pictures: Iterator[tuple[str, Luma, Luma]]) -> Iterator[Frame]:
        for number, (name, fine, coarse) in enumerate(pictures):
            yield Frame(number, number / self._fps, fine, coarse, taken=time.monotonic(), name=name)


def is_folder(path: Path) -> bool:
    """Whether it is a folder; what can't be looked at is none, and says why when it is opened."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):  # ValueError: a NUL in its name
        return False


def _insist_on_a_file(path: Path) -> None:
    """Raises UsageError, with what to do, where there is none, or nothing that could hold a picture."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise UsageError(f"{shortened(str(path))} does not exist: check the path.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file can have such a name"
        raise UsageError(f"{shortened(str(path))} can't be looked at ({why}): check the path.") from None
    if not stat.S_ISREG(mode):
        raise UsageError(f"{path} is neither a file nor a folder: name a photo, a folder of photos or a video.")


def has_sweep(folder: Path) -> bool:
    """Whether a folder has a sweep.csv. Raises UsageError where it can't be looked into."""
    try:
        (folder / SWEEP).stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UsageError(f"The folder {folder} cannot be read ({error.strerror}): check its permissions.") from None
    return True


def _kind(path: Path) -> Kind:
    try:
        with opened(path, most=sys.maxsize, follow=True) as file:
            return kind_of(file, path.name)
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror}): check its permissions.") from None


def images_in(folder: Path) -> list[Path]:
    """The images of a folder in natural order, by their suffix; hidden files and folders are left out.

    Raises UsageError when there is none.
    """
    try:
        files = [p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.name[0] != "." and not p.is_dir()]
    except OSError as error:
        raise UsageError(f"The folder {folder} cannot be read ({error.strerror}): check its permissions.") from None
    if not files:
        raise UsageError(f"The folder {folder} has no image: choose one with JPEG, PNG, TIFF or similar files.")
    return sorted(files, key=_naturally)


def _naturally(path: Path) -> tuple[list[str | int], str]:
    parts = re.split(r"([0-9]+)", path.name.casefold())
    return [int(part) if n % 2 else part for n, part in enumerate(parts)], path.name


def sweep_table(table: Path) -> list[tuple[Path, str]]:
    """The files of a sweep.csv in its own order, each with what its column `position` says; "" where nothing.

    Raises UsageError with what is wrong with it.
    """
    try:
        text = contents(table, most=_MOST_TABLE_BYTES, follow=True).decode("utf-8-sig")
        found = _listed(csv.reader(io.StringIO(text, newline=""), skipinitialspace=True), table)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError(f"{table} cannot be read ({why}): mend it, or remove it to take the images by name.") from None
    if not found:
        raise UsageError(f"{table} lists no file: fill it, or remove it to take the images by name.")
    return found


def _listed(rows: Iterator[list[str]], table: Path) -> list[tuple[Path, str]]:
    columns = [name.strip() for name in next(rows, [])]
    if "file" not in columns:
        raise UsageError(f"{table} has no column `file`: its first line has to be `file,position`.")
    at, beside = columns.index("file"), columns.index("position") if "position" in columns else None
    found: list[tuple[Path, str]] = []
    # Each once, however often it is shown: a table may have a million rows.
    files: dict[str, Path] = {}
    positions: dict[str, str] = {}
    for row in rows:
        name = row[at].strip() if len(row) > at else ""
        if not name:
            continue
        if len(found) == _MOST_ROWS:
            raise UsageError(f"{table} has more than {_MOST_ROWS} rows: split it.")
        if name not in files:
            files[name] = _there(table.parent / name, table)
        position = row[beside].strip() if beside is not None and len(row) > beside else ""
        found.append((files[name], positions.setdefault(position, position)))
    return found


def _there(file: Path, table: Path) -> Path:
    try:
        file.stat()
    except FileNotFoundError:
        trouble = "which is not there"
    except (OSError, ValueError) as error:
        trouble = f"which can't be looked at ({getattr(error, 'strerror', None) or 'no file can have such a name'})"
    else:
        return file
    raise UsageError(f"{table} lists {shortened(file.name)}, {trouble}: mend the table or put the file back.")


def _shown(files: list[Path], source: Path) -> Iterator[tuple[str, Luma, Luma]]:
    any_shown = False
    for file, again in itertools.groupby(files):  # a file that is shown for a while is decoded once
        try:
            photo = read_photo(file)
        except FocuscamError as error:
            if len(files) == 1:
                raise
            _log.warning("%s", error)
            continue
        any_shown = True
        for _ in again:
            yield file.name, photo.fine, photo.coarse
    if not any_shown:
        raise FocuscamError(f"None of the images in {source} can be read: choose a folder with intact ones.")
