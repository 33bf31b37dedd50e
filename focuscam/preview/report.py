"""A status as the fields that programs read: `focuscam --json`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from focuscam.frame import Frame, Status


def report(status: Status, level: float) -> dict[str, object]:
    """The fields of one scored frame. level: what the LED was given, 0 to 1."""
    reading = status.reading
    return {
        "frame": reading.frame,
        "name": reading.name,
        "time": round(reading.time, 4),
        "score": _rounded(reading.score),
        "certainty": _rounded(reading.certainty),
        "in_focus": status.in_focus,
        "blur": reading.blur,
        "contrast": round(reading.contrast, 6),
        "closeness": _rounded(status.closeness),
        "hint": status.hint,
        "led": level,
        "light": status.light.value,
        "reason": reading.reason,
        "threshold": status.threshold,
    }


def write_line(fields: Mapping[str, object]) -> None:
    """Write one JSON object on a line of its own, at once: a reader may be waiting for it."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def write_report(frame: Frame, status: Status, level: float) -> None:  # noqa: ARG001 - a watcher of the daemon
    """Watch the daemon: one JSON object on stdout for each scored frame."""
    write_line(report(status, level))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
