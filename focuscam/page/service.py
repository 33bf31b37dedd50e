"""The service that serves the page: turned on, turned off, and whether it runs."""

from __future__ import annotations

import subprocess

from focuscam.errors import FocuscamError

UNIT = "focuscam-page.service"


def runs() -> bool:
    """Whether systemd runs it."""
    try:
        asked = subprocess.run(
            ["systemctl", "--quiet", "is-active", UNIT], timeout=10, check=False, capture_output=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return asked.returncode == 0


def turn(on: bool) -> None:
    """Let it run from now on and after each start of the machine, or no more.

    Raises FocuscamError, with what to do, where that fails.
    """
    word = "enable" if on else "disable"
    try:
        done = subprocess.run(
            ["systemctl", "--quiet", word, "--now", UNIT], timeout=60, check=False, capture_output=True, text=True
        )
    except (OSError, subprocess.SubprocessError):
        raise FocuscamError("There is no systemd here that could run it; `focuscam page` serves it by hand.") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        why = lines[0].rstrip(".") if lines else f"systemctl ended with {done.returncode}"
        raise FocuscamError(
            f"systemd did not {word} it ({why}): put `sudo` before the command; where the unit is missing, run "
            "`sudo deploy/install.sh`."
        )
