"""The service, as systemd tells of it: installed, starting with the machine, running, and if not, why."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from focuscam.doctor.finding import Finding, asked

NAME = "focuscam.service"
_PROPERTIES = (
    "LoadState", "UnitFileState", "ActiveState", "SubState", "StateChangeTimestamp", "StatusText", "Result",
    "ExecMainStatus", "MainPID", "NRestarts", "NeedDaemonReload", "User", "Group", "SupplementaryGroups",
    "ExecStart",
)  # fmt: skip

_MORE = "`sudo journalctl -u focuscam -n 20` says more"
_RESTART = "`sudo systemctl restart focuscam`"

_STATUS = {
    "1": "it failed while running",
    "2": "its command line is wrong",
    "69": "there is no camera, or it is busy or forbidden",
    "78": "its settings, its model or its pins are wrong",
    # systemd's own, from systemd.exec(5)
    "203": "its program is not there; install it again: `sudo deploy/install.sh`",
    "216": "its group is not there: `sudo systemd-sysusers` makes it",
    "217": "its user is not there: `sudo systemd-sysusers` makes it",
}
_RESULT = {
    "watchdog": "no frame was scored for too long, and systemd ended it",
    "timeout": "it was not ready in time, or did not end in time",
    "signal": "it was killed",
    "core-dump": "it crashed",
    "oom-kill": "memory ran out, and it was killed for that",
    "resources": "systemd could not give it what it needs",
    "start-limit-hit": "it was started too often",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit as `systemctl show` has it."""

    facts: Mapping[str, str] = field(default_factory=dict)
    hindrance: str | None = None
    """Why nothing is known; None where systemd could be asked."""

    @property
    def installed(self) -> bool:
        """Whether there is such a unit."""
        return self.facts.get("LoadState", "not-found") != "not-found"

    @property
    def pid(self) -> int | None:
        """Its main process, while it runs."""
        return int(self.facts.get("MainPID") or 0) or None

    @property
    def runs(self) -> bool:
        """Whether it runs, or systemd may start it at any moment: a pin that we held then would end it for good."""
        return self.facts.get("ActiveState", "inactive") not in ("inactive", "failed")

    @property
    def user(self) -> str:
        """Who it runs as."""
        return self.facts.get("User") or "focuscam"

    @property
    def groups(self) -> set[str]:
        """The groups that the unit gives it, beyond those of its user."""
        return {self.facts.get("Group", ""), *self.facts.get("SupplementaryGroups", "").split()} - {""}


def look(root: Path) -> Unit:
    """Ask systemd, where it runs. Needs no root."""
    if not (root / "run/systemd/system").is_dir():
        return Unit(hindrance="systemd does not run here")
    done, said = asked("systemctl", "show", NAME, "--no-pager", f"--property={','.join(_PROPERTIES)}")
    if not done:
        return Unit(hindrance=f"systemd can't be asked ({said}); `sudo focuscam doctor` may")
    pairs = (line.partition("=") for line in said.splitlines())
    return Unit({name: value for name, _, value in pairs})


def findings(unit: Unit, by_hand: int | None) -> Iterator[Finding]:
    """What there is to say of it. by_hand: the process of a daemon that runs without it."""
    if unit.hindrance is not None:
        yield Finding("service", None, unit.hindrance)
        return
    if not unit.installed:
        install = "`sudo deploy/install.sh`, in the folder of focuscam's source, makes it start with the machine"
        yield Finding("service", None, f"not installed: {install}")
        return
    yield _running(unit, by_hand)
    yield from _at_boot(unit)
    if unit.facts.get("NeedDaemonReload") == "yes":
        cure = f"`sudo systemctl daemon-reload`, then {_RESTART}"
        yield Finding("unit", False, f"its file was changed after systemd had read it: type {cure}")
    # Another environment than the service's may lack it.
    if f"path={sys.prefix}/" in unit.facts.get("ExecStart", "") and importlib.util.find_spec("systemd") is None:
        yield Finding("systemd-python", False, "missing: type `sudo apt install python3-systemd`")


def _running(unit: Unit, by_hand: int | None) -> Finding:
    facts = unit.facts
    match facts.get("LoadState"):
        case "masked":
            cure = "`sudo systemctl unmask focuscam`, then `sudo systemctl enable --now focuscam`"
            return Finding("service", False, f"masked: type {cure}")
        case "loaded":
            pass
        case state:
            cure = "`systemd-analyze verify focuscam.service` says where; `sudo deploy/install.sh` writes it anew"
            return Finding("service", False, f"systemd can't read its file ({state}): {cure}")
    restarts = int(facts.get("NRestarts") or 0)
    times = f"{restarts} time{'s' if restarts > 1 else ''}"
    match facts.get("ActiveState"), facts.get("SubState"):
        case (("active" | "reloading"), _):
            found = f"active since {facts.get('StateChangeTimestamp')}, process {unit.pid}"
            if facts.get("StatusText"):
                found += f": {facts['StatusText']}"
            if restarts:
                found += f"; systemd had to start it again {times}, {_MORE}"
            return Finding("service", True, found)
        case "activating", "auto-restart":
            cure = f"systemd tries again every few seconds ({times} so far); {_MORE}"
            return Finding("service", False, f"{_why(facts)}; {cure}")
        case ("activating" | "deactivating") as state, _:
            found = "is starting and has no frame yet" if state == "activating" else "is ending"
            if restarts:
                return Finding("service", False, f"{found}, after {times} of starting again; {_MORE}")
            return Finding("service", None, f"{found}: ask again in a moment")
        case "failed", _:
            cure = f"put that right, then type {_RESTART}; {_MORE}"
            return Finding("service", False, f"{_why(facts)}; {cure}")
    if by_hand is not None:
        return Finding("service", None, f"stopped; focuscam runs by hand, process {by_hand}")
    return Finding("service", False, "stopped: type `sudo systemctl start focuscam`")


def _why(facts: Mapping[str, str]) -> str:
    result, status = facts.get("Result", ""), facts.get("ExecMainStatus", "")
    why = _RESULT.get(result) or _STATUS.get(status) or f"it ended with status {status}"
    # The last words of the program itself say it best.
    return f"failed: {why}" + (f" ({facts['StatusText'].rstrip('.')})" if facts.get("StatusText") else "")


def _at_boot(unit: Unit) -> Iterator[Finding]:
    match unit.facts.get("UnitFileState"):
        case "enabled" | "enabled-runtime" | "alias" | "linked":
            yield Finding("at boot", True, "the service starts with the machine")
        case "disabled":
            yield Finding("at boot", False, "the service does not start: type `sudo systemctl enable focuscam`")
