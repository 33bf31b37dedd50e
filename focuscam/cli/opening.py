"""From the command line to a session: one rule says whether a running daemon is joined."""

from __future__ import annotations

import argparse
import queue
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from focuscam.errors import ConfigurationError, UsageError
from focuscam.ipc.client import Link, join
from focuscam.session import LocalSession, RemoteSession, Session

if TYPE_CHECKING:  # whoever joins a daemon needs neither numpy, OpenCV nor TFLite, which are slow to import
    from focuscam.cameras import Camera
    from focuscam.commands import Command
    from focuscam.config import Settings
    from focuscam.focus.scorer import Scorer
    from focuscam.messages import Light


def wants_own(options: argparse.Namespace) -> bool:
    """The rule: who says where frames come from or how they are judged has a loop of their own; else a daemon is joined
    where one runs. A recording of what the full view shows needs the loop for itself as well.
    """
    told = any(getattr(options, name, None) is not None for name in ("source", "region", "config", "fps"))
    return told or bool(getattr(options, "record", None) and options.preview)


@contextmanager
def session(
    options: argparse.Namespace, *, lights: bool = False, motor: bool = False, quiet: bool = False
) -> Iterator[Session]:
    """The session that the command line asks for. Raises FocuscamError where it can't be had.

    Of one of our own: lights: whether the LED and the buzzer are used, where there are any; motor: whether that of the
    lens is; quiet: whether the log is silent about what it does.
    """
    link = None if wants_own(options) else join_daemon()
    if link is not None:
        with RemoteSession(link, places()) as remote:
            yield remote
        return
    with ExitStack() as stack:
        yield stack.enter_context(_own(options, stack, lights, motor, quiet))


def join_daemon() -> Link | None:
    """A connection to the running daemon; None where there is none. Raises FocuscamError where it may not be had."""
    return join(places())


def places() -> list[Path]:
    """Where a running daemon's socket may be."""
    from focuscam.config import load
    from focuscam.ipc.paths import to_look_at

    try:
        configured = load().socket.path
    except ConfigurationError:  # the daemon's own business; it may have started before it was wrong
        configured = None
    return to_look_at(configured)


def settings(options: argparse.Namespace, region: str | None = None) -> Settings:
    """The settings in force, the command line over them. Raises ConfigurationError, UsageError."""
    from focuscam.config import load

    loaded = load(options.config)
    region = region or options.region
    if region is None:
        return loaded
    try:
        return loaded.with_changes("--region", focus={"region": region})
    except ConfigurationError:
        raise UsageError(
            f'--region "{region}" is none; it must be spot, whole, best or x,y,w,h in fractions.'
        ) from None


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What every loop of our own is made of."""

    settings: Settings
    camera: Camera
    scorer: Scorer
    light: Light
    """What it says before the first frame: a recording may go on from there."""
    commands: queue.SimpleQueue[Command]


def parts(options: argparse.Namespace) -> Parts:
    """What the command line asks for. Raises FocuscamError where it can't be had."""
    from focuscam.cli import stages
    from focuscam.messages import Light
    from focuscam.recorder.replay import Replay, is_recording

    commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
    wanted = settings(options)
    if options.source is not None and is_recording(Path(options.source)):
        if options.fps is not None:
            raise UsageError(
                f"--fps is for files; {options.source} is a recording, whose frames have times of their own."
            )
        replay = Replay(Path(options.source), region_too=options.region is None, commands=commands)
        wanted = replay.settings(wanted)
        made = Parts(wanted, replay, replay.scorer(wanted), replay.script.light, commands)
    else:
        camera = stages.camera(options.source or "auto", options.fps, wanted)
        made = Parts(wanted, camera, stages.scorer(wanted), Light.OFF, commands)
    stages.rehearse(made.scorer)
    return made


def _own(options: argparse.Namespace, stack: ExitStack, lights: bool, motor: bool, quiet: bool) -> LocalSession:
    from focuscam.cli import stages
    from focuscam.daemon.loop import Loop
    from focuscam.daemon.notices import Notices
    from focuscam.indicators import Indicators
    from focuscam.tui.full_screen import possible

    made, notices = parts(options), Notices(quiet)
    preview, record = getattr(options, "preview", False), getattr(options, "record", None)
    page = getattr(options, "page", False)
    loop = Loop(
        made.camera, made.settings, made.scorer,
        stack.enter_context(stages.indicators(made.settings, alone=False)) if lights else Indicators(None, None),
        reread=lambda: settings(options), commands=made.commands, notices=notices, light=made.light,
        capture=stack.enter_context(stages.capture(made.settings, alone=False, tell=notices)),
        motor=stack.enter_context(stages.motor(made.settings.lens)) if motor else None,
        paced=preview or page, rests=not record and not page and not (preview and possible()),
    )  # fmt: skip
    return LocalSession(loop, lambda loop: stages.server(None, loop, made.settings))
