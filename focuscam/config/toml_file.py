"""TOML as people and programs may have left it: read, or refused with a reason that fits into a sentence."""

from __future__ import annotations

import tomllib
from typing import Any

MOST_BYTES = 65_536
"""Ten times what a file has that sets everything and explains it."""

_MOST_DOTS = 64
"""In a line. The parser takes minutes for a key of thousands of parts."""


def tables(content: bytes) -> dict[str, Any]:
    """What a file says, by its content. Raises ValueError with what is wrong with it, as the end of a sentence."""
    if len(content) > MOST_BYTES:
        raise ValueError(f"has more than {MOST_BYTES // 1024} KiB")
    try:
        text = content.decode("utf-8-sig")  # some editors begin a file with a mark that says UTF-8
    except UnicodeDecodeError as error:
        raise ValueError(f"is not TOML: byte {error.start + 1} is no UTF-8") from None
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > _MOST_DOTS and not line.lstrip().startswith("#"):
            raise ValueError(f"is not TOML that anybody would write: line {number} has {line.count('.')} dots")
    try:
        found = tomllib.loads(text)
        _insist_on_short_numbers(found)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"is not TOML: {error}") from None
    except RecursionError:
        raise ValueError("is not TOML that anybody would write: it is nested too deeply") from None
    except ValueError:  # Python reads no more than 4,300 digits
        raise ValueError("is not TOML: a number in it has too many digits") from None
    return found


def _insist_on_short_numbers(value: object) -> None:
    """TOML has whole numbers of 64 bits; the parser takes any, and Python can't write the longest out."""
    if isinstance(value, int) and value.bit_length() > 64:
        raise ValueError
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            _insist_on_short_numbers(each)
