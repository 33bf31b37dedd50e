"""What was answered so far: a file that grows by an answer at a time, so that a walk can be gone on with."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from focuscam import __version__
from focuscam.errors import FocuscamError
from focuscam.system.files import atomic_write, contents

FOLDER = Path("focuscam-first-run")
"""In the folder in which the command was typed."""
_NOTES = "notes.json"
_MOST_BYTES = 10_000_000


class Notes:
    """The folder of a walk. Each answer is on the disk before the next question is asked."""

    def __init__(self, folder: Path) -> None:
        """Make the folder, or take up the one that is there. Raises FocuscamError where that can't be."""
        self.folder = folder
        self.answers: dict[str, dict[str, Any]] = {}
        """By the name of the step: answer ("yes", "no", "skipped", "failed"), words, seen, at."""
        try:
            folder.mkdir(exist_ok=True)
            told = json.loads(contents(folder / _NOTES, most=_MOST_BYTES))
            self.answers = {str(name): dict(answer) for name, answer in told["answers"].items()}
        except FileNotFoundError:
            self._write()
        except OSError as error:
            raise _unwritable(folder, error) from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise FocuscamError(
                f"{folder / _NOTES} can't be understood: `mv {folder} {folder}.old` lets you begin anew."
            ) from None

    def add(self, step: str, answer: str, words: str, seen: Mapping[str, Any]) -> None:
        """Keep an answer. Raises FocuscamError where it can't be written."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        self.answers[step] = {"answer": answer, "words": words, "at": at, "seen": dict(seen)}
        self._write()

    def answered(self, step: str) -> bool:
        """Whether there is nothing left to ask; what failed is worth another try."""
        return self.answers.get(step, {}).get("answer") in ("yes", "no", "skipped")

    def give_to_who_asked(self) -> None:
        """Let the user have it who typed `sudo`: what root alone may read can't be sent."""
        give_to_who_asked(self.folder, *self.folder.rglob("*"))

    def _write(self) -> None:
        told = {"focuscam": __version__, "answers": self.answers}
        try:
            atomic_write(self.folder / _NOTES, json.dumps(told, indent=1).encode() + b"\n")
        except OSError as error:
            raise _unwritable(self.folder, error) from None


def give_to_who_asked(*paths: Path) -> None:
    """Let the user have these files who typed `sudo`."""
    user, group = os.environ.get("SUDO_UID", ""), os.environ.get("SUDO_GID", "")
    if os.geteuid() == 0 and user.isdigit() and group.isdigit():
        for path in paths:
            os.chown(path, int(user), int(group), follow_symlinks=False)


def _unwritable(folder: Path, error: OSError) -> FocuscamError:
    return FocuscamError(
        f"The answers can't be kept in {folder} ({error.strerror}): make room there, or go to another folder, and type "
        "the same again."
    )
