"""`focuscam doctor`: what works on this machine, the settings in force, and what to type for the rest.

It only looks: what a running daemon holds is left alone, nothing needs root, and no check can end the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from focuscam.config import Settings
from focuscam.doctor import board
from focuscam.doctor.board import on_a_pi
from focuscam.doctor.finding import Finding
from focuscam.errors import FocuscamError
from focuscam.system.saying import say

if TYPE_CHECKING:
    from focuscam.doctor.daemons import RunningDaemon
    from focuscam.doctor.service import Unit

__all__ = ["examine", "on_a_pi"]

_MARKS = {True: "ok", False: "FAILED", None: "-"}


def examine(read: Callable[[], Settings], root: Path = Path("/")) -> bool:
    """Print what works and every setting in force; returns whether all that is needed works.

    read: gives the settings; raises FocuscamError. root: where /proc, /sys, /dev, /run, /etc and /var are found.
    """
    from focuscam.doctor import daemons as reach  # the daemon asks this room for on_a_pi only
    from focuscam.doctor import in_force, service  # the daemon asks this room for on_a_pi only

    unit = service.look(root)
    settings, said = _settings(read, unit, root)
    shown = settings or Settings()
    answered = reach.look(shown.socket.path)
    fine = True
    for finding in chain(said, _findings(shown, unit, answered, root)):
        say(f"{_MARKS[finding.works]:>6}  {finding.what:13}  {finding.detail}")
        fine = fine and finding.works is not False
    if settings is not None:
        in_force.show(in_force.with_live(settings, answered))
    return fine


def _settings(read: Callable[[], Settings], unit: Unit, root: Path) -> tuple[Settings | None, list[Finding]]:
    """The settings, where they can be read, and what there is to say of that."""
    from focuscam.doctor import in_force

    try:
        settings, kept = in_force.with_kept(read(), unit, root)
    except FocuscamError as error:
        return None, [Finding("configuration", False, str(error))]
    except OSError as error:
        return None, [Finding("configuration", False, f"can't be looked at ({error}): type `sudo focuscam doctor`")]
    return settings, [Finding("configuration", True, "readable"), *([kept] if kept else [])]


def _findings(settings: Settings, unit: Unit, answered: list[RunningDaemon], root: Path) -> Iterator[Finding]:
    from focuscam.doctor import daemons as reach
    from focuscam.doctor import devices, memory, service, software
    from focuscam.doctor import groups as people

    pi = on_a_pi(root)
    daemons = [each for each in answered if each.hindrance is None]
    by_hand = next((each.pid for each in daemons if each.pid != unit.pid), None)
    # One that does not answer, or not us, has its pins all the same.
    runs = bool(answered) or unit.runs
    checks: dict[str, Callable[[], Iterable[Finding]]] = {
        "board": lambda: board.findings(root),
        "software": lambda: software.findings(settings),
        "service": lambda: service.findings(unit, by_hand),
        "socket": lambda: reach.findings(answered, unit, settings.socket.path),
        "groups": lambda: people.findings(unit, pi, runs),
        **({"pictures": lambda: memory.findings(root, runs)} if pi else {}),
        "camera": lambda: [devices.camera(settings, unit, daemons, pi, root)],
        "pins": lambda: devices.pins(settings, unit, daemons, pi, runs),
        "lens": lambda: [devices.lens(settings, pi, runs)],
    }
    for what, check in checks.items():
        try:
            yield from check()
        except Exception as error:  # what nobody foresaw on a strange machine must not hide the rest
            yield Finding(what, False, f"could not be looked at ({error!r}): please report this line")
