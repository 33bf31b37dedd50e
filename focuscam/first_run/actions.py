"""The steps in which something is done to the service, and what came of it."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from focuscam.commands import Release, Resume
from focuscam.errors import FocuscamError
from focuscam.recorder.guide import write_sweep
from focuscam.recorder.writing import recorded
from focuscam.session import Session

RELEASED_S = 60.0
STILL_S = 30.0
"""After so long rpicam-still is given up, s."""
BACK_S = 60.0
"""After so long a killed service is given up, s: systemd waits for five seconds, then a camera has to be opened."""
LOOK_S = 0.1


def release(session: Session, folder: Path) -> Mapping[str, Any]:
    """Let another program take a photo. Raises FocuscamError where the camera is not given away."""
    _insist_on_a_service(session)
    session.order(Release(RELEASED_S))
    try:
        # Without the program the light can be looked at all the same.
        told = _photo(folder / "still.jpg") if shutil.which("rpicam-still") else _waited()
    finally:
        session.forget()  # a daemon lets go of who says nothing for so long
        session.order(Resume())
    return told


def _insist_on_a_service(session: Session) -> None:
    if not session.joined:
        raise FocuscamError("This is for the service, and with --source there is none.")


def _photo(file: Path) -> Mapping[str, Any]:
    began = time.monotonic()
    try:
        done = subprocess.run(
            ["rpicam-still", "--nopreview", "--output", file],
            capture_output=True, text=True, errors="replace", timeout=STILL_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return {"rpicam-still": str(error)}
    said = done.stderr.strip().splitlines()[-1:] if done.returncode else []
    return {"rpicam-still": said or "took a photo", "status": done.returncode, "s": round(time.monotonic() - began, 2)}


def _waited() -> Mapping[str, Any]:
    time.sleep(8)
    return {"rpicam-still": "is not here; the camera was free for eight seconds"}


def kill(session: Session, folder: Path) -> Mapping[str, Any]:  # noqa: ARG001 - the shape of an action
    """Kill the service, and wait until it has frames again. Raises FocuscamError where it can't be, or stays away."""
    _insist_on_a_service(session)
    before = session.state
    try:
        done = subprocess.run(
            ["systemctl", "kill", "--signal=KILL", "focuscam"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FocuscamError(f"The service can't be killed: {error}.") from None
    if done.returncode:
        raise FocuscamError(f"The service can't be killed: {done.stderr.strip()}")
    began = time.monotonic()
    while time.monotonic() - began < BACK_S:
        time.sleep(LOOK_S)
        try:
            now = session.state
        except FocuscamError:  # gone, or not back yet; the next look makes a connection anew
            session.forget()
            continue
        if now.get("pid") != before.get("pid") and now.get("frame") is not None:
            return {
                "light before": before.get("light"),
                "back with frames after, s": round(time.monotonic() - began, 1),
            }
    raise FocuscamError(f"The service has not come back within {BACK_S:.0f} s: `systemctl status focuscam` says why.")


def sweep(session: Session, folder: Path) -> Mapping[str, Any]:
    """Record one turn of the ring. Raises FocuscamError where it was no clean one, or can't be kept."""
    place = folder / "sweep"
    shutil.rmtree(place, ignore_errors=True)  # of a turn that went wrong
    with ExitStack() as stack:
        for _ in recorded(stack, session, place, sweep=True):
            pass
    return {"sweep": write_sweep(place)}


ACTIONS: Mapping[str, Callable[[Session, Path], Mapping[str, Any]]] = {"release": release, "kill": kill, "sweep": sweep}
"""By the name of the step."""
