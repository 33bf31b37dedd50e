"""A status as the fields that programs read: `focuscam --json`."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

from focuscam.commands import written
from focuscam.messages import Event, Status
from focuscam.system.saying import say_json


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


def own_fields(event: Event) -> dict[str, object]:
    """What `focuscam --json` tells of a frame of an own loop."""
    exposure = event.frame.metadata.get("ExposureTime")
    return report(event.status, event.level) | {"exposure": None if exposure is None else exposure / 1e6}


OF_THE_FRAME = ("region_name", "zoom", "locked")
"""What was true of the last frame stands in a status beside what is true now, since both describe one picture."""


def reading_fields(
    status: Status, level: float, metadata: Mapping[str, float], facts: Mapping[str, object], fps: float | None
) -> dict[str, object]:
    """What a daemon tells of a frame. metadata, facts: of that frame. fps: how many it has scored a second."""
    exposure = metadata.get("ExposureTime")
    return {
        **report(status, level),
        "region": status.reading.region,
        "best": _rounded(status.best),
        "fps": fps,
        "age": round(time.monotonic() - status.reading.taken, 4) if status.reading.taken else None,
        "exposure": None if exposure is None else exposure / 1e6,
        "gain": metadata.get("AnalogueGain"),
        **{name: facts.get(name) for name in OF_THE_FRAME},
    }


def scored(event: Event) -> dict[str, object]:
    """Everything about one scored frame, nothing rounded: what a recording keeps of it, beside its pixels."""
    status = event.status
    reading = status.reading
    return {
        "seq": event.sequence,
        "frame": reading.frame,
        "time": reading.time,
        "name": reading.name,
        "commands": [written(command) for command in event.commands],
        "region_name": event.facts["region_name"],
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
        "led": event.level,
        "camera": dict(event.frame.metadata),
    }


def write_line(fields: Mapping[str, object]) -> None:
    """Write one JSON object on a line of its own, at once: a reader may be waiting for it."""
    say_json(json.dumps(fields))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
