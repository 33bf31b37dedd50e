"""What a page may say, checked: a line of JSON each. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from focuscam.commands import Command, read
from focuscam.region import WHOLE, Box

LONGEST = 1024
"""Characters."""

MAY = ("region", "threshold", "forget", "lock", "zoom", "capture", "autofocus", "release", "resume")
"""Commands that the page has something to touch for."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the page can show just now."""

    pictures: bool = False
    """Whether it can be seen at all."""
    box: Box = WHOLE
    """The part of the frame that it shows."""
    width: int = 640
    """px that it has for that."""
    map: bool = False
    """Whether it tints what is in focus."""
    quick: bool = True
    """Whether readings are wanted ten times a second; else once, and whenever the light changes."""


@dataclass(frozen=True, slots=True)
class Took:
    """The last picture is on its screen."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A command, and the number that its answer will have."""

    id: int
    command: Command


@dataclass(frozen=True, slots=True)
class Wrong:
    """What can't be done, and why."""

    id: int | None
    why: str


def understood(text: str) -> Look | Took | Ask | Wrong:
    """What a line asks for. Never raises on what a page sent."""
    name: int | None = None
    try:
        message = _object(text)
        do = message.get("do")
        if do == "took":
            return Took()
        if do == "look":
            return _look(message)
        name = _id(message.get("id"))
        if do not in MAY:
            raise ValueError(f'"do" must be one of look, took, {", ".join(MAY)}.')
        return Ask(name, read(do, message.get("value")))
    except ValueError as error:
        return Wrong(name, str(error))


def _object(text: str) -> Mapping[str, Any]:
    if len(text) > LONGEST:
        raise ValueError(f"A line has at most {LONGEST} characters.")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError('That is not JSON; a line is an object such as {"do": "took"}.') from None
    if not isinstance(message, dict):
        raise ValueError('A line must be an object such as {"do": "took"}.')
    return message


def _id(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise ValueError('"id" must be a whole number, 0 or more.')
    return value


def _switch(message: Mapping[str, object], name: str, default: bool) -> bool:
    value = message.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f'"{name}" must be true or false.')
    return value


def _number(value: object, name: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f'"{name}" must be within {low:g} and {high:g}.')
    return float(value)


def _look(message: Mapping[str, object]) -> Look:
    box = message.get("box", list(WHOLE))
    if not isinstance(box, list) or len(box) != 4:
        raise ValueError('"box" must be [x, y, width, height] in fractions of the frame.')
    x, y, w, h = (_number(side, "box", 0.0, 1.0) for side in box)
    if w < 0.02 or h < 0.02 or x + w > 1 + 1e-6 or y + h > 1 + 1e-6:
        raise ValueError('"box" must lie inside the frame, each side at least 0.02.')
    return Look(
        pictures=_switch(message, "pictures", False),
        box=(x, y, min(w, 1 - x), min(h, 1 - y)),
        width=round(_number(message.get("width", 640), "width", 1, 10_000)),
        map=_switch(message, "map", False),
        quick=_switch(message, "quick", True),
    )
