"""Who may use what: the groups of whoever asks, and of the user that the service runs as."""

from __future__ import annotations

import os
from collections.abc import Iterator

from focuscam.doctor.finding import Finding, asked
from focuscam.doctor.service import Unit

DEVICES = ("video", "gpio")
"""The groups that own the camera and the pins on Raspberry Pi OS."""
SOCKET = "focuscam"
"""The group that may talk to the service."""


def findings(unit: Unit, pi: bool, runs: bool) -> Iterator[Finding]:
    """pi: whether this is a Raspberry Pi. runs: whether a daemon runs, which has the devices in everybody's place."""
    yield _mine(unit, pi and not runs)
    if unit.installed:
        yield _services(unit)


def _groups(*user: str) -> set[str] | None:
    """Of a user as the system knows it, or, without one, of this very process; None where there is no such user."""
    known, said = asked("id", "-nG", *user)
    return set(said.split()) if known else None


def _mine(unit: Unit, devices: bool) -> Finding:
    if os.geteuid() == 0:
        return Finding("your groups", True, "root may use everything")
    _, user = asked("id", "-un")
    wanted = {SOCKET} if unit.installed else set()
    if devices:
        wanted |= set(DEVICES)
    have = _groups() or set()
    lacks = sorted(wanted - (_groups(user) or set()) - have)
    if lacks:
        cure = f"type `sudo usermod -aG {','.join(lacks)} {user}`, then log out and in again"
        return Finding("your groups", False, f"{user} is not in {', '.join(lacks)}: {cure}")
    late = sorted(wanted - have)
    if late:
        cure = f"log out and in again, or type `newgrp {late[0]}`"
        return Finding(
            "your groups", False, f"{user} is in {', '.join(late)}, but this login is older than that: {cure}"
        )
    if not wanted:
        return Finding("your groups", None, "none is needed here")
    return Finding("your groups", True, f"{user} is in {', '.join(sorted(wanted))}")


def _services(unit: Unit) -> Finding:
    groups = _groups(unit.user)
    if groups is None:
        cure = "`sudo systemd-sysusers`, then `sudo systemctl restart focuscam`"
        return Finding("its groups", False, f"there is no user {unit.user}, whom the service runs as: type {cure}")
    lacks = [group for group in DEVICES if group not in groups | unit.groups]
    if unit.user != "root" and lacks:
        cure = f"`sudo usermod -aG {','.join(lacks)} {unit.user}`, then `sudo systemctl restart focuscam`"
        return Finding(
            "its groups", False, f"{unit.user}, the service's user, is not in {', '.join(lacks)}: type {cure}"
        )
    return Finding("its groups", True, f"{unit.user}, the service's user, has {' and '.join(DEVICES)}")
