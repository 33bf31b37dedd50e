"""Stills: taken by themselves as the picture comes into focus, or when somebody asks; saved whole or not at all.

The loop hands in every frame with its status; the pixels are copied there, all else is done by a thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from focuscam.capture.store import Store
from focuscam.capture.trap import Move, Trap
from focuscam.capture.writer import Writer
from focuscam.errors import CameraError, FocuscamError
from focuscam.messages import Frame, Reading, Status, Still
from focuscam.system.threads import NoThreadError

__all__ = ["Capture", "Store", "Trap"]

log = logging.getLogger(__name__)

LOSS = 0.1
"""How far the score of a still may lie under that of the frame it was decided on: noise moves a score by less."""


class Stills(Protocol):
    """What is wanted of a camera."""

    @property
    def still_delay(self) -> float:
        """As Camera.still_delay."""
        ...

    def still(self, frame: Frame, finer: bool = True, raw: bool = False) -> Still:
        """As Camera.still."""
        ...


class Capture:
    """Takes stills and has them saved. Usable in a `with`: leaving finishes those that are being written."""

    def __init__(
        self, store: Store, trap: Trap | None = None, raw: bool = False, tell: Callable[[str], object] = log.info
    ) -> None:
        """trap: when one is taken by itself; None: never. raw: save DNG as well, where the camera has it.

        tell: says what came of a still, in a sentence; called from any thread.
        """
        self._tell = tell
        self._store = store
        self._trap = trap
        self._raw = raw
        self._writer = Writer()
        self._wanted = False
        self._kept: tuple[Still, Reading, Status] | None = None
        self._fault = ""
        """What was said last that went wrong; it is not said again and again."""
        self._saved = 0
        self._counting = threading.Lock()
        self._asked: tuple[int, Path | None, str | None] = (0, None, None)
        """How many of those that somebody asked for are done; where the last of them is, or why it is not."""

    def __enter__(self) -> Self:
        cleared = self._store.clear()
        if cleared:
            log.info("Cleared %d unfinished still%s of a process that was killed.", cleared, "s" * (cleared > 1))
        self._writer.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.__exit__(kind, error, trace)

    @property
    def facts(self) -> dict[str, Any]:
        """For those who asked: `asked` counts those done, `file` is where the last is, or `why` it is not; `saved`
        counts all, into `folder`.
        """
        done, file, why = self._asked
        where = None if file is None else str(file)
        return {"asked": done, "file": where, "why": why, "saved": self._saved, "folder": str(self._store.folder)}

    def want(self) -> None:
        """Somebody asks for one now: the next frame."""
        self._wanted = True

    def look(self, frame: Frame, status: Status, camera: Stills, judge: Callable[[Frame], Reading] | None) -> bool:
        """Decide over a frame, which was just shown; True where the camera was made to take another exposure.

        camera: takes the stills. judge: reads such an exposure; None where it can't, since it shows another part.
        Raises FocuscamError where the camera has fallen silent.
        """
        move = Move.NOTHING if self._trap is None else self._trap.update(status, camera.still_delay)
        if move is Move.SAVE and self._kept is not None:
            kept, self._kept = self._kept, None
            self._save(*kept, by="sharpest")
        elif move is Move.KEEP:
            still = self._taken(camera, frame, finer=False, by="sharpest")
            self._kept = None if still is None else (still, status.reading, status)
        if not self._wanted and move is not Move.TAKE:
            return False
        by = "command" if self._wanted else "light"
        self._wanted = False
        still = self._taken(camera, frame, finer=True, by=by)
        if still is None:
            return True
        reading = status.reading
        if still.frame is not None and judge is not None:
            reading = judge(still.frame)
            if by == "light" and not as_sharp(reading, status.reading) and self._trap is not None:
                self._trap.missed()  # it moved on before the camera was ready
                return True
        self._save(still, reading, status, by)
        return still.frame is not None

    def _taken(self, camera: Stills, frame: Frame, finer: bool, by: str) -> Still | None:
        try:
            return camera.still(frame, finer=finer, raw=self._raw and finer)
        except CameraError as error:
            self._fail(str(error), by)
        except FocuscamError:
            raise
        except Exception as error:  # such as no memory for its pixels; whether frames still come, the next one tells
            self._fail(f"No still can be taken ({str(error) or type(error).__name__}).", by)
        return None

    def _save(self, still: Still, reading: Reading, status: Status, by: str) -> None:
        facts = _facts(still, reading, status, by)
        try:
            if not self._writer.do(lambda: self._write(still, facts, by)):
                self._fail("A still is left out: the disk is slower than they come.", by)
        except NoThreadError as error:
            self._fail(f"A still is left out. {error}", by)

    def _write(self, still: Still, facts: dict[str, Any], by: str) -> None:
        """In the writer's thread."""
        # With all of Pillow's formats, for most services never.
        from focuscam.capture.jpeg import encoded

        try:
            # Before there is a file: what a disk refuses has to come from the disk.
            contents = {".jpg": encoded(still, facts)}
            if still.dng is not None:
                contents[".dng"] = still.dng()
            file = self._store.save(contents)
        except Exception as error:
            if not isinstance(error, FocuscamError):
                log.exception("A still could not be written.")
            self._fail(str(error) or type(error).__name__, by)
            return
        self._fault = ""
        self._saved += 1
        self._done(by, file, None)
        height, width = still.luma.shape
        also = " and its .dng" if len(contents) > 1 else ""
        self._tell(f"Saved {file}{also} ({width}x{height}).")

    def _done(self, by: str, file: Path | None, why: str | None) -> None:
        if by == "command":
            with self._counting:
                self._asked = (self._asked[0] + 1, file, why)

    def _fail(self, why: str, by: str) -> None:
        self._done(by, None, why)
        if why != self._fault or by == "command":
            self._tell(why)
        self._fault = why


def as_sharp(reading: Reading, before: Reading) -> bool:
    """Whether a still that was exposed a moment after a frame in focus is still as sharp as that was."""
    if reading.score is None or before.score is None or reading.blur == "motion":
        return False
    return reading.score >= before.score - LOSS


def _facts(still: Still, reading: Reading, status: Status, by: str) -> dict[str, Any]:
    return {
        "score": None if reading.score is None else round(reading.score, 4),
        "certainty": round(reading.certainty, 4),
        "in_focus": status.in_focus,
        "blur": reading.blur,
        "contrast": round(reading.contrast, 6),
        "closeness": None if status.closeness is None else round(status.closeness, 4),
        "hint": status.hint,
        "threshold": status.threshold,
        "region": [round(side, 4) for side in reading.region],
        "lens_position": still.metadata.get("LensPosition"),
        "frame": status.reading.frame,
        "by": by,
    }
