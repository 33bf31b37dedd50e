"""The folder of a recording while it is written: `recording.jsonl`, and a PNG for each picture.

Every line is written whole and at once, and a picture has its name only when all of it is there: whatever ends the
program, what was written before can be played.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from focuscam import __version__
from focuscam.errors import UsageError
from focuscam.system import files
from focuscam.system.signals import Stopped

INDEX = "recording.jsonl"
FORMAT = 1
"""Goes up when a player of before would misunderstand; new fields and new kinds of lines do not raise it."""

COARSE = "coarse"
"""The folder of the coarse luma, where it can't be made from the fine one."""

MOST_FRAMES = 18_000
"""Ten minutes at 30 frames a second."""
MOST_BYTES = 4 * 1024**3
SPARE_BYTES = 64 * 1024**2
"""Left free on the disk: a full one stops more than a recording."""


class Enough(Exception):
    """A recording can't go on. Not a FocuscamError: nothing is wrong with the camera or the light."""

    def __init__(self, why: str, failed: bool) -> None:
        """why: as the second half of a sentence."""
        super().__init__(why)
        self.why = why
        self.failed = failed


class Folder:
    """A recording that is being written. Line and picture may come from different threads."""

    def __init__(self, path: Path) -> None:
        """Make the folder, or take one that is empty.

        Raises UsageError where something is in it already, or it can't be written.
        """
        self.path = path
        self.frames = self.pictures = self.bytes = 0
        self._lock = threading.Lock()
        try:
            self._made = not path.exists()
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise UsageError(f"There is something in {path} already: name a new folder for the recording.")
            # By descriptor from here on: others may be able to put another one in its place.
            self._places = {Path(): files.folder(path)}
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            self._index = os.open(INDEX, flags, 0o666, dir_fd=self._places[Path()])
        except FileExistsError:
            raise UsageError(f"{path} is no folder: name a new one for the recording.") from None
        except OSError as error:
            raise UsageError(
                f"Nothing can be recorded in {path} ({error.strerror}): name a folder that may be written to."
            ) from None

    def begin(self, light: str, region: str, threshold: float, header: Mapping[str, object]) -> None:
        """The first line: what was in force before the first frame. header: camera, model, hold_s."""
        self._write(
            {
                "type": "recording",
                "format": FORMAT,
                "focuscam": __version__,
                "began": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
                "light": light,
                "region": region,
                "threshold": threshold,
                **header,
            }
        )

    def add(self, fields: Mapping[str, object]) -> None:
        """A scored frame (`focuscam.ipc.report.scored`). Raises Enough."""
        if self.frames >= MOST_FRAMES:
            raise Enough(f"it has {MOST_FRAMES} frames, the most that it may", failed=False)
        self._write({"type": "scored", **fields})
        self.frames += 1

    def picture(self, sequence: int, fine: bytes, fine_crc: int, coarse: bytes | None, coarse_crc: int | None) -> None:
        """The picture of a frame that was or will be added, as PNG; no `coarse` where it follows from the fine one.

        fine_crc, coarse_crc: checksums of the pixels. Raises Enough.
        """
        if self.bytes + len(fine) + len(coarse or b"") > MOST_BYTES:
            raise Enough(f"it takes {MOST_BYTES / 1024**3:g} GiB, the most that it may", failed=False)
        try:
            if shutil.disk_usage(self.path).free < SPARE_BYTES:
                raise Enough(f"the disk is full but for {SPARE_BYTES // 1024**2} MiB", failed=True)
        except OSError as error:
            raise _failed(error) from None
        fields: dict[str, object] = {"type": "picture", "seq": sequence, "file": file_of(sequence), "crc": fine_crc}
        if coarse is not None:
            self._store(Path(COARSE) / file_of(sequence), coarse)
            fields |= {"coarse": f"{COARSE}/{file_of(sequence)}", "coarse_crc": coarse_crc}
        self._store(Path(file_of(sequence)), fine)
        self._write(fields)
        self.pictures += 1

    def end(self, why: str) -> None:
        """The last line: without it the recording was cut off. Not written where nothing was begun."""
        with contextlib.suppress(Enough):  # it was said before that nothing can be written
            if self.bytes:
                self._write({"type": "end", "frames": self.frames, "why": why})
        os.close(self._index)
        if not self.bytes:
            with contextlib.suppress(OSError):
                os.unlink(INDEX, dir_fd=self._places[Path()])
                if self._made:
                    self.path.rmdir()
        for place in self._places.values():
            os.close(place)

    def _write(self, fields: Mapping[str, object]) -> None:
        line = memoryview(json.dumps(fields).encode() + b"\n")
        with self._lock:
            good = os.lseek(self._index, 0, os.SEEK_CUR)
            try:
                left = line
                while left:
                    left = left[os.write(self._index, left) :]
            except BaseException as error:
                # Half a line would hide the ones after it.
                with contextlib.suppress(OSError):
                    os.ftruncate(self._index, good)
                    os.lseek(self._index, good, os.SEEK_SET)
                if isinstance(error, OSError):
                    raise _failed(error) from None
                raise
            self.bytes += len(line)

    def _store(self, name: Path, content: bytes) -> None:
        """Write a file so that it is there whole or not at all."""
        try:
            if name.parent not in self._places:
                os.mkdir(name.parent, dir_fd=self._places[Path()])
                self._places[name.parent] = files.folder(name.parent, self._places[Path()])
            # Whoever waited for the card would miss frames: a power cut may cost the last pictures, a kill none.
            files.atomic_write(self.path / name, content, sync=False, inside=self._places[name.parent])
        except OSError as error:
            raise _failed(error) from None
        with self._lock:
            self.bytes += len(content)


def why_ended(error: BaseException | None) -> str:
    """Why a recording ended, for its last line."""
    if error is None:
        return "the source ended"
    if isinstance(error, Enough):
        return error.why
    return "stopped" if isinstance(error, Stopped) else str(error) or type(error).__name__


def file_of(sequence: int) -> str:
    """The name of the picture of a scored frame, by its number in the recording."""
    return f"{sequence:06d}.png"


def _failed(error: OSError) -> Enough:
    return Enough(f"nothing more can be written ({error.strerror})", failed=True)
