"""Camera and pins: had by the daemon where one runs, and then left alone; else tried."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Collection, Iterator
from dataclasses import fields, replace
from pathlib import Path

from focuscam.cameras.holders import camera_devices, lockers, named
from focuscam.config import Settings
from focuscam.doctor.daemons import RunningDaemon
from focuscam.doctor.finding import Finding
from focuscam.doctor.service import Unit
from focuscam.errors import ConfigurationError, FocuscamError


def camera(settings: Settings, unit: Unit, daemons: Collection[RunningDaemon], pi: bool, root: Path) -> Finding:
    """Whether there is one, and who holds it."""
    proc = root / "proc"
    sources = {daemon.pid: daemon.status.get("source") for daemon in daemons}
    ours = {pid for pid in (unit.pid, *sources) if pid is not None}
    holders = lockers(camera_devices(root / "dev"), proc)
    holder = next(iter(holders & ours), None)
    if holder is None and any(daemon.status.get("released") for daemon in daemons):
        by = f"{' and '.join(named(holders, proc))} has it" if holders else "nobody has it"
        return Finding("camera", True, f"released, and {by}: `focuscam resume` takes it back")
    if holder is None and not holders:
        # Not every camera is locked by those who use it, but what the service was started for is known.
        holder = unit.pid
    if holder is not None:
        who = "the service" if holder == unit.pid else "the running focuscam"
        source = sources.get(holder)
        return Finding(
            "camera", True, f"{who} has it (process {holder}), as it should" + (f": {source}" if source else "")
        )
    if holders:
        pids = " ".join(str(pid) for pid in sorted(holders))
        cure = f"wait for its end, or type `kill {pids}`"
        return Finding("camera", False, f"held by {' and '.join(named(holders, proc))}: {cure}")
    from focuscam.cameras import acquired

    try:
        acquired.check(settings.camera.index)
    except FocuscamError as error:
        return Finding("camera", False if pi else None, str(error))
    return Finding("camera", True, "a Raspberry Pi camera is there, and nobody holds it")


def pins(settings: Settings, unit: Unit, daemons: Collection[RunningDaemon], pi: bool, runs: bool) -> Iterator[Finding]:
    """The light, the sound and the buttons, each with its pin. runs: whether any focuscam runs, known or not."""
    required = pi if settings.led.required == "auto" else settings.led.required
    numbers = {
        "led": settings.led.pin,
        "buzzer": settings.buzzer.pin,
        **{f"button {key.name}": getattr(settings.buttons, key.name) for key in fields(settings.buttons)},
    }
    for name, pin in numbers.items():
        if pin is None:
            if not name.startswith("button"):
                yield Finding(name, None, 'pin = "none"')
        elif runs:
            yield _held(name, pin, unit, daemons, required)
        else:
            yield _tried(name, pin, settings, required, pi)


def lens(settings: Settings, pi: bool, runs: bool) -> Finding:
    """The motor of the ring, where the settings name one. runs: as of `pins`."""
    from focuscam.cli.stages import motor

    wanted = settings.lens
    if wanted.driver in ("camera", "none"):
        return Finding("lens", None, f'driver = "{wanted.driver}": no motor')
    if runs:
        return Finding("lens", True, f"{wanted.driver}, left to the focuscam that runs")
    try:
        with motor(wanted) as made:
            return Finding("lens", True, made.description if made else "")
    except FocuscamError as error:
        return Finding("lens", False if pi else None, str(error))


def _held(name: str, pin: int, unit: Unit, daemons: Collection[RunningDaemon], required: bool) -> Finding:
    """Of a daemon that runs. It says itself which of its indicators it has; of buttons it does not tell."""
    daemon = next((each for each in daemons if each.pid == unit.pid), None) or next(iter(daemons), None)
    pid = (daemon.pid if daemon else None) or unit.pid
    who = f"the running focuscam (process {pid})" if pid else "the focuscam that runs or is about to"
    has = daemon.status.get("indicators") if daemon else None
    if has is None or name.startswith("button"):
        return Finding(name, True, f"GPIO {pin}, left to {who}, whose it is")
    if name in has:
        return Finding(name, True, f"GPIO {pin}, {who} has it")
    cure = "`sudo journalctl -u focuscam -b` says why" if pid == unit.pid else "its first lines say why"
    return Finding(
        name, False if required else None, f"GPIO {pin}, {who} could not have it and goes on without: {cure}"
    )


def _tried(name: str, pin: int, settings: Settings, required: bool, pi: bool) -> Finding:
    fails = False if required else None
    spared = "" if required else " focuscam goes on without it."
    if pi and importlib.util.find_spec("lgpio") is None and not os.environ.get("GPIOZERO_PIN_FACTORY"):
        # gpiozero would fall back to another way, which the service is told not to take.
        return Finding(name, fails, f"GPIO {pin}: lgpio is missing: type `sudo apt install python3-lgpio`.{spared}")
    try:
        _try(name, pin, settings)
    except ConfigurationError as error:
        return Finding(name, fails, f"{error}{spared}")
    return Finding(name, True, f"GPIO {pin} can be used")


def _try(name: str, pin: int, settings: Settings) -> None:
    """Open it and close it again. Raises ConfigurationError where it can't be had."""
    from focuscam.indicators import opening as fitting
    from focuscam.indicators.buttons import Buttons

    if name.startswith("button"):
        Buttons({name.removeprefix("button "): pin}, lambda _: None).close()
        return
    led, buzzer = settings.led, settings.buzzer
    alone = (led, replace(buzzer, pin=None)) if name == "led" else (replace(led, pin=None), buzzer)
    indicators, error = fitting.indicators(*alone)
    indicators.close()
    if error is not None:
        raise error
