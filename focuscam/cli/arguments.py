"""What can be typed: the options of every command, each with a line of help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from focuscam import __version__
from focuscam.commands import LONGEST_RELEASE_S
from focuscam.errors import UsageError
from focuscam.system.saying import say


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}; `{self.prog} --help` shows what there is.")

    def _print_message(self, message: str, file: Any = None) -> None:  # noqa: ANN401
        # argparse itself takes no notice of a stdout that is full or closed.
        if message:
            say(*message.rstrip("\n").split("\n"), to=file or sys.stderr)


def parser(commands: Mapping[str, Callable[[argparse.Namespace], int]]) -> argparse.ArgumentParser:
    """Sets `run` to the one of the commands that was asked for; "" is the one without a name."""
    made = _Parser(
        prog="focuscam",
        description="A light that says when the camera is in focus. Without a command: the daemon, in the foreground.",
        allow_abbrev=False,
    )
    made.set_defaults(run=commands[""])
    made.add_argument("--version", action="version", version=f"focuscam {__version__}")
    made.add_argument("--preview", action="store_true", help="show what the camera sees and why the light is on")
    made.add_argument(
        "--source",
        metavar="SPEC",
        help="auto (the default), picamera, sim, or the path of an image, a folder of images or a video",
    )
    made.add_argument(
        "--fps", metavar="N", type=_frames_a_second, help="play files as if they came at N frames a second (30)"
    )
    made.add_argument("--json", action="store_true", help="one JSON object per scored frame on stdout")
    made.add_argument(
        "--record",
        metavar="DIR",
        type=Path,
        help="keep the run in a new folder, to send or to play again with --source; joins a running daemon",
    )
    made.add_argument(
        "--sweep", action="store_true", help="with --record: guide through one turn of the ring, from end to end"
    )
    made.add_argument(
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
        made.add_argument(name, **how)
    verbose: dict[str, Any] = {"action": "store_true", "help": "log what helps to find a fault, too"}
    made.add_argument("--verbose", **verbose)
    subparsers = made.add_subparsers(title="commands", metavar="", parser_class=_Parser)
    score = subparsers.add_parser("score", help="score photos one by one", allow_abbrev=False)
    score.set_defaults(run=commands["score"])
    score.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="photos, or folders of them")
    score.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object per photo")
    status = subparsers.add_parser(
        "status", help="one look at the running daemon: light, score, camera, since when", allow_abbrev=False
    )
    status.set_defaults(run=commands["status"])
    status.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as one JSON object")
    status.add_argument("--check", action="store_true", help="exit with 0 in focus, 3 when not, 4 when it can't tell")
    calibrate = subparsers.add_parser(
        "calibrate",
        help="turn the ring once through focus: finds the threshold that suits this lens in this light",
        description="Turn the ring once, slowly, through the best focus, from soft to soft. The threshold that it "
        "finds lies halfway between the score at the best focus and the one where the contrast has fallen to 0.7 of "
        "its best. It is watched over the running daemon where there is one.",
        allow_abbrev=False,
    )
    calibrate.set_defaults(run=commands["calibrate"])
    calibrate.add_argument("--keep", action="store_true", help="keep it, without asking")
    calibrate.add_argument("--source", metavar="SPEC", default=argparse.SUPPRESS, help="as above, in place of a daemon")
    doctor = subparsers.add_parser(
        "doctor", help="what works on this machine, and what to do about the rest", allow_abbrev=False
    )
    doctor.set_defaults(run=commands["doctor"])
    indicators = subparsers.add_parser(
        "indicators", help="the light and the sound: --demo plays all they can say", allow_abbrev=False
    )
    indicators.set_defaults(run=commands["indicators"])
    indicators.add_argument(
        "--demo", action="store_true", required=True, help="play every pattern, through the daemon where one runs"
    )
    release = subparsers.add_parser(
        "release",
        help="let go of the camera, so that another program can have it: `focuscam release -- rpicam-still -o x.jpg`",
        allow_abbrev=False,
    )
    release.set_defaults(run=commands["release"])
    release.add_argument(
        "--for", dest="seconds", metavar="TIME", type=_time_span, help="only for so long, such as 90s, 10m or 2h"
    )
    release.add_argument("program", metavar="PROGRAM", nargs="*", help="after --: a program that is run meanwhile")
    resume = subparsers.add_parser("resume", help="take the camera back", allow_abbrev=False)
    resume.set_defaults(run=commands["resume"])
    capture = subparsers.add_parser(
        "capture", help="take a still now, through the daemon where one runs, and print where it is", allow_abbrev=False
    )
    capture.set_defaults(run=commands["capture"])
    capture.add_argument("--source", metavar="SPEC", default=argparse.SUPPRESS, help="as above, in place of a daemon")
    autofocus = subparsers.add_parser(
        "autofocus", help="focus with the motor of the lens, through the daemon where one runs", allow_abbrev=False
    )
    autofocus.set_defaults(run=commands["autofocus"])
    autofocus.add_argument("--continuous", action="store_true", help="and again whenever the scene has changed")
    autofocus.add_argument("--source", metavar="SPEC", default=argparse.SUPPRESS, help="auto, picamera or sim")
    page = subparsers.add_parser(
        "page",
        help="serve a page for a phone: what the camera sees, large, touchable",
        description="Serves a page with what the running daemon sees, for whoever has its key; waits for a daemon "
        "where none runs. `[page]` of the settings says where it can be reached.",
        allow_abbrev=False,
    )
    page.set_defaults(run=commands["page"], page=True)
    page.add_argument("--enable", action="store_true", help="let the service serve it, now and after each start")
    page.add_argument("--disable", action="store_true", help="no more")
    page.add_argument("--source", metavar="SPEC", default=argparse.SUPPRESS, help="as above, in place of a daemon")
    lens_report = subparsers.add_parser(
        "lens-report", help="what a recorded sweep and photos say about a lens", allow_abbrev=False
    )
    lens_report.set_defaults(run=commands["lens-report"])
    lens_report.add_argument(
        "paths", metavar="RECORDING|PHOTO", nargs="+", type=Path, help="a folder with a sweep.csv; colour photos"
    )
    lens_report.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as one JSON object")
    lens_report.add_argument("--html", metavar="FILE", type=Path, help="write it as a page with pictures too")
    for command in subparsers.choices.values():
        command.add_argument("--verbose", default=argparse.SUPPRESS, **verbose)
    for command in (score, doctor, indicators, calibrate, capture, autofocus, page):
        for name, how in shared.items():
            command.add_argument(name, default=argparse.SUPPRESS, **how)
    return made


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


def _time_span(text: str) -> float:
    units = {"s": 1, "m": 60, "h": 3600}
    number, unit = (text[:-1], text[-1]) if text[-1:] in units else (text, "s")
    seconds = float(number) * units[unit] if number.replace(".", "", 1).isdecimal() else 0.0
    if not 1 <= seconds <= LONGEST_RELEASE_S:
        raise argparse.ArgumentTypeError("a time from 1s to a week is wanted, such as 90s, 10m or 2h")
    return seconds
