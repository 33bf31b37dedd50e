"""Whom a device file is for, and why it can't be opened by somebody to whom its owner, group and mode would give it."""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path

LATE = (
    "systemd was told of it before its driver was loaded, and so keeps it from the service: "
    "type `sudo systemctl restart focuscam`"
)
"""`DeviceAllow=char-NAME` is looked up in /proc/devices when a unit starts, and only then."""


def is_kept_from_us(file: Path) -> bool:
    """Whether the kernel refuses a file that the file system would give us, as systemd's `DeviceAllow=` does."""
    if os.access(file, os.R_OK | os.W_OK):
        return False
    stat = file.stat()
    ours = stat.st_gid in {os.getegid(), *os.getgroups()}
    wanted = 0o600 if stat.st_uid == os.geteuid() else 0o060 if ours else 0o006
    return stat.st_mode & wanted == wanted


def group_of(file: Path) -> str:
    """The name of the group that a file is for, or its number where it has no name."""
    gid = file.stat().st_gid
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def user() -> str:
    """Who we are: not who the environment says, which sudo leaves as it was."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"
