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

OVERVIEW = """\
A light that says when the camera is in focus. What would you like to do?

  focuscam --preview           see what the camera sees, and why the light is on
  focuscam                     run the light here (systemd does it on a Pi)
  focuscam score PHOTO...      find out which photos are sharp
  focuscam status              ask the running light how it is; --check: scripts
  focuscam doctor              find out what is missing, and what to type;
                               --first-run: try all of a new Pi
  focuscam calibrate           fit the light to a lens: turn its ring once
  focuscam capture             take a still now
  focuscam autofocus           focus with a motor; --continuous: again and again
  focuscam release             let another program have the camera
  focuscam resume              take it back
  focuscam lens-report         tilt, curvature and colour fringes of a lens
  focuscam page                see it on a phone; --enable: from now on
  focuscam indicators --demo   see and hear all that light and buzzer can say

  --source SPEC   picamera, sim, or a photo, folder, video or recording to play
  --region R      look at: spot, whole, best (sharpest subject), or x,y,w,h
  --record DIR    keep the run in a new folder; --sweep: one turn, guided
  --json          a line of JSON for each frame
  Also --fps N, --picture WAY, --config FILE, --verbose, --version.
`focuscam COMMAND --help` has more, and an example."""
"""What `focuscam --help` shows: no more than a screen of 80 x 24, with a line left for the prompt."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}; `{self.prog} --help` shows what there is.")

    def _print_message(self, message: str, file: Any = None) -> None:  # noqa: ANN401
        # argparse itself takes no notice of a stdout that is full or closed.
        if message:
            say(*message.rstrip("\n").split("\n"), to=file or sys.stderr)


class _Overview(_Parser):
    """Of all commands: argparse would list every option at length, two screens of it."""

    def format_help(self) -> str:
        return OVERVIEW


def parser(commands: Mapping[str, Callable[[argparse.Namespace], int]]) -> argparse.ArgumentParser:
    """Sets `run` to the one of the commands that was asked for; "" is the one without a name."""
    made = _Overview(
        prog="focuscam",
        description="A light that says when the camera is in focus. Without a command: the daemon, in the foreground.",
        allow_abbrev=False,
    )
    made.set_defaults(run=commands[""])
    made.add_argument("--version", action="version", version=f"focuscam {__version__}", help="say which version it is")
    made.add_argument("--preview", action="store_true", help="show what the camera sees and why the light is on")
    made.add_argument(
        "--source",
        metavar="SPEC",
        help="auto (the default), picamera, sim, or the path of an image, a folder of images, a video or a recording",
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

    def command(name: str, what: str, example: str, more: str = "") -> _Parser:
        """what: it does, as a person would wish it; example: a line to type; more: what to know beside."""
        added: _Parser = subparsers.add_parser(
            name,
            help=what,
            description=f"{what[:1].upper()}{what[1:]}. {more}",
            epilog=f"For example: {example}",
            allow_abbrev=False,
        )
        added.set_defaults(run=commands[name])
        return added

    score = command("score", "find out which photos are sharp", "focuscam score photos/*.jpg")
    score.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="photos, or folders of them")
    score.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object per photo")
    status = command(
        "status",
        "ask the running light how it is: light, score, camera, since when",
        "focuscam status --check && echo sharp",
    )
    status.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as one JSON object")
    status.add_argument("--check", action="store_true", help="exit with 0 in focus, 3 when not, 4 when it can't tell")
    calibrate = command(
        "calibrate",
        "fit the light to a lens that scores unusually high or low",
        "focuscam calibrate",
        "Turn the ring once, slowly, through the best focus, from soft to soft. The threshold that it "
        "finds lies halfway between the score at the best focus and the one where the contrast has fallen to 0.7 of "
        "its best. It is watched over the running daemon where there is one.",
    )
    calibrate.add_argument("--keep", action="store_true", help="keep it, without asking")
    calibrate.add_argument(
        "--source", metavar="SPEC", default=argparse.SUPPRESS, help="picamera or sim, in place of a daemon"
    )
    doctor = command(
        "doctor",
        "find out what is missing on this machine, and what to type",
        "focuscam doctor",
        "It only looks, and needs no root; the settings in force are shown as well. With --first-run it asks.",
    )
    doctor.add_argument(
        "--first-run",
        action="store_true",
        help="walk through what should be tried on a new Pi, and leave one archive to send; as root",
    )
    doctor.add_argument(
        "--source", metavar="SPEC", default=argparse.SUPPRESS, help="with --first-run: as above, in place of a daemon"
    )
    indicators = command(
        "indicators", "see and hear all that the light and the buzzer can say", "focuscam indicators --demo"
    )
    indicators.add_argument(
        "--demo", action="store_true", required=True, help="play every pattern, through the daemon where one runs"
    )
    release = command(
        "release",
        "let another program have the camera",
        "focuscam release -- rpicam-still -o x.jpg",
        "After --, for as long as the program runs; else until `focuscam resume`.",
    )
    release.add_argument(
        "--for", dest="seconds", metavar="TIME", type=_time_span, help="only for so long, such as 90s, 10m or 2h"
    )
    release.add_argument("program", metavar="PROGRAM", nargs="*", help="after --: a program that is run meanwhile")
    command("resume", "take the camera back after a release", "focuscam resume")
    capture = command(
        "capture",
        "take a still now, and print where it is",
        "cp $(focuscam capture) .",
        "The running daemon takes it where there is one.",
    )
    capture.add_argument(
        "--source", metavar="SPEC", default=argparse.SUPPRESS, help="picamera, sim or a path, in place of a daemon"
    )
    autofocus = command(
        "autofocus",
        "focus with the motor of the lens",
        "focuscam autofocus",
        "The running daemon does it where there is one; Ctrl-C leaves the lens where it was best.",
    )
    autofocus.add_argument("--continuous", action="store_true", help="and again whenever the scene has changed")
    autofocus.add_argument("--source", metavar="SPEC", default=argparse.SUPPRESS, help="auto, picamera or sim")
    page = command(
        "page",
        "serve a page for a phone: what the camera sees, large, touchable",
        "focuscam page --enable",
        "Of the running daemon, for whoever has its key; waits for a daemon where none runs. [page] of the settings "
        "says where it can be reached.",
    )
    page.set_defaults(page=True)
    page.add_argument("--enable", action="store_true", help="let the service serve it, now and after each start")
    page.add_argument("--disable", action="store_true", help="no more")
    page.add_argument("--source", metavar="SPEC", default=argparse.SUPPRESS, help="as above, in place of a daemon")
    lens_report = command(
        "lens-report",
        "find out what is wrong with a lens: tilt, curvature, colour fringes",
        "focuscam lens-report my-sweep/ --html lens.html",
        "From a sweep over a flat target, and from colour photos with edges.",
    )
    lens_report.add_argument(
        "paths", metavar="RECORDING|PHOTO", nargs="+", type=Path, help="a folder with a sweep.csv; colour photos"
    )
    lens_report.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as one JSON object")
    lens_report.add_argument("--html", metavar="FILE", type=Path, help="write it as a page with pictures too")
    for each in subparsers.choices.values():
        each.add_argument("--verbose", default=argparse.SUPPRESS, **verbose)
    for each in (score, doctor, indicators, calibrate, capture, autofocus, page):
        for name, how in shared.items():
            each.add_argument(name, default=argparse.SUPPRESS, **how)
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
