"""The pages of the reference that the program itself can tell: what can be typed, set, and said over the socket."""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import Field, fields
from typing import Any, get_args

from focuscam import commands
from focuscam.cli import COMMANDS
from focuscam.cli.arguments import OVERVIEW, parser
from focuscam.config import Settings
from focuscam.config.checks import as_toml
from focuscam.ipc.expected import KINDS, words
from focuscam.region import Region
from lab.places import REPOSITORY

SHIPPED = REPOSITORY / "deploy/focuscam.toml"
"""The settings as a user gets them: their comments are the explanations."""


def subparsers(of: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of a parser's commands, by name."""
    found = (action for action in of._actions if isinstance(action, argparse._SubParsersAction))
    return {name: each for action in found for name, each in action.choices.items()}


def typed() -> str:
    """Every command with its options, from the parser."""
    of = parser(COMMANDS)
    sides = [
        "# Commands",
        "Made from the program, as `focuscam --help` and `focuscam COMMAND --help` say it. What a command ends with: "
        " [when something is wrong](../guide/trouble.md).",
        f"```text\n{OVERVIEW}\n```",
        "`--source`, `--region`, `--config` or `--fps` mean a loop of your own; else a running daemon is joined.",
        "## focuscam",
        *_options(of),
    ]
    for name, command in subparsers(of).items():
        sides += [
            f"## focuscam {name}",
            command.description or "",
            *_options(command),
            f"```text\n{(command.epilog or '').removeprefix('For example: ')}\n```",
        ]
    return _page(sides)


def _options(of: argparse.ArgumentParser) -> Iterator[str]:
    rows = []
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction | argparse._HelpAction):
            continue
        value = f" {action.metavar}" if action.option_strings and action.metavar else ""
        name = ", ".join(action.option_strings) or str(action.metavar)
        rows.append((f"`{name}{value}`", action.help or ""))
    yield _table(("", ""), rows)


def settable() -> str:
    """Every setting: its default and what it may be from the dataclasses, why from the comments of the file."""
    why = explanations(SHIPPED.read_text())
    sides = [
        "# Settings",
        "Made from the program and its `deploy/focuscam.toml`, which on a Pi is `/etc/focuscam/focuscam.toml`. "
        "`sudo systemctl reload focuscam` after a change; it says what needs a restart. `focuscam doctor` shows each "
        "setting in force and where it comes from.",
    ]
    for table in fields(Settings):
        if table.name == "origins":
            continue
        sides.append(f"## [{table.name}]")
        rows, told = [], ""
        for key in fields(type(getattr(Settings(), table.name))):
            # Keys that share a comment stand below one another, the words beside the first of them.
            words_here = why[f"{table.name}.{key.name}"]
            rows.append((f"`{key.name}`", _default(key), allowed(key), "" if words_here == told else words_here))
            told = words_here
        sides.append(_table(("setting", "default", "may be", ""), rows))
    return _page(sides)


def allowed(key: Field[Any]) -> str:
    """What a setting may be, in the words of its own error."""
    try:
        key.metadata["check"](object())
    except ValueError as error:
        return str(error)
    raise AssertionError(f"{key.name} takes anything")


def _default(key: Field[Any]) -> str:
    value = key.default
    if value is None:
        return '`"none"`' if "none" in allowed(key) else "left out"
    return f"`{as_toml(value.text if isinstance(value, Region) else value)}`"


_READING = KINDS["reading"]


def explanations(file: str) -> dict[str, str]:
    """The comment above each key of a file of settings, by "table.key"; keys below one comment share it."""
    found: dict[str, str] = {}
    table, lines, fresh = "", list[str](), True
    for line in file.splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            table, lines, fresh = match[1], [], True
        elif line.startswith("# "):
            lines = [line[2:]] if fresh else [*lines, line[2:]]
            fresh = False
        elif match := re.match(r"#?(\w+) = ", line):
            found[f"{table}.{match[1]}"] = " ".join(lines)
            fresh = True
    return found


def said() -> str:
    """Every message of the socket with its fields, and every command, from what checks them."""
    sides = [
        "# Messages and commands of the socket",
        "Made from the program: what its own clients believe of each field (`focuscam/ipc/expected.py`), and the "
        "commands that there are (`focuscam/commands.py`). What the fields mean: [the protocol](protocol.md).",
        "## From the daemon",
    ]
    for kind, known in KINDS.items():
        own = [(f"`{name}`", words(check)) for name, check in known.items() if kind != "answer" or name not in _READING]
        sides += [
            f"### {kind}",
            "Of a `status`, the fields of a reading, and:" if kind == "answer" else "",
            _table(("field", "holds"), own),
        ]
    sides.append("## Commands")
    rows = []
    for each in get_args(commands.Command):
        key = next(iter(fields(each)), None)
        rows.append((f"`{each.do}`", "" if key is None else f"`{_type(key)}`", inspect.getdoc(each) or ""))
    sides.append(_table(("do", "value", ""), rows))
    return _page(sides)


def _type(key: Field[Any]) -> str:
    return str(key.type).replace("None", "null").replace("Literal", "one of ").replace("Region", "text")


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _page(sides: list[str]) -> str:
    return "\n\n".join(side for side in sides if side) + "\n"
