"""The contiguous memory for pictures, of which a small Pi has little: how much, under which name, what is given up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from focuscam.cameras.contiguous import FINEST_MB, FRAMES_MB, MORE, total_and_free
from focuscam.cameras.heaps import strange_heap
from focuscam.doctor.finding import Finding

_WHAT = "pictures"


def findings(root: Path, runs: bool) -> Iterator[Finding]:
    """Of a Pi. runs: whether a focuscam runs, which then has its share: what is free says nothing then."""
    sizes = total_and_free(root / "proc")
    if sizes is None:
        yield Finding(_WHAT, None, "the kernel does not tell how much contiguous memory there is for pictures")
        return
    total, free = sizes
    found = f"{total:.0f} MB of contiguous memory"
    if not runs:
        found += f", {free:.0f} of them free"
    if heap := strange_heap(root / "dev"):
        # A finding of its own would look like a fault; who looks for the reason of one has to know all the same.
        found += f", as {heap.name}: focuscam finds it there, but other programs with picamera2 may not"
        if heap.name == "reserved":
            found += ", until `cma=` is taken out of /boot/firmware/cmdline.txt"
    given_up = _given_up(total if runs else free)
    if given_up:
        found += f": too little for {given_up}; {MORE}"
    yield Finding(_WHAT, not given_up or None, found)


def _given_up(have: float) -> str:
    """What so many MB are too few for; "" where they are enough."""
    if have < FRAMES_MB:
        return "frames of full size, and the light bears more blur in smaller ones (half the size, twice the blur)"
    if have < FINEST_MB:
        return "the sensor's finest mode: magnifying and stills show no more than the frames do"
    return ""
