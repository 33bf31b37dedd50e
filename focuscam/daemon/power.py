"""Ending the whole machine safely: a plug that is pulled costs cards."""

from __future__ import annotations

import subprocess

_PATIENCE_S = 10


def power_off() -> str:
    """Ask systemd to shut the machine down; a sentence that says what came of it."""
    try:
        subprocess.run(["systemctl", "poweroff"], check=True, capture_output=True, text=True, timeout=_PATIENCE_S)
    except (OSError, subprocess.SubprocessError) as error:
        why = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        return f"The machine could not be shut down ({why[-1] if why else error}): run `sudo poweroff`."
    return "The machine is shutting down; pull the plug when its green light no longer blinks."
