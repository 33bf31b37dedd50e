"""What a page is told: of a reading what it shows, with the words and the sound that go with it. Pure."""

from __future__ import annotations

import json
import struct
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

from focuscam.indicators.buzzer import tone_hz
from focuscam.indicators.patterns import LONGEST_S, nearness_of
from focuscam.indicators.sounds import REACHED_S, beeps_a_second
from focuscam.ipc.client import LATE, STALE_S
from focuscam.page.wishes import MAY
from focuscam.tui.curve import SECONDS
from focuscam.tui.words import advice

AS_THEY_ARE = (
    "light", "score", "best", "threshold", "blur_px", "blur", "region", "region_name", "zoom", "locked", "fps",
)  # fmt: skip

LONGEST_SENTENCE = 300


def line(kind: str, **fields: object) -> str:
    """One message for a page."""
    return json.dumps({"type": kind, **fields}, separators=(",", ":"))


def hello() -> str:
    """What a page is told first: how long its curve is, s, and how a beep is made of its rate."""
    return line("hello", seconds=SECONDS, longest=LONGEST_S, reached=REACHED_S)


def reading(told: Mapping[str, Any]) -> dict[str, object]:
    """The fields of a `reading` of docs/protocol.md, as the page shows them.

    `lasts`: s after which it is of the past; `beeps` a second and `tone` in Hz: as the buzzer sounds while it is soft,
    null where it is silent.
    """
    near = nearness_of(told.get("closeness"), told.get("score"), float(told.get("threshold") or 0.5))
    soft = told.get("light") == "off" and near is not None
    lens = told.get("lens")
    return {
        **{name: told.get(name) for name in AS_THEY_ARE},
        "words": advice(told),
        "lasts": round(max(STALE_S, LATE * float(told.get("frame_s") or 0.0)), 2),
        "beeps": round(beeps_a_second(near), 2) if soft and near is not None else None,
        "tone": round(tone_hz(near if soft and near is not None else 1.0)),
        "lens": None if lens is None else {name: lens.get(name) for name in ("searching", "continuous", "said")},
    }


def may(status: Mapping[str, Any], forbidden: str | None) -> dict[str, str | None]:
    """Of each command of the page: None, or why it can't be done just now.

    status: of the daemon. forbidden: why this page may change nothing; None: it may.
    """
    can: Mapping[str, str | None] = status.get("can") or {}
    if not forbidden and status.get("commands") is False:
        forbidden = "Looking only: [socket] commands = false in the settings of the daemon."
    return {do: forbidden or can.get(do, "The running daemon is older and can't do that; restart it.") for do in MAY}


def picture(told: Mapping[str, Any]) -> bytes:
    """A `picture` as bytes: the length of a JSON object (16 bits, little-endian), the object, a JPEG.

    Raises ValueError where it holds none.
    """
    head = json.dumps({"box": told["box"], "frame": told["frame"]}, separators=(",", ":")).encode()
    return struct.pack("<H", len(head)) + head + b64decode(told["jpeg"], validate=True)


def scores(told: Mapping[str, Any]) -> Sequence[object]:
    """A focus map: rows of cells, 0 to 1, null where it can't be told."""
    rows: Sequence[object] = told["score"]
    return rows
