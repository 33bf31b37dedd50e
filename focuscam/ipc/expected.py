"""What a daemon's lines may hold, as docs/reference/protocol.md tells it: checked once, so that no client doubts it.

A field that is not known here passes as it is; one that is missing is an error where somebody needs it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from focuscam.commands import DECIDING, read
from focuscam.errors import FocuscamError

Check = Callable[[object], bool]
"""Whether a value is what it should be; its docstring says what that is, for the reference of the protocol."""


class Said(dict[str, Any]):
    """An object that a daemon sent. Raises FocuscamError where a field is wanted that it does not have."""

    def __missing__(self, name: str) -> NoReturn:
        raise strange(f'it does not tell "{name}"')


def strange(why: str = "") -> FocuscamError:
    """What is said of a daemon that does not keep to the protocol."""
    return FocuscamError(
        f"What answers on the socket is no focuscam, or a damaged one{f' ({why})' if why else ''}: "
        "check $FOCUSCAM_SOCKET, restart the daemon."
    )


def understood(line: bytes) -> Said:
    """One line of a daemon. Raises FocuscamError where it is not what it should be."""
    try:
        message = json.loads(line, object_hook=Said)
    except (ValueError, RecursionError):
        raise strange() from None
    if not isinstance(message, Said):
        raise strange()
    kind = message.get("type")
    if isinstance(kind, str) and (wrong := _wrong(message, KINDS.get(kind, {}))) is not None:
        raise strange(f'"{wrong}" of its {kind} is {str(message[wrong])[:40]!r}')
    return message


def _wrong(message: Mapping[str, object], fields: Mapping[str, Check]) -> str | None:
    """The first field that is not as it should be."""
    return next((name for name, check in fields.items() if name in message and not check(message[name])), None)


def _told(what: str, check: Check) -> Check:
    """The same, with its words."""
    check.__doc__ = what
    return check


def words(check: Check) -> str:
    """What a value that passes this may be."""
    what = (check.__doc__ or "").rstrip(".")
    return what[:1].lower() + what[1:]


def _range(low: float, high: float) -> str:
    """In words, where a bound is more than a guard against nonsense."""
    if high < 1e15:
        return f", {low:g} to {high:g}"
    return f", {low:g} or more" if low > -1e15 else ""


def _number(low: float = -1e15, high: float = 1e15) -> Check:
    return _told(
        f"number{_range(low, high)}",
        lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high,
    )


def _whole(low: int = 0, high: int = 10**15) -> Check:
    return _told(
        f"whole number{_range(low, high)}",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high,
    )


def _text(value: object) -> bool:
    """Text."""
    return isinstance(value, str) and len(value) <= 4096


def _word(value: object) -> bool:
    """Word."""
    return isinstance(value, str) and len(value) <= 100


def _pixels(value: object) -> bool:
    """Long text."""
    return isinstance(value, str)


def _switch(value: object) -> bool:
    """True or false."""
    return isinstance(value, bool)


def _or_none(check: Check) -> Check:
    return _told(f"{words(check)}, or null", lambda value: value is None or check(value))


def _either(*checks: Check) -> Check:
    return _told(" or ".join(map(words, checks)), lambda value: any(check(value) for check in checks))


def _each(check: Check, least: int = 0, most: int = 1000) -> Check:
    many = f"{most} of them" if least == most else f"{least} to {most} of them" if least else "any number"
    return _told(
        f"list of {words(check)} ({many})",
        lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(check, value)),
    )


def _fields(**fields: Check) -> Check:
    listed = ", ".join(f"`{name}` ({words(check)})" for name, check in fields.items())
    return _told(f"object with {listed}", lambda value: isinstance(value, dict) and _wrong(value, fields) is None)


def _any_of(check: Check) -> Check:
    """An object all of whose values are such."""
    return _told(
        f"object, each of its values {words(check)}",
        lambda value: isinstance(value, dict) and all(map(check, value.values())),
    )


def _command(value: object) -> bool:
    """Command, as a reader sends it."""
    if not isinstance(value, dict) or not isinstance(value.get("do"), str):
        return False
    if value["do"] not in _DECIDING:  # for us it decides nothing; an older daemon tells a release without end as inf
        return _or_none(_either(_text, _switch, _number(0, math.inf)))(value.get("value"))
    try:
        read(value["do"], value.get("value"))
    except ValueError:
        return False
    return True


def _map(value: object) -> bool:
    """Rows of cells, all of one length; each a number, 0 to 1, or null."""
    if not _each(_each(_or_none(_SHARE), 1), 1)(value):
        return False
    assert isinstance(value, list)
    return len({len(row) for row in value}) == 1


_DECIDING = {kind.do for kind in DECIDING}
_SHARE = _number(0, 1)
_BOX = _each(_number(-0.001, 1.001), 4, 4)

_FRAME: Mapping[str, Check] = {
    "frame": _or_none(_whole()),
    "name": _or_none(_text),
    "time": _number(),
    "score": _or_none(_SHARE),
    "certainty": _SHARE,
    "in_focus": _switch,
    "blur": _word,
    "blur_px": _or_none(_number(0)),
    "blur_error": _number(0),
    "contrast": _number(0),
    "closeness": _or_none(_SHARE),
    "phase": _word,
    "scene": _whole(),
    "rested": _number(0),
    "top": _or_none(_number(0)),
    "hint": _or_none(_word),
    "led": _SHARE,
    "light": _or_none(_word),
    "reason": _or_none(_word),
    "threshold": _SHARE,
    "region": _BOX,
    "region_name": _or_none(_word),
    "best": _or_none(_number(0)),
}
"""What all that is told of a scored frame has in common."""

_STANDING: Mapping[str, Check] = {
    **_FRAME,
    "fps": _or_none(_number(0, 10_000)),
    "frame_s": _or_none(_number(0, 1000)),
    "age": _or_none(_number()),
    "exposure": _or_none(_number(0, 300)),
    "gain": _or_none(_number(0)),
    "source": _or_none(_text),
    "zoom": _number(0.001, 1000),
    "locked": _switch,
    "released": _switch,
    "indicators": _each(_word),
    "lens": _or_none(
        _fields(
            position=_number(),
            range=_each(_number(), 2, 2),
            searching=_switch,
            continuous=_switch,
            searches=_whole(),
            looks=_whole(),
            looked_at=_or_none(_number()),
            found=_or_none(_word),
            said=_or_none(_text),
        )
    ),
    "stills": _or_none(
        _fields(asked=_whole(), file=_or_none(_text), why=_or_none(_text), saved=_whole(), folder=_text)
    ),
}

_PICTURE: Mapping[str, Check] = {
    "frame": _whole(),
    "time": _number(),
    "name": _or_none(_text),
    "box": _BOX,
    "width": _whole(1, 100_000),
    "height": _whole(1, 100_000),
    "taken": _or_none(_number()),
    "jpeg": _pixels,
}

KINDS: Mapping[str, Mapping[str, Check]] = {
    "hello": {
        "focuscam": _word,
        "commands": _switch,
        "can": _any_of(_or_none(_text)),
        "since": _number(),
    },
    "answer": {
        **_STANDING,
        "id": _or_none(_either(_whole(), _text)),
        "ok": _switch,
        "why": _or_none(_text),
        "focuscam": _word,
        "pid": _whole(),
        "commands": _switch,
        "can": _any_of(_or_none(_text)),
        "since": _number(),
        "recording": _fields(hold_s=_number(0, 10)),
    },
    "reading": _STANDING,
    "picture": _PICTURE,
    "whole": _PICTURE,
    "map": {"frame": _whole(), "score": _map},
    "scored": {
        **_FRAME,
        "seq": _whole(),
        "frame": _whole(),
        "light": _word,
        "region_name": _word,
        "commands": _each(_command),
        "camera": _any_of(_number()),
        "thumbnail": _pixels,
    },
    "pixels": {
        "seq": _whole(),
        "frame": _whole(),
        "fine": _pixels,
        "coarse": _or_none(_pixels),
        "fine_crc": _whole(),
        "coarse_crc": _or_none(_whole()),
    },
    "notice": {"text": _text},
    "end": {"why": _text},
}
"""By type, by field."""
