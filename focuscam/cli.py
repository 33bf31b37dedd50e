"""The commands. Nothing else parses arguments or decides the exit status."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from focuscam import __version__
from focuscam.errors import ConfigurationError, FocuscamError, UsageError
from focuscam.service import Service, log_to_the_right_place
from focuscam.signals import Stopped, on_hangup, stop_on_signals

if TYPE_CHECKING:  # numpy, OpenCV and TFLite are slow to import: a signal or a typing mistake does not wait for them
    from focuscam.cameras import Camera
    from focuscam.config import Settings
    from focuscam.daemon import Daemon
    from focuscam.focus.scorer import Scorer
    from focuscam.frame import Command
    from focuscam.indicators import Indicators
    from focuscam.indicators.buttons import Buttons
    from focuscam.preview.server import Server

log = logging.getLogger(__name__)

DEFAULT_FPS = 30.0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}; `{self.prog} --help` shows what there is.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit status: 0 fine, 1 failed, 2 wrong usage, 69 no camera, 78 wrong settings."""
    log_to_the_right_place()
    try:
        stop_on_signals()
        options = _parser().parse_args(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
    except FocuscamError as error:
        log.error("%s", error)
        return error.status
    except BrokenPipeError:
        # The reader has seen enough. Nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Stopped:
        return 0
    return status


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="focuscam",
        description="A light that says when the camera is in focus. Without a command: the daemon, in the foreground.",
        allow_abbrev=False,
    )
    parser.set_defaults(run=_loop)
    parser.add_argument("--version", action="version", version=f"focuscam {__version__}")
    parser.add_argument("--preview", action="store_true", help="show what the camera sees and why the light is on")
    parser.add_argument(
        "--source",
        metavar="SPEC",
        help="auto (the default), picamera, sim, or the path of an image, a folder of images or a video",
    )
    parser.add_argument(
        "--fps", metavar="N", type=_frames_a_second, help="play files as if they came at N frames a second (30)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per scored frame on stdout")
    parser.add_argument(
        "--picture",
        type=_way,
        metavar="WAY",
        help="how --preview shows the picture: auto (the best that the terminal can), kitty, iterm, sixel, blocks, "
        "ascii or none",
    )
    shared: dict[str, Any] = {
        "--region": {
            "metavar": "R",
            "help": "what the light looks at: spot, whole, best, or x,y,w,h in fractions of the frame",
        },
        "--config": {"metavar": "FILE", "type": Path, "help": "settings; /etc/focuscam/focuscam.toml where it exists"},
    }
    for name, how in shared.items():
        parser.add_argument(name, **how)
    commands = parser.add_subparsers(title="commands", metavar="", parser_class=_Parser)
    score = commands.add_parser("score", help="score photos one by one", allow_abbrev=False)
    score.set_defaults(run=_score)
    score.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="photos, or folders of them")
    score.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object per photo")
    status = commands.add_parser(
        "status", help="one look at the running daemon: light, score, camera, since when", allow_abbrev=False
    )
    status.set_defaults(run=_status)
    status.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as one JSON object")
    doctor = commands.add_parser(
        "doctor", help="what works on this machine, and what to do about the rest", allow_abbrev=False
    )
    doctor.set_defaults(run=_doctor)
    indicators = commands.add_parser(
        "indicators", help="the light and the sound: --demo plays all they can say", allow_abbrev=False
    )
    indicators.set_defaults(run=_demo)
    indicators.add_argument(
        "--demo", action="store_true", required=True, help="play every pattern, through the daemon where one runs"
    )
    lens_report = commands.add_parser(
        "lens-report", help="what a recorded sweep and photos say about a lens", allow_abbrev=False
    )
    lens_report.set_defaults(run=_lens_report)
    lens_report.add_argument(
        "paths", metavar="RECORDING|PHOTO", nargs="+", type=Path, help="a folder with a sweep.csv; colour photos"
    )
    lens_report.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as one JSON object")
    lens_report.add_argument("--html", metavar="FILE", type=Path, help="write it as a page with pictures too")
    for command in (score, doctor, indicators):
        for name, how in shared.items():
            command.add_argument(name, default=argparse.SUPPRESS, **how)
    return parser


def _way(text: str) -> str | None:
    ways = ("auto", "kitty", "iterm", "sixel", "blocks", "ascii", "none")
    if text not in ways:
        raise argparse.ArgumentTypeError(f"one of {', '.join(ways)} is wanted")
    return None if text == "auto" else text


def _frames_a_second(text: str) -> float:
    value = float(text)
    if not 0.01 <= value <= 1000:
        raise argparse.ArgumentTypeError("a number from 0.01 to 1000 is wanted")
    return value


def _loop(options: argparse.Namespace) -> int:
    if options.json and options.preview:
        raise UsageError("--json and --preview both want the terminal; ask for one of them.")
    alone = not (options.json or options.preview)
    own = (options.source, options.region, options.config, options.fps)
    if not alone and all(option is None for option in own) and _joined(options):
        return 0
    service = Service()
    from focuscam.daemon import Daemon, Watcher
    from focuscam.frame import Command
    from focuscam.preview.full_screen import OwnView, possible
    from focuscam.preview.line import PreviewLine
    from focuscam.preview.report import write_report

    settings = _settings(options)
    camera = _camera(options.source or "auto", options.fps, settings)
    scorer = _scorer(settings)
    watchers: list[Watcher] = []
    with ExitStack() as stack:
        if options.json:
            watchers.append(write_report)
        # The socket comes before the pins: a second daemon must not take them from the first.
        listener = stack.enter_context(_listening(settings)) if alone else None
        indicators = stack.enter_context(_indicators(settings, alone))
        daemon = Daemon(
            settings, scorer, indicators, reread=lambda: _settings(options), watchers=watchers, service=service
        )
        if alone:
            stack.enter_context(_buttons(settings, daemon.commands.put))
        screen = options.preview and possible()
        if listener is not None or screen:
            server = stack.enter_context(_server(listener, daemon, settings))
            watchers.append(server)
            daemon.announce = server.announce
            if screen:
                watchers.append(stack.enter_context(OwnView(server, options.picture)))
        elif options.preview:
            watchers.append(stack.enter_context(PreviewLine()))
        if alone:
            on_hangup(lambda: daemon.commands.put(Command("reload")))
        daemon.run(camera, paced=not options.json)
    return 0


def _joined(options: argparse.Namespace) -> bool:
    """Look through a running daemon; False where there is none. Raises FocuscamError where it goes."""
    from focuscam.preview.client import join
    from focuscam.preview.full_screen import possible, show_daemon
    from focuscam.preview.joined import write_lines, write_readings

    link = join(_places())
    if link is None:
        return False
    with link:
        if options.json:
            write_readings(link)
        elif possible():
            show_daemon(link, options.picture, lambda: join(_places()))
        else:
            write_lines(link)
    return True


def _status(options: argparse.Namespace) -> int:
    from focuscam.preview.joined import show_status

    show_status(_places(), options.json)
    return 0


def _demo(options: argparse.Namespace) -> int:
    from focuscam.indicators import demo
    from focuscam.preview.client import join

    link = join(_places())
    if link is not None:
        with link:
            answer = link.ask("demo")
            if not answer.get("ok"):
                raise FocuscamError(str(answer.get("why")))
            demo.tell(_say, time.sleep)
        return 0
    from focuscam.indicators import fitting

    settings = _settings(options)
    if settings.led.pin is None and settings.buzzer.pin is None:
        raise ConfigurationError("There is nothing to play on: set [led] pin or [buzzer] pin in the settings.")
    indicators, failed = fitting.indicators(settings.led, settings.buzzer)
    with indicators:
        if failed is not None:
            raise failed
        indicators.pulse()
        indicators.demonstrate(time.monotonic())
        demo.tell(_say, time.sleep)
    return 0


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _places() -> list[Path]:
    """Where a running daemon's socket may be."""
    from focuscam.config import load
    from focuscam.preview.paths import to_look_at

    try:
        configured = load().socket.path
    except ConfigurationError:  # the daemon's own business; it may have started before it was wrong
        configured = None
    return to_look_at(configured)


def _listening(settings: Settings) -> AbstractContextManager[socket.socket | None]:
    from focuscam.preview.listener import listening
    from focuscam.preview.paths import to_make

    place = to_make(settings.socket.path)
    if place is None:
        log.debug("No place for a socket: neither RUNTIME_DIRECTORY nor XDG_RUNTIME_DIR is set.")
        return nullcontext()
    return listening(*place)


def _server(listener: socket.socket | None, daemon: Daemon, settings: Settings) -> Server:
    from focuscam.focus.region import parse
    from focuscam.preview.protocol import Rules
    from focuscam.preview.server import Server

    return Server(
        listener,
        commands=daemon.commands,
        rules=lambda: Rules(settings.socket.commands, daemon.can, parse),
        standing=lambda: daemon.standing,
        open_maps=lambda: _scorer(settings).map,
    )


def _score(options: argparse.Namespace) -> int:
    from focuscam.photos import score_photos, show_json, show_table

    # The seed counts a picture as in focus when at least one subject is: hence `best`, unless asked otherwise.
    settings = _settings(options, region=options.region or "best")
    scorer = _scorer(settings)
    threshold = scorer.model.threshold if settings.focus.threshold is None else settings.focus.threshold
    results = score_photos(options.paths, scorer, threshold)
    return 0 if (show_json if options.json else show_table)(results) else 1


def _lens_report(options: argparse.Namespace) -> int:
    from focuscam.lens_report import report

    return 0 if report(options.paths, options.json, options.html) else 1


def _doctor(options: argparse.Namespace) -> int:
    from focuscam.doctor import examine

    return 0 if examine(lambda: _settings(options)) else 1


def _settings(options: argparse.Namespace, region: str | None = None) -> Settings:
    from focuscam.config import load

    settings = load(options.config)
    region = region or options.region
    if region is None:
        return settings
    try:
        return settings.with_changes("--region", focus={"region": region})
    except ConfigurationError:
        raise UsageError(
            f'--region "{region}" is none; it must be spot, whole, best or x,y,w,h in fractions.'
        ) from None


def _scorer(settings: Settings) -> Scorer:
    from focuscam.focus.model import FocusModel
    from focuscam.focus.region import parse
    from focuscam.focus.scorer import Scorer

    return Scorer(FocusModel(settings.focus.model), parse(settings.focus.region))


def _camera(source: str, fps: float | None, settings: Settings) -> Camera:
    from focuscam.cameras import picamera
    from focuscam.cameras.recorded import Recorded
    from focuscam.cameras.simulated import Simulated

    if source not in ("auto", "picamera", "sim"):
        return Recorded(Path(source), DEFAULT_FPS if fps is None else fps)
    if fps is not None:
        raise UsageError("--fps is for files; for the Pi camera set [camera] fps in the settings.")
    if source == "sim":
        return Simulated()
    wanted = settings.camera
    return picamera.PiCamera(
        index=wanted.index,
        rotation=wanted.rotation,
        hflip=wanted.hflip,
        vflip=wanted.vflip,
        exposure=wanted.exposure,
        gain=wanted.gain,
        fps=wanted.fps,
    )


def _pins_required(settings: Settings, alone: bool) -> bool:
    """Whether to end without pins. alone: as the daemon, which is there for the light; a view can do without."""
    from focuscam.doctor import on_a_pi

    required = settings.led.required
    return alone and on_a_pi() if required == "auto" else required


def _indicators(settings: Settings, alone: bool) -> Indicators:
    """Open the pins of the light and the sound."""
    from focuscam.indicators import fitting

    indicators, failed = fitting.indicators(settings.led, settings.buzzer)
    if failed is not None:
        if _pins_required(settings, alone):
            indicators.close()
            raise failed
        log.log(logging.WARNING if alone else logging.DEBUG, "%s Going on; --preview shows the light.", failed)
    return indicators


def _buttons(settings: Settings, put: Callable[[Command], object]) -> Buttons:
    from focuscam.indicators.buttons import Buttons

    wanted = settings.buttons
    pins = {"forget": wanted.forget, "lock": wanted.lock, "mute": wanted.mute, "shutdown": wanted.shutdown}
    try:
        return Buttons({name: pin for name, pin in pins.items() if pin is not None}, put)
    except ConfigurationError as error:
        if _pins_required(settings, alone=True):
            raise
        log.warning("%s Going on without the buttons.", error)
        return Buttons({}, put)
