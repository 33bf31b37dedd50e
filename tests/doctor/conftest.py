"""A machine for the doctor: its /proc, /sys, /etc and /run in a folder, and its programs first on the PATH."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from focuscam.config import Settings
from focuscam.doctor import examine

RUNNING = {
    "LoadState": "loaded", "UnitFileState": "enabled", "ActiveState": "active", "SubState": "running",
    "StateChangeTimestamp": "Wed 2026-11-25 18:00:00 UTC", "StatusText": "on, score 0.93", "Result": "success",
    "ExecMainStatus": "0", "MainPID": "512", "NRestarts": "0", "NeedDaemonReload": "no", "User": "focuscam",
    "Group": "focuscam", "SupplementaryGroups": "video gpio",
}  # fmt: skip
"""What `systemctl show` says of a service in good health."""


class Machine:
    """One that is put together as a test wants it; without more it is a plain Linux machine without systemd."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = folder / "root"
        self.bin = folder / "bin"
        self.bin.mkdir()
        self._capsys = capsys
        self.settings = Settings()
        self.file("etc/os-release", 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n')
        self.program("systemctl", "echo 'Failed to connect to bus' >&2; exit 1")
        self.program("vcgencmd", "echo 'VCHI initialization failed'; exit 255")

    def file(self, path: str, text: str = "") -> Path:
        made = self.root / path
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text(text)
        return made

    def program(self, name: str, script: str) -> None:
        made = self.bin / name
        made.write_text(f"#!/bin/sh\n{script}\n")
        made.chmod(0o755)

    def is_a_pi(self, throttled: str = "0x0") -> None:
        self.file("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0")
        self.file("sys/class/thermal/thermal_zone0/temp", "48312\n")
        self.program("vcgencmd", f'[ "$1" = get_throttled ] && echo throttled={throttled}')

    def has_the_service(self, **different: Any) -> None:
        (self.root / "run/systemd/system").mkdir(parents=True, exist_ok=True)
        facts = "\n".join(f"{name}={value}" for name, value in (RUNNING | different).items())
        said = self.root.parent / "unit"
        said.write_text(facts + "\n")
        self.program("systemctl", f'[ "$1 $2" = "show focuscam.service" ] && cat {said}')

    def has_users(self, **groups: str) -> None:
        """Users and their groups as the system knows them; `session`: those of this login, for the user ada."""
        cases = "".join(f'"-nG {user}") echo {names} ;;' for user, names in groups.items())
        session = groups.get("session", groups.get("ada", ""))
        unknown = "echo 'no such user' >&2; exit 1"
        self.program("id", f'case "$*" in "-un") echo ada ;; "-nG") echo {session} ;; {cases} *) {unknown} ;; esac')

    def examined(self) -> Examined:
        fine = examine(lambda: self.settings, self.root)
        return Examined(fine, self._capsys.readouterr().out)


class Examined:
    """What the doctor said."""

    def __init__(self, fine: bool, text: str) -> None:
        self.fine = fine
        self.text = text
        self.settings = " ".join(text.partition("Settings in force:")[2].split())
        """Without its columns."""

    def __getitem__(self, what: str) -> str:
        """The line about this, its mark first."""
        lines = [line.strip() for line in self.text.splitlines() if line[8:].startswith(f"{what}  ")]
        assert len(lines) == 1, f"{what} has {len(lines)} lines in\n{self.text}"
        return lines[0]

    def __contains__(self, what: str) -> bool:
        return any(line[8:].startswith(f"{what}  ") for line in self.text.splitlines())


@pytest.fixture
def machine(tmp_path, monkeypatch, capsys, pins) -> Machine:
    made = Machine(tmp_path, capsys)
    monkeypatch.setenv("PATH", f"{made.bin}{os.pathsep}{os.environ['PATH']}")
    for name in ("FOCUSCAM_SOCKET", "XDG_RUNTIME_DIR", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    # Real pins are tried where lgpio is; here they are mock ones.
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    return made


@pytest.fixture
def as_ada(monkeypatch):
    """An ordinary user asks."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
