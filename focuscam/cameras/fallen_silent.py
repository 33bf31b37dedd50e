"""The end of a process whose camera has fallen silent: it must not wait for it."""

from __future__ import annotations

import atexit
import logging
import os
from typing import Any

from focuscam.errors import FocuscamError
from focuscam.system.saying import leave_quietly


def end_without_closing(picam2: Any) -> None:  # noqa: ANN401
    """Let the process end with the camera open: neither picamera2 nor libcamera may try to stop it at exit."""
    atexit.unregister(picam2.close)
    _given_up.append(picam2)

    def end() -> None:
        logging.shutdown()
        leave_quietly()
        os._exit(FocuscamError.status)

    atexit.register(end)


_given_up: list[Any] = []
"""Cameras that fell silent, kept so that nothing closes them when they are collected."""
