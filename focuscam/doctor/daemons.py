"""The socket: which daemons answer, may this user talk to them, and are they of our version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from focuscam import __version__
from focuscam.doctor.finding import Finding
from focuscam.doctor.service import Unit
from focuscam.errors import FocuscamError
from focuscam.ipc.client import join
from focuscam.ipc.paths import to_look_at

_PATIENCE_S = 2.0
"""A daemon that is well answers within milliseconds."""


@dataclass(frozen=True, slots=True)
class RunningDaemon:
    """A focuscam that answered, or did not, at its socket."""

    place: Path
    status: Mapping[str, Any] = field(default_factory=dict)
    """What it says of itself, as docs/reference/protocol.md has it."""
    hindrance: str | None = None
    """Why it could not be asked."""

    @property
    def pid(self) -> int | None:
        """Its process, where it told."""
        return self.status.get("pid")


def look(configured: Path | None) -> list[RunningDaemon]:
    """The daemons at all places where one may be. configured: `[socket] path` of the settings."""
    found = []
    for place in to_look_at(configured):
        try:
            link = join([place], _PATIENCE_S)
            if link is not None:
                with link:
                    found.append(RunningDaemon(place, link.ask("status")))
        except FocuscamError as error:
            found.append(RunningDaemon(place, hindrance=str(error)))
        except (ValueError, OSError) as error:
            found.append(RunningDaemon(place, hindrance=f"what listens there is no focuscam ({error})"))
    return found


def findings(daemons: list[RunningDaemon], unit: Unit, configured: Path | None) -> Iterator[Finding]:
    """What there is to say of the sockets."""
    for daemon in daemons:
        yield _finding(daemon, unit)
    if daemons:
        return
    places = " and ".join(map(str, to_look_at(configured)))
    if unit.facts.get("ActiveState") == "active":
        cure = "`sudo systemctl restart focuscam`, then ask again"
        yield Finding("socket", False, f"the service runs, but nobody answers at {places}: type {cure}")
    else:
        yield Finding("socket", None, f"no focuscam runs: nobody answers at {places}")


def _finding(daemon: RunningDaemon, unit: Unit) -> Finding:
    if daemon.hindrance is not None:
        hindrance = daemon.hindrance
        return Finding("socket", False, hindrance if str(daemon.place) in hindrance else f"{daemon.place}: {hindrance}")
    version, pid = daemon.status.get("focuscam"), daemon.pid
    if version != __version__:
        cure = "type `sudo systemctl restart focuscam`" if pid == unit.pid else "end it and start it again"
        return Finding(
            "socket", False, f"{daemon.place}: the running focuscam is {version}, this is {__version__}: {cure}"
        )
    source = daemon.status.get("source") or "no camera just now"
    return Finding("socket", True, f"{daemon.place}: focuscam {version} answers, process {pid}, looking at {source}")
