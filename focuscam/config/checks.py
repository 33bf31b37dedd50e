"""What a value in the settings may be, and how it stands in their file."""

from __future__ import annotations

import ipaddress
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from focuscam.region import Region, parse

Check = Callable[[object], Any]
"""Returns the value as the program wants it; raises ValueError with what is allowed."""


def whole(low: int, high: int) -> Check:
    """Whole numbers from `low` to `high`."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return check


def number(low: float, high: float, unit: str = "") -> Check:
    """Numbers from `low` to `high`; unit: with a space before it, for the sentence."""

    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"a number from {low:g} to {high:g}{unit}")
        return float(value)

    return check


def one_of(*allowed: object) -> Check:
    """These values and no other."""

    def check(value: object) -> object:
        # True == 1 in Python, but not for a person who reads the file.
        if not any(value == other and type(value) is type(other) for other in allowed):
            raise ValueError(" or ".join(as_toml(other) for other in allowed))
        return value

    return check


def a_pin(value: object) -> int | None:
    """A GPIO number, or "none"."""
    if value == "none":
        return None
    try:
        return int(whole(0, 27)(value))
    except ValueError:
        raise ValueError('a GPIO number (BCM) from 0 to 27, or "none"') from None


def some_pins(value: object) -> tuple[int, ...] | None:
    """GPIO numbers, or "none"."""
    if value == "none":
        return None
    wanted = 'GPIO numbers (BCM) from 0 to 27, such as [5, 6, 13, 19], or "none"'
    if not isinstance(value, list) or not value:
        raise ValueError(wanted)
    try:
        return tuple(int(whole(0, 27)(each)) for each in value)
    except ValueError:
        raise ValueError(wanted) from None


def a_region(value: object) -> Region:
    """The text of a region."""
    if not isinstance(value, str):
        raise ValueError('"spot", "whole", "best" or "x,y,w,h" in fractions of the frame')
    return parse(value)


def a_sha256(value: object) -> str:
    """64 digits."""
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{64}", value):
        raise ValueError("the SHA-256 of a model, 64 digits, as `focuscam calibrate` writes it")
    return value


def an_address(value: object) -> str:
    """An address of this machine."""
    wanted = 'an address such as "127.0.0.1" (this machine alone) or "0.0.0.0" (whoever reaches it)'
    try:
        return str(ipaddress.ip_address(value if isinstance(value, str) else ""))
    except ValueError:
        raise ValueError(wanted) from None


def a_path(value: object) -> Path:
    """A path that a file can have."""
    if not isinstance(value, str) or not value or "\0" in value or len(os.fsencode(value)) >= 4096:
        raise ValueError("a path in quotes")
    return Path(value)


def as_toml(value: object) -> str:
    """A value as it would stand in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | Path):  # as JSON writes a text, but for DEL
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)
