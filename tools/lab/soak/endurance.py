"""What a process holds, looked at while the daemon plays a folder of small frames over and over."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from focuscam.errors import FocuscamError
from focuscam.ipc.client import join

LOOKS = (10_000, 100_000, 1_000_000)
GROWTH_KB = 5_000
"""Of memory, from the first look to the last, that counts as none: the allocator's ways."""
SIDE = 96
"""Of a frame, px: what is scored does not matter here, only how often."""


@dataclass(frozen=True)
class Footprint:
    """What a process holds."""

    frames: int
    memory_kb: int
    threads: int
    files: int

    def __str__(self) -> str:
        return f"{self.frames:9,} frames: {self.memory_kb:7,} kB of memory, {self.threads} threads, {self.files} files"


def footprint(process: int, frames: int) -> Footprint:
    """What this process holds just now."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    told = {name: rest.split()[0] for name, _, rest in (line.partition(":") for line in lines) if rest.split()}
    files = len(list(Path(f"/proc/{process}/fd").iterdir()))
    return Footprint(frames, int(told["VmRSS"]), int(told["Threads"]), files)


def make_source(folder: Path, frames: int) -> None:
    """A turn of a ring through focus and back, over and over."""
    scene = np.random.default_rng(3).integers(0, 256, (SIDE // 4, SIDE // 3), dtype=np.uint8)
    large = cv2.resize(scene, (SIDE * 4 // 3, SIDE), interpolation=cv2.INTER_NEAREST)
    for step in range(9):
        cv2.imwrite(str(folder / f"{step}.png"), cv2.GaussianBlur(large, (0, 0), 0.3 + 0.7 * abs(step - 4)))
    turn = "".join(f"{step}.png,{step}\n" * 4 for step in (*range(9), *range(7, 0, -1)))
    rows = (turn * (frames // turn.count("\n") + 1)).splitlines(keepends=True)[:frames]
    (folder / "sweep.csv").write_text("file,position\n" + "".join(rows))


def watch(folder: Path, frames: int, minutes: float) -> list[Footprint]:
    """Run the daemon until it has played them all, or the time is over; what it held at each look."""
    settings = folder / "a.toml"
    settings.write_text('[led]\npin = "none"\n')
    source = folder / "frames"
    source.mkdir()
    make_source(source, frames)
    environment = os.environ | {"XDG_RUNTIME_DIR": str(folder), "OMP_NUM_THREADS": "1"}
    environment.pop("FOCUSCAM_SOCKET", None)
    command = ["--source", str(source), "--fps", "1000", "--region", "whole", "--config", str(settings)]
    process = subprocess.Popen([sys.executable, "-m", "focuscam", *command], env=environment)
    looks = [each for each in LOOKS if each < frames] + [frames]
    found: list[Footprint] = []
    last: Footprint | None = None
    ends = time.monotonic() + 60 * minutes
    try:
        while process.poll() is None and time.monotonic() < ends:
            time.sleep(0.3)
            try:
                link = join([folder / "focuscam.sock"])
                if link is not None:
                    with link:
                        number = link.ask("status").get("frame")
                    if number is not None:
                        last = footprint(process.pid, number + 1)
            except (FocuscamError, OSError):  # it is just ending
                continue
            if last is not None and looks and last.frames >= looks[0]:
                found.append(last)
                print(last, flush=True)
                looks = [each for each in looks if each > last.frames]
        if last is not None and (not found or last.frames > found[-1].frames):
            found.append(last)
            print(last, "at the end", flush=True)
    finally:
        process.terminate()
        process.wait(30)
    return found


def grown(found: list[Footprint]) -> list[str]:
    """What grew from the first look to the last."""
    first, last = found[0], found[-1]
    grew = []
    if last.memory_kb - first.memory_kb > GROWTH_KB:
        grew.append(f"memory, by {last.memory_kb - first.memory_kb:,} kB")
    if last.threads > first.threads:
        grew.append("threads")
    if last.files > first.files:
        grew.append("open files")
    return grew
