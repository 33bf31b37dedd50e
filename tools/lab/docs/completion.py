"""What a shell completes after `focuscam`, made from the parser, so that it never knows less than that."""

from __future__ import annotations

import argparse

import shtab

from focuscam.cli import COMMANDS
from focuscam.cli.arguments import parser
from lab.docs.reference import subparsers

FILES = {"bash": "focuscam.bash", "zsh": "_focuscam"}
"""By shell, what its completion is called in deploy/completion."""

_PATHS = {"FILE", "PATH", "SPEC", "RECORDING|PHOTO"}
_WORDS = {
    "R": ("spot", "whole", "best"),
    "WAY": ("auto", "kitty", "iterm", "sixel", "blocks", "ascii", "none"),
}


def completion(shell: str) -> str:
    """What that shell sources, or finds in its folder of functions. `shell`: a key of FILES."""
    of = parser(COMMANDS)
    commands = subparsers(of)
    for command in commands.values():
        # A shell has one line for each.
        command.description = (command.description or "").partition(". ")[0].rstrip(".")
    for each in (of, *commands.values()):
        for action in each._actions:
            _teach(action)
    return str(shtab.complete(of, shell=shell))


def _teach(action: argparse.Action) -> None:
    """Say what follows an option: a path, or one of a few words."""
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    if metavar in _PATHS:
        action.complete = shtab.FILE  # type: ignore[attr-defined]
    elif metavar == "DIR":
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    elif metavar in _WORDS:
        action.choices = _WORDS[metavar]
