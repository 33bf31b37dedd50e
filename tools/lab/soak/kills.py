"""A process that saves stills for ever, killed at random moments, and what it leaves."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image
from tqdm import tqdm

from focuscam.capture import Capture, Store
from focuscam.capture.store import UNFINISHED
from focuscam.messages import Frame, Hint, Light, Reading, Status, Still
from focuscam.still_name import NAME

LONGEST_S = 0.1
"""A process lives so long at most, s: some five stills."""


class Camera:
    """Takes stills of noise, with a raw that tells whether it is whole."""

    still_delay = 0.0

    def __init__(self, random: np.random.Generator) -> None:
        self._luma = random.integers(0, 256, (480, 640), np.uint8)
        self._chroma = random.integers(0, 256, (2, 240, 320), np.uint8)
        self._raw = random.bytes(300_000)

    def still(self, frame: Frame, finer: bool = True, raw: bool = False) -> Still:  # noqa: ARG002
        """One more."""
        raw_and_sum = self._raw + hashlib.sha256(self._raw).digest()
        return Still(
            self._luma,
            (self._chroma[0], self._chroma[1]),
            metadata={"ExposureTime": 10000.0, "AnalogueGain": 2.0},
            taken=time.monotonic(),
            dng=lambda: raw_and_sum,
        )


def save_for_ever(folder: Path, seed: int) -> None:
    """One still after another, as fast as they are written."""
    camera = Camera(np.random.default_rng(seed))
    luma = np.zeros((48, 64), np.uint8)
    capture = Capture(Store(folder, 10**6, 10**15, ours=False), raw=True, tell=lambda sentence: None)  # noqa: ARG005
    with capture:
        for number in range(10**6):
            reading = Reading(number, number / 30, None, 0.9, 1.0, "none", 1.0)
            frame = Frame(number, number / 30, luma, luma, taken=time.monotonic())
            capture.want()
            capture.look(frame, Status(reading, Light.ON, 0.5, 1.0, 0.9, Hint.BEST), camera, None)
            while capture.facts["asked"] <= number:
                time.sleep(0.0002)
            if capture.facts["why"]:
                print(capture.facts["why"], file=sys.stderr)
                os._exit(1)


def is_whole(file: Path) -> bool:
    """Whether a file under a final name can be read to its end."""
    if file.suffix == ".dng":
        content = file.read_bytes()
        return hashlib.sha256(content[:-32]).digest() == content[-32:]
    try:
        with Image.open(file) as image:
            image.load()
            return b"score" in image.getexif().get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment]
    except (OSError, KeyError):
        return False


@dataclass
class Found:
    """What killing came to."""

    stills: int = 0
    kills: int = 0
    unfinished: int = 0
    """Files without their final name that a kill left."""
    leftover: int = 0
    """Those of them that were still there when the next process had begun for the last time."""
    alone: int = 0
    """Stills without one of their two files."""
    broken: list[str] = field(default_factory=list)


def run(captures: int, seed: int, where: Path | None) -> Found | None:
    """Kill until so many stills were saved, or a file was broken; None where a process ended by itself: it said why.

    where: the folder that they are saved in, by default a temporary one.
    """
    random = np.random.default_rng(seed)
    tqdm.monitor_interval = 0  # its thread would not survive a fork
    found = Found()
    left: set[str] = set()
    last = ""
    with (
        tempfile.TemporaryDirectory(dir=where, prefix="captures-") as name,
        tqdm(total=captures, desc="stills", disable=None, leave=False) as bar,
    ):
        folder = Path(name)
        while found.stills < captures and not found.broken:
            child = os.fork()
            if child == 0:
                save_for_ever(folder, found.kills)
            time.sleep(float(random.uniform(0, LONGEST_S)))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if os.WIFEXITED(status):
                return None
            found.kills += 1
            files = {file.name for file in folder.iterdir()}
            drafts = {file for file in files if file.startswith(UNFINISHED)}
            # Those of the last process were cleared by this one, if it came so far.
            found.unfinished += len(drafts - left)
            left = drafts
            finished = [folder / file for file in files if NAME.fullmatch(file)]
            found.broken += [file.name for file in finished if not is_whole(file)]
            stems = sorted({file.stem for file in finished} - {last})
            found.alone += sum(
                not (folder / f"{stem}{suffix}").exists() for stem in stems for suffix in (".jpg", ".dng")
            )
            found.stills += len(stems)
            bar.update(len(stems))
            last = max(stems, default=last)
            for file in finished:
                if file.stem != last:  # which tells the next process how to go on
                    file.unlink()
        Capture(Store(folder, 10**6, 10**15, ours=False)).__enter__()
        found.leftover = sum(file.name.startswith(UNFINISHED) for file in folder.iterdir())
    return found
