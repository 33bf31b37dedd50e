"""The machine: which system and board, and whether a Raspberry Pi has power and a cool head."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from pathlib import Path

from focuscam.doctor.finding import Finding, asked

_ROOT = Path("/")
_FIRMWARE = "sys/devices/platform/soc/soc:firmware/get_throttled"
_TEMPERATURE = "sys/class/thermal/thermal_zone0/temp"

THROTTLED = {
    0: "under-voltage",
    1: "the processor's frequency is capped",
    2: "throttled",
    3: "the soft temperature limit is reached",
}
"""Bits of `vcgencmd get_throttled`, as Raspberry Pi's documentation of vcgencmd has them; each has a second one,
16 higher, which says that it happened since the start."""
_SINCE_THE_START = 16

HOT = 80.0
"""Degrees C at which a Raspberry Pi begins to slow its processor down (its documentation, on frequency management)."""

_LEAST_MEMORY_MB = 64
_LEAST_DISK_MB = 50


def on_a_pi(root: Path = _ROOT) -> bool:
    """Whether this is a Raspberry Pi, as its device tree says."""
    return "Raspberry Pi" in _board(root)


def findings(root: Path) -> Iterator[Finding]:
    """System and board; what the Pi tells of its power and temperature; memory and disk where they run out."""
    yield Finding("system", True, f"{_system(root)}, Linux {platform.release()}, {platform.machine()}")
    board = _board(root)
    if not on_a_pi(root):
        yield Finding("board", None, board or "not a Raspberry Pi")
    else:
        yield Finding("board", True, board)
        yield _power(root)
        yield from _temperature(root)
    yield from _room(root)


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip("\0 \n")
    except OSError:
        return ""


def _board(root: Path) -> str:
    return _read(root / "proc/device-tree/model")


def _system(root: Path) -> str:
    for line in _read(root / "etc/os-release").splitlines():
        name, _, value = line.partition("=")
        if name == "PRETTY_NAME":
            return value.strip("\"'")
    return "an unknown system"


def _power(root: Path) -> Finding:
    told, said = asked("vcgencmd", "get_throttled")  # throttled=0x50005
    text = said.partition("=")[2] if told else _read(root / _FIRMWARE)  # there without the 0x
    try:
        bits = int(text, 16)
    except ValueError:
        return Finding("power", None, f"the Pi does not tell ({said}); `sudo vcgencmd get_throttled` may")
    now = [words for bit, words in THROTTLED.items() if bits >> bit & 1]
    before = [words for bit, words in THROTTLED.items() if bits >> bit + _SINCE_THE_START & 1 and words not in now]
    if not now and not before:
        return Finding("power", True, "enough since the start, and never throttled")
    found = "; ".join(
        f"{when}: {', '.join(words)}" for when, words in (("now", now), ("since the start", before)) if words
    )
    if THROTTLED[0] in now + before:
        cure = "use the power supply made for this Pi and a short cable"
    else:
        cure = "give it a heat sink, a fan or a cooler place"
    # Heat that is over does no harm; a supply that failed once fails again.
    works = not now and THROTTLED[0] not in before
    cure = "" if works else f"; {cure}, restart it, then type `vcgencmd get_throttled`: it should say 0x0"
    return Finding("power", works, f"{found} ({bits:#x}){cure}")


def _temperature(root: Path) -> Iterator[Finding]:
    text = _read(root / _TEMPERATURE)
    if not text.isdigit():
        return
    degrees = int(text) / 1000
    found = f"{degrees:.0f} degrees C"
    if degrees >= HOT:
        found += f": from {HOT:.0f} on it slows down; give it a heat sink, a fan or a cooler place, and look again"
    yield Finding("temperature", degrees < HOT, found)


def _room(root: Path) -> Iterator[Finding]:
    for line in _read(root / "proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            free = int(line.split()[1]) // 1024
            if free < _LEAST_MEMORY_MB:
                yield Finding("memory", False, f"{free} MB are left: `top -o %MEM` shows who has the rest; end that")
    try:
        disk = os.statvfs(root)
    except OSError:
        return
    free = disk.f_bavail * disk.f_frsize // 2**20
    # A file system that is only read (an overlay, a squashfs) is full by its nature.
    if free < _LEAST_DISK_MB and not disk.f_flag & os.ST_RDONLY:
        yield Finding(
            "disk", False, f"{free} MB are left on {root}: `sudo apt clean` and `sudo journalctl --vacuum-size=50M`"
        )
