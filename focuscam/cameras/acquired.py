"""The one Picamera2 that this process makes for a camera, or a sentence that says why there is none."""

from __future__ import annotations

import contextlib
import logging
import os
from typing import Any

from focuscam.cameras import heaps
from focuscam.cameras.holders import camera_devices, forbidden, holders
from focuscam.cameras.loading import INSTEAD, sentence
from focuscam.cameras.loading import picamera2 as _picamera2
from focuscam.errors import CameraBusyError, CameraError


def check(index: int = 0) -> None:
    """Raises CameraError, which says why, where there is no such camera; does not open it."""
    _found(_picamera2(), index)


def _found(picamera2: Any, index: int) -> None:  # noqa: ANN401 - it is not typed
    count = len(picamera2.Picamera2.global_camera_info())
    if count > index:
        return
    hindrance = forbidden(camera_devices())
    if hindrance:
        raise CameraError(f"The camera is forbidden: {hindrance}.")
    if count:
        raise CameraError(f"There is no camera {index}: the first is 0, the last {count - 1}.")
    raise CameraError(f"No camera was found: check its cable and look at `rpicam-hello --list-cameras`; {INSTEAD}.")


def acquired(index: int) -> Any:  # noqa: ANN401 - picamera2 is not typed
    """The Picamera2 of a camera, which is ours until it is closed. Raises CameraBusyError, CameraError."""
    picamera2 = _picamera2()
    _found(picamera2, index)
    heaps.tell_picamera2()
    # Its own words for what went wrong would come before our sentence, and say less.
    logging.getLogger("picamera2").setLevel(logging.CRITICAL)
    camera = picamera2.Picamera2.__new__(picamera2.Picamera2)
    try:
        camera.__init__(index)
        return camera
    except Exception as error:
        # Failing, it leaves one end of its pipe open: a camera that is busy for an hour would use up all there are.
        with contextlib.suppress(AttributeError, OSError):
            os.close(camera.notifyme_w)
        devices = camera_devices()
        by = " and ".join(holders(devices))
        if by or _is_busy(error):
            raise CameraBusyError(f"The camera is busy: {by or 'another program'} holds it; end that first.") from error
        hindrance = forbidden(devices)
        if hindrance:
            raise CameraError(f"The camera is forbidden: {hindrance}.") from error
        raise CameraError(f"The camera can't be opened: {sentence(error)}; check its cable, then reboot.") from error
    finally:
        logging.getLogger("picamera2").setLevel(logging.WARNING)


def _is_busy(error: BaseException | None) -> bool:
    while error is not None:
        if "busy" in str(error).lower():  # libcamera's acquire() has only EBUSY's words to say it
            return True
        error = error.__cause__
    return False
