"""`focuscam status`: one look at the running daemon, for people and for programs."""

from __future__ import annotations

import time
from collections.abc import Iterable

from focuscam.ipc.client import LATE, STALE_S
from focuscam.ipc.report import write_line
from focuscam.session import Session, Told
from focuscam.system.saying import say
from focuscam.tui.words import advice

IN_FOCUS, NOT_IN_FOCUS, CAN_NOT_TELL = 0, 3, 4
"""Exit status of `focuscam status --check`."""


def show_status(session: Session, as_json: bool) -> int:
    """Print one look at the running daemon; 0 in focus, 3 not, 4 where it can't tell."""
    status = session.state
    if as_json:
        write_line(status)
    else:
        for name, value in _lines(status):
            say(f"{name:9}  {value}")
    return _checked(status)


def _checked(status: Told) -> int:
    """What a script is told: a frame that is no more can't tell anything, just as the light goes off then."""
    frame_s = status.get("frame_s") or 0.0
    patience = max(STALE_S, LATE * frame_s) + frame_s  # its age counts from the exposure on
    if status.get("light") not in ("on", "off") or (status.get("age") or 0.0) > patience:
        return CAN_NOT_TELL
    return IN_FOCUS if status["light"] == "on" else NOT_IN_FOCUS


def _lines(status: Told) -> Iterable[tuple[str, str]]:
    score, reason = status.get("score"), status.get("reason")
    light = status.get("light") or "no frame yet"
    yield "light", f"{light} ({reason})" if reason else light
    if status.get("frame") is not None:
        if "phase" in status:
            yield "phase", f"{status['phase']} ({words})" if (words := advice(status)) else str(status["phase"])
        yield "score", "none" if score is None else f"{score:.2f}, comes on at {status['threshold']:.2f}"
        fps = status.get("fps")
        yield "frames", f"number {status['frame']}" + (f", {fps:.0f} a second" if fps else "")
        yield "region", str(status.get("region_name"))
    yield (
        "camera",
        str(status.get("source") or ("other programs may have it" if status.get("released") else "being opened")),
    )
    # An older daemon tells only since when, by a clock that may have been set meanwhile.
    running = float(status["running"]) if "running" in status else time.time() - float(status["since"])
    began = time.localtime(time.time() - running)
    yield "since", f"{time.strftime('%Y-%m-%d %H:%M:%S', began)} ({_span(running)})"
    yield "daemon", f"focuscam {status['focuscam']}, process {status['pid']}"


def _span(seconds: float) -> str:
    seconds = max(seconds, 0.0)
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"
