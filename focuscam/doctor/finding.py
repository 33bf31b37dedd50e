"""What the doctor says of one thing, and how it asks the programs of the system."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

_PATIENCE_S = 2.0
"""A program that has not answered by then is given up: who asks the doctor does not want to wait."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    works: bool | None
    """None: not here, and not needed."""
    detail: str
    """What was found; where it does not work, what to type."""


def asked(*command: str, patience_s: float = _PATIENCE_S) -> tuple[bool, str]:
    """Run a program of the system; whether it did what was asked, and what it said, or why it could not."""
    try:
        ran = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=patience_s, env=_plain_words()
        )
    except FileNotFoundError:
        return False, f"there is no {command[0]} here"
    except subprocess.TimeoutExpired:
        return False, f"{command[0]} does not answer"
    except OSError as error:
        return False, f"{command[0]} can't be run: {error.strerror}"
    if ran.returncode == 0:
        return True, ran.stdout.strip()
    return False, (ran.stderr.strip() or ran.stdout.strip() or f"status {ran.returncode}").splitlines()[0]


def _plain_words() -> dict[str, str]:
    """An environment in which programs answer in the words that we know."""
    return {**os.environ, "LC_ALL": "C", "SYSTEMD_COLORS": "0", "SYSTEMD_PAGER": ""}
