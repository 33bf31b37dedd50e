"""`focuscam capture`: one still now, by the running daemon, or with a camera of our own."""

from __future__ import annotations

import time
from pathlib import Path

from focuscam.cameras import Camera
from focuscam.capture import Capture
from focuscam.coach import Coach
from focuscam.errors import FocuscamError
from focuscam.focus.scorer import Scorer
from focuscam.preview.client import Link
from focuscam.preview.expected import strange

SETTLED_S = 1.0
"""How long a camera that was just opened needs to find its exposure and white balance, s."""

PATIENCE_S = 20.0
"""How long the daemon may take, s: a mode switch there and back and a slow card; exposures are added."""

LOOK_S = 0.1


def take_there(link: Link) -> str:
    """Let the daemon take one; returns where it is. Raises FocuscamError, with the reason, where it can't be had."""
    status = link.ask("status")
    before = status["stills"]
    link.order("capture")
    if before is None:
        raise strange("it takes stills, but tells nothing of them")
    end = time.monotonic() + PATIENCE_S + 4 * float(status.get("exposure") or 0.0)
    while time.monotonic() < end:
        status = link.ask("status")
        stills = status["stills"] or before
        if stills["asked"] > before["asked"]:
            if stills["file"] is None:
                raise FocuscamError(str(stills["why"]))
            return str(stills["file"])
        time.sleep(LOOK_S)
    raise FocuscamError("The daemon has not taken the still in time; `journalctl -u focuscam` may say why.")


def take_here(camera: Camera, scorer: Scorer, threshold: float | None, capture: Capture) -> str:
    """Open the camera and take one; of files, the first. Returns where it is. Raises FocuscamError."""
    coach = Coach(scorer.model.threshold if threshold is None else threshold)
    with capture, camera:
        while True:
            frame = camera.newest()
            if frame is None:
                raise FocuscamError("There was no frame to take a still of.")
            status = coach.update(scorer.score(frame))
            if not camera.live or frame.time >= SETTLED_S:
                break
        capture.want()
        capture.look(frame, status, camera, scorer.score)
    outcome = capture.standing
    if outcome["file"] is None:
        raise FocuscamError(str(outcome["why"] or "The still could not be written in time."))
    return str(Path(outcome["file"]))
