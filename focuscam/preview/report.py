"""A status as the fields that programs read: `focuscam --json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from focuscam.commands import Command, written
from focuscam.messages import Frame, Status
from focuscam.saying import say_json


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
        "blur_px": _rounded(reading.blur_px),
        "blur_error": _rounded(reading.blur_error),
        "contrast": round(reading.contrast, 6),
        "closeness": _rounded(status.closeness),
        "phase": status.phase.value,
        "scene": status.scene,
        "rested": _rounded(status.rested_s),
        "top": None if status.top is None else round(status.top, 6),
        "hint": status.hint,
        "led": level,
        "light": status.light.value,
        "reason": reading.reason,
        "threshold": status.threshold,
    }


def scored(
    sequence: int, status: Status, level: float, frame: Frame, region: str, commands: Iterable[Command]
) -> dict[str, object]:
    """Everything about one scored frame, nothing rounded: what a recording keeps of it, beside its pixels.

    sequence: counts the scored frames. level: what the LED was given. region: what is looked at, by name.
    commands: those that were obeyed since the frame before.
    """
    reading = status.reading
    return {
        "seq": sequence,
        "frame": reading.frame,
        "time": reading.time,
        "name": reading.name,
        "commands": [written(command) for command in commands],
        "region_name": region,
        "region": reading.region,
        "score": reading.score,
        "certainty": reading.certainty,
        "blur": reading.blur,
        "blur_px": reading.blur_px,
        "blur_error": reading.blur_error,
        "contrast": reading.contrast,
        "reason": reading.reason,
        "thumbnail": reading.thumbnail.hex(),
        "threshold": status.threshold,
        "in_focus": status.in_focus,
        "light": status.light.value,
        "closeness": status.closeness,
        "best": status.best,
        "phase": status.phase.value,
        "scene": status.scene,
        "rested": status.rested_s,
        "top": status.top,
        "hint": status.hint,
        "led": level,
        "camera": dict(frame.metadata),
    }


def write_line(fields: Mapping[str, object]) -> None:
    """Write one JSON object on a line of its own, at once: a reader may be waiting for it."""
    say_json(json.dumps(fields))


def write_report(frame: Frame, status: Status, level: float) -> None:
    """Watch the daemon: one JSON object on stdout for each scored frame."""
    exposure = frame.metadata.get("ExposureTime")
    write_line(report(status, level) | {"exposure": None if exposure is None else exposure / 1e6})


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
