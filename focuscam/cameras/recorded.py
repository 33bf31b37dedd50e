"""Frames from files: an image, a folder of images (a recorded sweep among them), or a video. None is dropped."""

from __future__ import annotations

import csv
import itertools
import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from focuscam.cameras import Fixed
from focuscam.cameras.photo import SUFFIXES, Photo, read_photo
from focuscam.cameras.video import Video
from focuscam.errors import FocuscamError, UsageError
from focuscam.frame import Frame, Luma

__all__ = ["SWEEP", "Photo", "Recorded", "images_in", "read_photo", "sweep_table"]

SWEEP = "sweep.csv"
"""Orders the images of its folder, one row a frame, in its column `file`; a file may come again."""

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
        if path.is_dir():
            files = [file for file, _ in sweep_table(path / SWEEP)] if (path / SWEEP).exists() else images_in(path)
            self.description = f"{len(files)} image{'s' * (len(files) > 1)} in {path.absolute().name}"
            return _shown(files, path)
        if not path.exists():
            raise UsageError(f"{path} does not exist: check the path.")
        if not path.is_file():
            raise UsageError(f"{path} is neither a file nor a folder.")
        if path.suffix.lower() in SUFFIXES:
            self.description = path.name
            return _shown([path], path)
        video = Video(path)
        self.description = video.description
        return ((path.name, fine, coarse) for fine, coarse in video)

    def _numbered(self, pictures: Iterator[tuple[str, Luma, Luma]]) -> Iterator[Frame]:
        for number, (name, fine, coarse) in enumerate(pictures):
            yield Frame(number, number / self._fps, fine, coarse, taken=time.monotonic(), name=name)


def images_in(folder: Path) -> list[Path]:
    """The images of a folder in natural order, by their suffix; hidden files and folders are left out.

    Raises UsageError when there is none.
    """
    try:
        files = [p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.name[0] != "." and not p.is_dir()]
    except OSError as error:
        raise UsageError(f"The folder {folder} cannot be read ({error.strerror}).") from None
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
        with table.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines, skipinitialspace=True)
            if "file" not in (rows.fieldnames or ()):
                raise UsageError(f"{table} has no column `file`: its first line has to be `file,position`.")
            named = [((row["file"] or "").strip(), (row.get("position") or "").strip()) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"{table} cannot be read ({error}): mend it, or remove it to take the images by name."
        ) from None
    found = [(table.parent / name, position) for name, position in named if name]
    if not found:
        raise UsageError(f"{table} lists no file: fill it, or remove it to take the images by name.")
    if absent := next((file for file, _ in found if not file.exists()), None):
        raise UsageError(f"{table} lists {absent.name}, which is not there: mend the table or put the file back.")
    return found


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
