"""What is said over the socket: lines of JSON. docs/reference/protocol.md tells it to those who write other readers.

A request that can't be understood is answered with a sentence, never with silence; nothing here raises
on what a reader sent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from focuscam import commands
from focuscam.commands import Command
from focuscam.ipc.client import VERSION as VERSION
from focuscam.region import WHOLE, Box

LONGEST_LINE = 4096
"""Bytes that a reader may send before the end of the line."""

MOST_PICTURES = 15
"""A second."""

MOST_FRAMES = 10
"""Whole ones without loss, a second: making one takes a twentieth of a second of a desktop processor."""

WIDTHS = range(64, 1281, 32)
"""Widths of pictures that can be had, px: few enough that readers share them."""

LONGEST_ID = 64
"""Characters of a request's id, as it is echoed."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What a reader wants to be sent from now on."""

    readings: bool = False
    pictures: float = 0.0
    """A second, at most."""
    box: Box = WHOLE
    """The part of the frame that pictures show."""
    width: int = 640
    """Of the pictures, px."""
    map: bool = False
    """Whether the focus map is wanted, a few times a second."""
    frames: float = 0.0
    """Whole frames a second without any loss, at most, and each scored frame with nothing rounded: to record."""

    def __bool__(self) -> bool:
        return self.readings or self.pictures > 0 or self.map or self.frames > 0


@dataclass(frozen=True, slots=True)
class Request:
    """A line that a reader sent, understood."""

    id: str | int | None
    do: Literal["watch", "status", "picture"] | Command
    watch: Watch = field(default_factory=Watch)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that can't be done, and why."""

    id: str | int | None
    why: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a reader may ask of this daemon."""

    allowed: bool
    """Whether the configuration lets readers change anything."""
    can: Mapping[str, str | None]
    """The commands that there are; each with None, or with a sentence that says why it can't be done here."""


def understood(line: bytes, rules: Rules) -> Request | Refusal:
    """What one line, without its end, asks for."""
    name: str | int | None = None
    try:
        message = _object(line)
        name = _id(message.get("id"))
        do = message.get("do")
        if do == "watch":
            return Request(name, "watch", _watch(message))
        if do == "status" or do == "picture":
            return Request(name, do)
        if not isinstance(do, str) or do not in rules.can:
            raise ValueError(f'"do" must be one of {", ".join(["watch", "status", "picture", *rules.can])}.')
        if not rules.allowed:
            raise ValueError("Looking only: [socket] commands = false in the settings of the daemon.")
        command = commands.read(do, message.get("value"))
        why = rules.can[do]
        if why:
            raise ValueError(why)
        return Request(name, command)
    except ValueError as error:
        return Refusal(name, str(error))


def line(kind: str, **fields: object) -> bytes:
    """One line for a reader: an object with its `type` first."""
    return json.dumps({"type": kind, **fields}).encode() + b"\n"


def _object(text: bytes) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):  # also what is not UTF-8, and brackets nested by the thousand
        raise ValueError('That is not JSON; a line is an object such as {"id": 1, "do": "status"}.') from None
    if not isinstance(message, dict):
        raise ValueError('A line must be an object such as {"id": 1, "do": "status"}.')
    return message


def _id(value: object) -> str | int | None:
    if value is None or (isinstance(value, str) and len(value) <= LONGEST_ID):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        return value
    raise ValueError(f'"id" must be a whole number or a text of at most {LONGEST_ID} characters.')


def _number(value: object, name: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{name} must be a number from {low:g} to {high:g}.")
    return float(value)


def _switch(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false.")
    return value


def _watch(message: Mapping[str, object]) -> Watch:
    box = message.get("box", list(WHOLE))
    if not isinstance(box, list) or len(box) != 4:
        raise ValueError('"box" must be [x, y, width, height] in fractions of the frame.')
    x, y, w, h = (_number(side, 'Each of "box"', 0.0, 1.0) for side in box)
    if w < 0.01 or h < 0.01 or x + w > 1 + 1e-6 or y + h > 1 + 1e-6:
        raise ValueError('"box" must lie inside the frame, each side at least 0.01.')
    width = round(_number(message.get("width", 640), '"width"', 1, 100_000))
    width = min(max(math.ceil(width / 32) * 32, WIDTHS.start), WIDTHS[-1])
    return Watch(
        readings=_switch(message.get("readings", False), '"readings"'),
        pictures=_number(message.get("pictures", 0), '"pictures"', 0, MOST_PICTURES),
        # Rounded, so that readers who look at nearly the same share their pictures.
        box=(round(x, 4), round(y, 4), round(min(w, 1 - x), 4), round(min(h, 1 - y), 4)),
        width=width,
        map=_switch(message.get("map", False), '"map"'),
        frames=_number(message.get("frames", 0), '"frames"', 0, MOST_FRAMES),
    )
