"""Damage to bytes, text and JSON: blind, and of the kinds that readers forget."""

from __future__ import annotations

import json
import math
from random import Random
from typing import Any

NUMBERS: list[Any] = [
    0, -1, 1, 2, 255, 65536, 2**31, 2**53, 2**64, 10**30, -(2**63), 0.5, -0.0, 1e-300, 1e9, 1e300, math.inf, -math.inf,
    math.nan,
]  # fmt: skip
TEXTS = [
    "", " ", "none", "auto", "spot", "0,0,1,1", "0,0,0,0", "1e999,0,1,1", "x" * 5000, "\x00", "a\x00b", "\x1b[2J",
    "\x1b]0;t\x07", "two\nlines", "\u202egnp.exe", "ü" * 300, "\ud800", "../../../etc/passwd", "/dev/zero", "-1", "🙂",
]  # fmt: skip
OTHERS: list[Any] = [None, True, False, [], {}, [[]], {"a": 1}, [1, 2, 3, 4], [0, 0, 0, 0]]


def nested(depth: int) -> object:
    """A list in a list in a list."""
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def odd_value(chance: Random) -> object:
    """A value that is not what a reader expects."""
    return chance.choice([*NUMBERS, *TEXTS, *OTHERS, nested(40)])


def bytes_damaged(content: bytes, chance: Random) -> bytes:
    """Some bytes changed, taken out, doubled or put in; or its end is missing."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        at = chance.randrange(len(made) + 1)
        length = chance.choice((1, 1, 2, 4, 32))
        match chance.randrange(6):
            case 0 | 1:
                made[at : at + 1] = bytes([chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))])
            case 2:
                del made[at : at + length]
            case 3:
                made[at:at] = made[at : at + length]
            case 4:
                made[at : at + length] = chance.randbytes(length)
            case 5:
                made[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", bytes(4), b"\0\1\0\0", b"\x7f\xff\xff\xff"))
    if chance.random() < 0.2:
        del made[chance.randrange(len(made) + 1) :]
    return bytes(made)


def json_damaged(value: object, chance: Random) -> object:
    """A JSON value with one of its parts replaced, renamed, taken out or doubled."""
    value = json.loads(json.dumps(value))
    places = _places(value)
    for _ in range(chance.choice((1, 1, 2, 3))):
        holder, key = chance.choice(places)
        try:
            match chance.randrange(5):
                case 0 | 1 | 2:
                    holder[key] = odd_value(chance)
                case 3:
                    del holder[key]
                case 4 if isinstance(holder, dict):
                    holder[chance.choice(TEXTS)] = holder.pop(key)
                case 4:
                    holder.append(holder[key])
        except (KeyError, IndexError):  # it is gone already
            continue
    return value


def _places(value: object) -> list[tuple[Any, Any]]:
    """Each dict or list in a JSON value, with each of its keys or indices."""
    if not isinstance(value, dict | list):
        return []
    inside = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [(value, key) for key, _ in inside] + [place for _, each in inside for place in _places(each)]


def as_json(value: object) -> bytes:
    """As Python writes it, NaN and halves of letters included."""
    return json.dumps(value).encode("ascii")


def toml_value(chance: Random) -> str:
    """A value as TOML might have it, right or wrong."""
    value = odd_value(chance)
    if isinstance(value, str):
        return json.dumps(value) if chance.random() < 0.8 else f"'{value}'"
    odd = [
        "9" * 5000,
        "0x" + "f" * 5000,
        "1979-05-27T07:32:00Z",
        "1e9999",
        "[" * 500 + "]" * 500,
        "{a={b={c=1}}}",
        "nan",
    ]
    return chance.choice([str(value).lower(), *odd])


def odd_name(chance: Random, suffix: str) -> bytes:
    """A name that a file may have, though nobody would give it."""
    stems = (b"a", b"\xff\xfe", b"\x1b[31mred", b"two\nlines", "\u202egnp".encode(), b"-", b"x" * 200, b" ", b"a%s{}")
    name = chance.choice(stems) + (
        suffix.encode() if chance.random() < 0.8 else chance.choice((b"", b".part", b".dng"))
    )
    return name if name not in (b"-", b" ") else name + b".jpg"
