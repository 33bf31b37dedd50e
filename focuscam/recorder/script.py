"""What `recording.jsonl` says, read again: whatever is wrong with it is told in one sentence, and the rest is used."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, cast

from focuscam.commands import DECIDING, Command, read
from focuscam.errors import FocuscamError, UsageError
from focuscam.messages import THUMBNAIL_HEIGHT, THUMBNAIL_WIDTH, Blur, Light, Reading
from focuscam.recorder.folder import FORMAT, INDEX, MOST_FRAMES
from focuscam.region import parse
from focuscam.system.files import opened
from focuscam.system.saying import shortened

log = logging.getLogger(__name__)

MOST_BYTES = 1 << 28
"""Of the index: five times what the longest recording has."""
MOST_LINE = 1 << 16
"""Bytes of a line of it: thirty times what they have."""
MOST_CONTRAST = MOST_BLUR = 1e6
MOST_TIME = 1e9
"""Of a frame, s since the source began: thirty years."""

_REPEATED = {kind.do for kind in DECIDING}

_WRONG = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)
"""What reading fields of another type than they should have ends in."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored frame of a recording."""

    sequence: int
    reading: Reading
    commands: tuple[Command, ...]
    """Those that decide anything, obeyed before it. The others act on the machine, and have come to these where they
    changed more."""
    camera: MappingProxyType[str, float]
    """Frame.metadata"""


@dataclass(frozen=True, slots=True)
class Stored:
    """The checksums of a stored picture; of its coarse luma None where it follows from the fine one."""

    fine: int
    coarse: int | None


class Script:
    """A `recording.jsonl`. Iterating gives its scored frames, in order."""

    def __init__(self, folder: Path) -> None:
        """Raises UsageError where there is nothing to play, or only a newer focuscam could."""
        self._file = folder / INDEX
        self._name = folder.absolute().name
        self.pictures: dict[int, Stored] = {}
        self.frames = self.lost = 0
        trouble = self._survey()
        if not self.frames:
            raise UsageError(f"The recording in {folder} has no frame: {trouble or 'it was ended before the first'}.")
        if trouble:
            log.warning("The recording %s %s; what came before is played, %d frames.", self._name, trouble, self.frames)
        if self.lost:
            log.warning(
                "The recording %s lacks %d frames, which came too fast for who recorded them: "
                "after such a gap the light may do other than it did.",
                self._name,
                self.lost,
            )

    def __iter__(self) -> Iterator[Scored]:
        """Raises FocuscamError where it was changed since: what could not be read was found before."""
        left = self.frames
        try:
            with opened(self._file, most=MOST_BYTES, follow=True) as file:
                for line in _lines(file):
                    fields = json.loads(line)
                    if fields["type"] == "scored":
                        yield _scored(fields)
                        left -= 1
                    if not left:
                        return
        except (OSError, *_WRONG):
            raise FocuscamError(f"The recording {self._name} was changed while it was played: play it again.") from None

    def _survey(self) -> str | None:
        """Read it once through; what is wrong with it, if anything is."""
        ended, last = False, None
        try:
            with opened(self._file, most=MOST_BYTES, follow=True) as file:
                lines = _lines(file)
                self._begin(next(lines, b""))
                for number, line in enumerate(lines, 2):
                    try:
                        fields = json.loads(line)
                        match fields["type"]:
                            case "scored":
                                sequence = _scored(fields).sequence
                                self.lost += max(0, sequence - last - 1) if last is not None else 0
                                last = sequence
                                self.frames += 1
                            case "picture":
                                coarse = fields.get("coarse_crc")
                                self.pictures[_count(fields["seq"])] = Stored(
                                    _count(fields["crc"]), None if coarse is None else _count(coarse)
                                )
                            case "end":
                                ended = True
                        if max(self.frames, len(self.pictures)) > MOST_FRAMES:
                            return f"has more than {MOST_FRAMES} frames"
                    except _WRONG:
                        whole = line.endswith(b"\n")
                        return f"is damaged in line {number} of {INDEX}" if whole else "was cut off in the middle"
        except OSError as error:
            raise UsageError(f"{self._file} cannot be read ({error.strerror}): choose another recording.") from None
        return None if ended else "was cut off before its end"

    def _begin(self, line: bytes) -> None:
        wrong = UsageError(f"{self._file} does not begin as a recording of focuscam does: choose another folder.")
        try:
            fields: dict[str, Any] = json.loads(line)
            if fields["type"] != "recording":
                raise wrong
            if int(fields["format"]) > FORMAT:
                version = shortened(str(fields.get("focuscam")))
                raise UsageError(
                    f"The recording in {self._file.parent} was made by a newer focuscam ({version}): "
                    "install that version to play it."
                )
            self.camera = shortened(str(fields.get("camera") or "a camera"))
            self.light = Light(fields["light"])
            self.region = parse(fields["region"])
            self.hold_s = _number(fields["hold_s"], 0, 10)
            self.model = str(fields["model"]["sha256"])
            threshold = _number(fields["threshold"], 0, 1)
            # Another model has a threshold of its own.
            self.threshold = None if threshold == fields["model"]["threshold"] else threshold
        except _WRONG:
            raise wrong from None


def _scored(fields: dict[str, Any]) -> Scored:
    """Raises ValueError, KeyError, TypeError where the fields are not those of a scored frame."""
    score, reason = fields["score"], fields["reason"]
    box = tuple(_number(side, 0, 1) for side in fields["region"])
    thumbnail = bytes.fromhex(fields["thumbnail"])
    if len(thumbnail) not in (0, THUMBNAIL_WIDTH * THUMBNAIL_HEIGHT):
        raise ValueError
    if len(box) != 4 or min(box[2:]) <= 0 or box[0] + box[2] > 1 + 1e-6 or box[1] + box[3] > 1 + 1e-6:
        raise ValueError
    if fields["blur"] not in ("none", "defocus", "motion", "unknown"):
        raise ValueError
    blur_px = fields.get("blur_px")  # recordings of before have none: then the score tells it
    return Scored(
        sequence=_count(fields["seq"]),
        reading=Reading(
            frame=_count(fields["frame"]),
            time=_number(fields["time"], -MOST_TIME, MOST_TIME),
            name=None if fields["name"] is None else shortened(str(fields["name"]), 255),
            score=None if score is None else _number(score, 0, 1),
            certainty=_number(fields["certainty"], 0, 1),
            blur=cast(Blur, fields["blur"]),
            contrast=_number(fields["contrast"], 0, MOST_CONTRAST),
            reason=reason if reason in ("dark", "bright", "flat", "small") else None,
            region=box,
            blur_px=None if blur_px is None else _number(blur_px, 0, MOST_BLUR),
            blur_error=_number(fields.get("blur_error", 1.0), 0, MOST_BLUR),
            thumbnail=thumbnail,
        ),
        commands=tuple(read(each["do"], each["value"]) for each in fields["commands"] if each["do"] in _REPEATED),
        camera=MappingProxyType({str(name): _number(value, -1e15, 1e15) for name, value in fields["camera"].items()}),
    )


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Its lines, each as long as it may be; of a longer one a part, which says nothing."""
    return iter(partial(file.readline, MOST_LINE), b"")


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 53:
        raise ValueError
    return value


def _number(value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError
    return value
