"""A recording as a camera: the same frames at the same times, with the same commands between them."""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from focuscam.cameras import Fixed
from focuscam.cameras.scales import two_scales
from focuscam.commands import Command, SetRegion
from focuscam.config import Settings
from focuscam.errors import UsageError
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.messages import Frame, Luma, Reading
from focuscam.recorder.folder import COARSE, INDEX, file_of
from focuscam.recorder.script import Scored, Script, Stored
from focuscam.region import Region
from focuscam.system.files import contents
from focuscam.system.png import checksum, from_png

log = logging.getLogger(__name__)

PNG_BYTES = 1 << 26
"""Of a picture: many times what the largest takes."""
LONGEST_S = 200.0
"""The longest exposure that the settings allow, s: a recording may say anything."""


def is_recording(path: Path) -> bool:
    """Whether a folder holds a recording."""
    try:
        return (path / INDEX).is_file()
    except (OSError, ValueError):  # no access, or too long a name: whoever opens it says so
        return False


class Replay(Fixed):
    """A camera that plays a recording.

    Its pictures are scored again; where a frame has none (or not the one that was recorded) the recorded reading
    stands for it, with a warning where one should be there. The commands between them go into the loop's queue when
    their turn has come.
    """

    live = False
    longest_gap = 10.0
    """From frame to frame, where they are shown at their pace, s: a camera that was released has nothing to show."""

    def __init__(
        self, folder: Path, region_too: bool = True, commands: queue.SimpleQueue[Command] | None = None
    ) -> None:
        """commands: the queue of the loop that plays it. region_too: whether its region, and the changes to it, are
        played; else only frames with pictures are, since the recorded readings are of that region.

        Raises UsageError where it can't be played.
        """
        self._folder = folder
        self._region_too = region_too
        self.script = Script(folder)
        if not region_too and not self.script.pictures:
            raise UsageError(
                f"The recording in {folder} has no pictures to look at another region of: leave out --region."
            )
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue() if commands is None else commands
        self.reading: Reading | None = None
        """What was recorded of the frame at hand, where that has to stand for it; else None."""
        self._troubles = 0
        self.description = f"recording of {self.script.camera}: {self.script.frames} frames in {folder.absolute().name}"

    def __enter__(self) -> Self:
        """Go to the beginning."""
        self._fine = self._coarse = np.zeros((480, 640), np.uint8)
        self._scored: Iterator[Scored] = iter(self.script)
        self._next = next(self._scored, None)
        self._prompt()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        if self._troubles > 1:
            log.warning("%d pictures were missing or changed.", self._troubles)

    def settings(self, over: Settings) -> Settings:
        """Those with which it was recorded, as far as they decide anything, over others."""
        script = self.script
        focus: dict[str, object] = {"hold_s": script.hold_s}
        if self._region_too:
            focus["region"] = script.region.text
        made = over.with_changes(f"the recording {self._folder}", focus=focus)
        return replace(made, focus=replace(made.focus, threshold=script.threshold, threshold_model=None))

    def scorer(self, settings: Settings) -> Rescorer:
        """What scores its frames again."""
        return Rescorer(FocusModel(settings.focus.model), settings.focus.region, self)

    def newest(self) -> Frame | None:
        """The next frame; None after the last."""
        while (scored := self._next) is not None:
            self._next = next(self._scored, None)
            stored = self.script.pictures.get(scored.sequence)
            seen = stored is not None and self._see(scored.sequence, stored)
            # It is obeyed once this frame was scored, or passed over: before the next one.
            self._prompt()
            if not seen and not self._region_too:
                continue
            told = scored.reading
            self.reading = None if seen else told
            self.frame_s = min(scored.camera.get("ExposureTime", 0.0) / 1e6, LONGEST_S)
            return Frame(
                number=told.frame,
                time=told.time,
                fine=self._fine,
                coarse=self._coarse,
                taken=time.monotonic(),
                name=told.name or (file_of(scored.sequence) if stored is not None else None),
                metadata=scored.camera,
            )
        return None

    def _prompt(self) -> None:
        for command in self._next.commands if self._next else ():
            if self._region_too or not isinstance(command, SetRegion):
                self._commands.put(command)

    def _see(self, sequence: int, stored: Stored) -> bool:
        """Take a picture from its file; False, with a warning, where it is not what was recorded."""
        try:
            fine = self._picture(Path(file_of(sequence)), stored.fine)
            if stored.coarse is None:
                coarse = two_scales(fine)[1]
            else:
                coarse = self._picture(Path(COARSE) / file_of(sequence), stored.coarse)
        except ValueError as error:
            self._troubles += 1
            if self._troubles == 1:
                log.warning("%s: what was recorded about that frame stands for it.", error)
            return False
        self._fine, self._coarse = fine, coarse
        return True

    def _picture(self, name: Path, crc: int) -> Luma:
        """Raises ValueError with what is wrong with it."""
        try:
            luma = from_png(contents(self._folder / name, most=PNG_BYTES, follow=True))
        except OSError as error:
            raise ValueError(f"{name} can't be read ({error.strerror})") from None
        except ValueError as error:
            raise ValueError(f"{name} was changed since it was recorded ({error})") from None
        if checksum(luma) != crc:
            raise ValueError(f"{name} was changed since it was recorded")
        return luma


class Rescorer(Scorer):
    """Scores the frames of a recording again; of those without a picture it gives what was recorded."""

    def __init__(self, model: FocusModel, region: Region, replay: Replay) -> None:
        super().__init__(model, region)
        self._replay = replay
        if model.sha256 != replay.script.model:
            log.warning("The recording was made with another model: this one may come to other decisions.")

    def score(self, frame: Frame) -> Reading:
        """The reading of a frame of the recording."""
        told = self._replay.reading
        return super().score(frame) if told is None else replace(told, taken=frame.taken)
