#!/usr/bin/env -S tools/python
"""Stills saved by a process that is killed at random moments: is every file whole that has a final name?

`tools/capture_kills.py` starts a process that saves one still after another (JPEG, and a file in the place of the DNG),
kills it with SIGKILL after 0 to 100 ms, opens all that it left, starts the next one in the same folder, and goes on
until 1,000 stills were saved. Prints how often it killed, what it found, and ends with 1 where a file was broken.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import numpy as np  # noqa: E402
from PIL import ExifTags, Image  # noqa: E402
from tqdm import tqdm  # noqa: E402

from focuscam.capture import Capture, Store  # noqa: E402
from focuscam.capture.store import NAME, UNFINISHED  # noqa: E402
from focuscam.messages import Frame, Hint, Light, Reading, Status, Still  # noqa: E402

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


def main(given: list[str] | None = None) -> int:
    """Kill, look, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="tools/capture_kills.py", description=__doc__)
    parser.add_argument("--captures", type=int, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--folder", type=Path, help="where, such as on a card; a temporary folder by default")
    options = parser.parse_args(given)
    random = np.random.default_rng(options.seed)
    tqdm.monitor_interval = 0  # its thread would not survive a fork
    stills = kills = unfinished = alone = 0
    broken: list[str] = []
    left: set[str] = set()
    last = ""
    with (
        tempfile.TemporaryDirectory(dir=options.folder, prefix="captures-") as name,
        tqdm(total=options.captures, desc="stills", disable=None, leave=False) as bar,
    ):
        folder = Path(name)
        while stills < options.captures and not broken:
            child = os.fork()
            if child == 0:
                save_for_ever(folder, kills)
            time.sleep(float(random.uniform(0, LONGEST_S)))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if os.WIFEXITED(status):
                return 1  # it has said why
            kills += 1
            files = {file.name for file in folder.iterdir()}
            drafts = {file for file in files if file.startswith(UNFINISHED)}
            # Those of the last process were cleared by this one, if it came so far.
            unfinished += len(drafts - left)
            left = drafts
            finished = [folder / file for file in files if NAME.fullmatch(file)]
            broken += [file.name for file in finished if not is_whole(file)]
            stems = sorted({file.stem for file in finished} - {last})
            alone += sum(not (folder / f"{stem}{suffix}").exists() for stem in stems for suffix in (".jpg", ".dng"))
            stills += len(stems)
            bar.update(len(stems))
            last = max(stems, default=last)
            for file in finished:
                if file.stem != last:  # which tells the next process how to go on
                    file.unlink()
        Capture(Store(folder, 10**6, 10**15, ours=False)).__enter__()
        leftover = sum(file.name.startswith(UNFINISHED) for file in folder.iterdir())
    print(
        f"{stills} stills, {kills} kills; {unfinished} files were unfinished, {leftover} of them still there at the end"
    )
    print(f"{len(broken)} files under a final name are broken{': ' + ', '.join(broken) if broken else ''}")
    print(f"{alone} stills without one of their two files: killed between the two names")
    return 1 if broken or leftover else 0


if __name__ == "__main__":
    sys.exit(main())
