"""Who stands between us and the camera: a program that holds it, or a group that we are not in."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from focuscam.cameras.heaps import HEAPS, OTHER_HEAPS
from focuscam.system.devices import LATE, group_of, is_kept_from_us, user

DEVICES = ("media*", "video*", *(f"dma_heap/{name}" for name in (*HEAPS, *OTHER_HEAPS)))
"""What libcamera and picamera2 open below /dev: the graph of the camera, its streams, and memory for frames."""

_GIVE_TO_VIDEO = 'SUBSYSTEM=="dma_heap", GROUP="video", MODE="0660"'
"""The udev rule of Raspberry Pi OS, which other systems lack."""


def camera_devices(dev: Path = Path("/dev")) -> list[Path]:
    """The device files that a Raspberry Pi camera is made of; none on a machine without one."""
    return sorted(path for pattern in DEVICES for path in dev.glob(pattern))


def holders(devices: Iterable[Path], proc: Path = Path("/proc")) -> list[str]:
    """The programs that hold the devices, as "rpicam-still (pid 123)"; empty where it cannot be known.

    libcamera locks the media device of a camera in use. The kernel lists locks for everybody, so this
    works without being root; where there is no lock, those that have a device open are named, as far
    as they may be seen.
    """
    devices = list(devices)
    pids = lockers(devices, proc) or _openers(devices, proc)
    return named(pids - {os.getpid()}, proc)


def named(pids: Iterable[int], proc: Path = Path("/proc")) -> list[str]:
    """Processes for people, as "rpicam-still (pid 123)"."""
    return [f"{_name(pid, proc)} (pid {pid})" for pid in sorted(pids)]


def lockers(devices: Iterable[Path], proc: Path = Path("/proc")) -> set[int]:
    """The processes that have locked one of the devices: they hold the camera, whoever else has it open.

    From /proc/locks, whose lines read `1: POSIX ADVISORY WRITE 123 00:05:456 0 EOF` (proc_locks(5)).
    """
    files = set()
    for device in devices:
        try:
            stat = device.stat()
        except OSError:
            continue
        files.add(f"{os.major(stat.st_dev):02x}:{os.minor(stat.st_dev):02x}:{stat.st_ino}")
    try:
        lines = [line.split() for line in (proc / "locks").read_text().splitlines()]
    except OSError:
        return set()
    # A process that waits for a lock is listed with an arrow as its second word: it holds nothing.
    return {int(words[4]) for words in lines if len(words) >= 8 and words[1] != "->" and words[5] in files}


def _openers(devices: Iterable[Path], proc: Path) -> set[int]:
    wanted = {str(device) for device in devices if device.name.startswith(("media", "video"))}
    pids = set()
    for folder in proc.glob("[0-9]*/fd"):
        try:
            links = [str(link.readlink()) for link in folder.iterdir()]
        except OSError:  # another user's, or gone meanwhile
            continue
        if wanted.intersection(links):
            pids.add(int(folder.parent.name))
    return pids


def _name(pid: int, proc: Path) -> str:
    try:
        return (proc / str(pid) / "comm").read_text().strip()
    except OSError:
        return "a program of another user"


def forbidden(devices: Iterable[Path]) -> str | None:
    """What to do where this user may not use one of the devices; None when all of them may be used."""
    for device in devices:
        if device.is_dir() or os.access(device, os.R_OK | os.W_OK):
            continue
        if is_kept_from_us(device):
            return f"{device} is shut: {LATE}"
        group = group_of(device)
        me = user()
        if group == "root":
            rule = Path("/etc/udev/rules.d/60-dma-heap.rules")
            return f"only root may use {device}: write `{_GIVE_TO_VIDEO}` to {rule}, then reboot"
        return (
            f"{device} is for the group {group}, and {me} is not in it: "
            f"type `sudo usermod -aG {group} {me}`, then log in again"
        )
    return None
