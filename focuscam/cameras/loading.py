"""The picamera2 of this machine, or a sentence that says why there is none that can be used."""

from __future__ import annotations

import importlib.metadata
import logging
import os
from typing import Any

from focuscam.errors import CameraError

INSTEAD = "without a camera, `--source sim` shows a simulated lens"


def picamera2() -> Any:  # noqa: ANN401 - picamera2 is not typed
    """The module, with its chatter held down to warnings. Raises CameraError where it can't be used."""
    # libcamera writes to stderr by itself, and reads this when it is loaded.
    os.environ.setdefault("LIBCAMERA_LOG_LEVELS", "*:ERROR")
    try:
        import picamera2
    except ImportError as error:
        raise CameraError(
            f"No Raspberry Pi camera can be used here ({error}); on a Raspberry Pi type `sudo apt install "
            f"python3-picamera2` and make the virtual environment with --system-site-packages; {INSTEAD}."
        ) from None
    except Exception as error:  # such as a numpy that apt's simplejpeg was not built for
        raise CameraError(
            f"picamera2 is installed but does not load ({sentence(error)}); its numpy may be another one than apt's: "
            "type `sudo apt install --reinstall python3-picamera2 python3-numpy` and install focuscam again."
        ) from error
    logging.getLogger("picamera2").setLevel(logging.WARNING)
    if not hasattr(picamera2.Picamera2, "cancel_all_and_flush"):
        version = importlib.metadata.version("picamera2")
        raise CameraError(f"picamera2 {version} is too old: type `sudo apt update && sudo apt full-upgrade`.")
    return picamera2


def sentence(error: BaseException) -> str:
    """The innermost reason, without the full stop that some end with."""
    while error.__cause__ is not None:
        error = error.__cause__
    return (str(error) or type(error).__name__).strip().rstrip(".")
