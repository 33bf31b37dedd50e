"""From the settings to the stages that the daemon joins."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from focuscam import lights_out
from focuscam.cameras import Camera
from focuscam.capture import Capture, Store, Trap
from focuscam.commands import Command
from focuscam.config import LensSettings, Settings
from focuscam.daemon.service import Service
from focuscam.doctor import on_a_pi
from focuscam.errors import ConfigurationError, FocuscamError, NotYetError, UsageError
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.indicators import Indicators
from focuscam.indicators import opening as fitting
from focuscam.indicators.buttons import Buttons
from focuscam.ipc.listener import listening
from focuscam.ipc.paths import to_make
from focuscam.ipc.protocol import Rules
from focuscam.ipc.server import Server
from focuscam.lens import Lens
from focuscam.lens import drivers as coils
from focuscam.messages import Frame
from focuscam.system.signals import at_the_very_end, rest_while_suspended

if TYPE_CHECKING:  # only the command line imports it
    from focuscam.daemon.loop import Loop

log = logging.getLogger(__name__)

DEFAULT_FPS = 30.0

PINS_TRY_S = 1.0
"""From one try to have pins that may still come to the next, s."""

PINS_PATIENCE_S = 60.0
"""What systemd is asked for with each, s: enough to open the camera afterwards."""

T = TypeVar("T")


def listening_socket(settings: Settings) -> AbstractContextManager[socket.socket | None]:
    """The socket of a daemon; None where there is no place for one. Raises FocuscamError where another has it."""
    place = to_make(settings.socket.path)
    if place is None:
        log.debug("No place for a socket: neither RUNTIME_DIRECTORY nor XDG_RUNTIME_DIR is set.")
        return nullcontext()
    return listening(*place)


def server(listener: socket.socket | None, loop: Loop, settings: Settings) -> Server:
    """Who serves those that look."""
    return Server(
        listener,
        commands=loop.commands,
        rules=lambda: Rules(settings.socket.commands, loop.can),
        facts=lambda: loop.facts,
        open_maps=lambda: scorer(settings).map,
        header=lambda: loop.recording_header,
    )


def scorer(settings: Settings) -> Scorer:
    """The network and where it looks. Raises ConfigurationError where the model is damaged."""
    return Scorer(FocusModel(settings.focus.model), settings.focus.region)


def camera(source: str, fps: float | None, settings: Settings) -> Camera:
    """The source of frames, not yet opened. Raises UsageError, ConfigurationError.

    Each kind is imported where it is wanted: photos and the simulated lens take memory that a Pi has better uses for.
    """
    if source not in ("auto", "picamera", "sim"):
        from focuscam.cameras.recorded import Recorded

        return Recorded(Path(source), DEFAULT_FPS if fps is None else fps)
    if fps is not None:
        raise UsageError("--fps is for files; for the Pi camera set [camera] fps in the settings.")
    if source == "sim":
        from focuscam.simulation.camera import Simulated

        return Simulated()
    from focuscam.cameras.picamera import PiCamera

    wanted = settings.camera
    return PiCamera(
        index=wanted.index,
        rotation=wanted.rotation,
        hflip=wanted.hflip,
        vflip=wanted.vflip,
        exposure=wanted.exposure,
        gain=wanted.gain,
        fps=wanted.fps,
    )


def capture(settings: Settings, alone: bool, tell: Callable[[str], object]) -> Capture:
    """What takes stills: by itself as the settings say where it is the daemon (alone), else when it is asked.

    tell: says what came of each, in a sentence, from any thread.
    """
    wanted = settings.capture
    trap = Trap(wanted.trap, wanted.interval_s) if alone and wanted.trap != "off" else None
    state = os.environ.get("STATE_DIRECTORY")
    folder = wanted.folder or (Path(state) / "stills" if state else Path())
    store = Store(folder, wanted.most, wanted.most_mb * 1_000_000, ours=wanted.folder is None)
    return Capture(store, trap, wanted.raw, tell)


def rehearse(scorer: Scorer) -> None:
    """Score a made-up frame, so that everything that is allocated for the first time is there before the pins are.

    Where memory is short that can fail, or never return: then nothing is lit yet. Raises FocuscamError.
    """
    try:
        # Squares of 8 px, at the two scales of the Pi's camera.
        fine, coarse = (
            np.kron(64 + 128 * (np.indices(size).sum(0) % 2), np.ones((8, 8))).astype(np.uint8)
            for size in ((190, 254), (60, 80))
        )
        scorer.score(Frame(0, 0.0, fine, coarse, taken=0.0))
    except MemoryError:
        raise FocuscamError("There is too little memory to score a frame: end other programs.") from None


def pins(had: Callable[[], T], waiting: Service | None) -> T:
    """What `had` gives. Where its pins can't be had yet, but may come, that is said once, and it is tried again.

    waiting: what is told that we wait; None: that we don't. Raises ConfigurationError where they can't be had.
    """
    said = ""
    while True:
        try:
            return had()
        except NotYetError as error:
            if waiting is None:
                raise
            if str(error) != said:
                log.warning("%s It is waited for; until then there is no light.", error)
            said = str(error)
            waiting.patience(PINS_PATIENCE_S, said)
            time.sleep(PINS_TRY_S)


def pins_required(settings: Settings, alone: bool) -> bool:
    """Whether to end without pins. alone: as the daemon, which is there for the light; a view can do without."""
    required = settings.led.required
    return alone and on_a_pi() if required == "auto" else required


def indicators(settings: Settings, alone: bool) -> Indicators:
    """Open the pins of the light and the sound. Raises ConfigurationError where required ones can't be had."""
    had, failed = fitting.indicators(settings.led, settings.buzzer)
    if failed is not None:
        if pins_required(settings, alone):
            had.close()
            raise failed
        log.log(logging.WARNING if alone else logging.DEBUG, "%s Going on; --preview shows the light.", failed)
    if had.present:
        at_the_very_end(had.close)
        rest_while_suspended(had.resting)
    return had


@contextmanager
def motor(wanted: LensSettings, required: bool = True) -> Iterator[Lens | None]:
    """What turns the focusing ring, where these settings name a motor.

    Raises ConfigurationError where its pins can't be had and that is `required`; else says so and goes on without.
    """
    try:
        made = coils.motor(wanted)
    except ConfigurationError as error:
        if required:
            raise
        log.warning("%s Going on without the motor.", error)
        made = None
    try:
        yield made
    finally:
        if made is not None:
            made.close()


def note_pins(settings: Settings, indicators: Indicators, motor: Lens | None) -> None:
    """Write down which pins are taken, for what systemd runs after our end, until they were given back."""
    lights_out.note_taken([*fitting.pins(settings.led, settings.buzzer), *coils.pins(settings.lens)])
    if motor is not None:
        at_the_very_end(motor.close)

    def given_back() -> None:
        if indicators.obeyed:
            lights_out.note_taken([])

    at_the_very_end(given_back)


def buttons(settings: Settings, put: Callable[[Command], object]) -> Buttons:
    """Open the pins of the buttons, which put commands. Raises ConfigurationError where required ones can't be had."""
    wanted = settings.buttons
    pins = {each.name: getattr(wanted, each.name) for each in fields(wanted)}
    try:
        return Buttons({name: pin for name, pin in pins.items() if pin is not None}, put)
    except ConfigurationError as error:
        if pins_required(settings, alone=True):
            raise
        log.warning("%s Going on without the buttons.", error)
        return Buttons({}, put)
