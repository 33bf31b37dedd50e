"""`focuscam doctor`: what works on this machine, the settings in force, and what to do about the rest."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from focuscam import __version__
from focuscam.config import Settings
from focuscam.errors import FocuscamError

_BOARD = Path("/proc/device-tree/model")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    works: bool | None
    """None: not here, and not needed."""
    detail: str
    """What was found; where it does not work, what to do."""


def examine(read: Callable[[], Settings]) -> bool:
    """Print what works and every setting in force; returns whether all that is needed works."""
    fine = True
    settings: Settings | None = None
    try:
        settings = read()
        configuration = Finding("configuration", True, "readable")
    except FocuscamError as error:
        configuration = Finding("configuration", False, str(error))
    for finding in (configuration, *_findings(settings or Settings())):
        mark = {True: "ok", False: "FAILED", None: "-"}[finding.works]
        print(f"{mark:>6}  {finding.what:13}  {finding.detail}", flush=True)
        fine = fine and finding.works is not False
    if settings is not None:
        print("\nSettings in force:")
        for name, value, origin in settings.each():
            shown = "not set" if value is None else value
            print(f"        {name:18} {shown!s:12} ({origin})")
    return fine


def on_a_pi() -> bool:
    """Whether this is a Raspberry Pi, as its device tree says."""
    return "Raspberry Pi" in _board()


def _board() -> str:
    try:
        return _BOARD.read_text(errors="replace").strip("\0 ")
    except OSError:
        return ""


def _findings(settings: Settings) -> Iterator[Finding]:
    yield Finding("focuscam", True, f"{__version__}, Python {platform.python_version()} ({sys.prefix})")
    board = _board()
    yield Finding("board", True if on_a_pi() else None, board or f"not a Raspberry Pi ({platform.machine()})")
    for package in ("numpy", "opencv-python-headless", "gpiozero", "pillow"):
        yield Finding(package, True, importlib.metadata.version(package))
    yield _model(settings)
    yield _camera(settings)
    yield from _pins(settings)
    yield _lens(settings)
    yield _systemd()


def _model(settings: Settings) -> Finding:
    from focuscam.focus import runtime
    from focuscam.focus.model import FocusModel

    try:
        model = FocusModel(settings.focus.model)
    except FocuscamError as error:
        return Finding("model", False, str(error))
    return Finding("model", True, f"{model.path}, threshold {model.threshold:g}, on {runtime.installed()[0]}")


def _camera(settings: Settings) -> Finding:
    from focuscam.cameras import picamera

    try:
        picamera.check(settings.camera.index)
    except FocuscamError as error:
        return Finding("camera", False if on_a_pi() else None, str(error))
    return Finding("camera", True, "a Raspberry Pi camera is there")


def _pins(settings: Settings) -> Iterator[Finding]:
    from focuscam.indicators import fitting

    led, buzzer = settings.led, settings.buzzer
    for name, part, alone in (
        ("led", led, (led, replace(buzzer, pin=None))),
        ("buzzer", buzzer, (replace(led, pin=None), buzzer)),
    ):
        if part.pin is None:
            yield Finding(name, None, 'pin = "none"')
            continue
        indicators, error = fitting.indicators(*alone)
        indicators.close()
        if error is not None:
            required = settings.led.required
            yield Finding(name, False if required is True or on_a_pi() else None, str(error))
        else:
            yield Finding(name, True, f"GPIO {part.pin}")


def _lens(settings: Settings) -> Finding:
    from focuscam.autofocus import motor

    if settings.lens.driver in ("camera", "none"):
        return Finding("lens", None, f'driver = "{settings.lens.driver}"')
    try:
        with motor(settings.lens) as made:
            return Finding("lens", True, made.description if made else "")
    except FocuscamError as error:
        return Finding("lens", False if on_a_pi() else None, str(error))


def _systemd() -> Finding:
    if not Path("/run/systemd/system").is_dir():
        return Finding("systemd", None, "not running here")
    if importlib.util.find_spec("systemd") is None:
        return Finding(
            "systemd",
            False,
            "python3-systemd is missing: apt install python3-systemd, or pip install 'focuscam[systemd]'",
        )
    return Finding("systemd", True, "systemd-python is there")
