"""`focuscam doctor --first-run`: asks, looks, writes down, and leaves one archive to send."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from focuscam.cli.opening import places, session, wants_own
from focuscam.errors import FocuscamError, UsageError
from focuscam.first_run.actions import ACTIONS
from focuscam.first_run.archive import packed
from focuscam.first_run.notes import FOLDER, Notes
from focuscam.first_run.steps import STEPS, Step
from focuscam.first_run.watching import watched
from focuscam.ipc.client import running
from focuscam.session import RemoteSession, Session
from focuscam.system.saying import say
from focuscam.system.signals import Stopped, stop_if_asked
from focuscam.tui.line import PreviewLine

_ANSWERS = {"y": "yes", "n": "no", "s": "skipped"}


def run(options: argparse.Namespace, examine: Callable[[], object]) -> None:
    """Walk through what was not answered yet. examine: prints what the doctor says. Raises FocuscamError."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The checklist asks questions: type `sudo focuscam doctor --first-run` in a terminal.")
    own = wants_own(options)
    if not own and os.geteuid() != 0:
        raise UsageError("The checklist kills the service once: type `sudo focuscam doctor --first-run`.")
    with session(options) if own else _service() as looking:
        notes = Notes(FOLDER)
        try:
            for number, step in enumerate(STEPS, 1):
                if not notes.answered(step.name):
                    _go(looking, notes, step, f"{number} of {len(STEPS)}, {step.name}")
        except Stopped:
            _how_to_go_on(notes)
            raise
        finally:
            notes.give_to_who_asked()
    say("", "Packing what was seen, versions, the sweep and the journal ...")
    say(
        f"Done: please send {packed(FOLDER, examine).resolve()}, and look into it first if you like: `tar tf` lists it."
    )


def _service() -> AbstractContextManager[Session]:
    where = places()
    return RemoteSession(running(where), where)


def _go(looking: Session, notes: Notes, step: Step, title: str) -> None:
    say("", f"--- {title} ---", step.do)
    if _asked("Enter when you are ready, s to skip this, Ctrl-C to stop: ").lower().startswith("s"):
        notes.add(step.name, "skipped", "", {})
        return
    seen = _seen(looking, step, notes.folder)
    if "failed" in seen:
        say(f"That did not work: {seen['failed']}", "It is written down; the same command tries it again another time.")
        notes.add(step.name, "failed", "", seen)
        return
    say(*(f"  {name}: {value}" for name, value in seen.items() if value not in (None, {}, [])))
    answer, words = _answer(step)
    notes.add(step.name, answer, words, seen)


def _seen(looking: Session, step: Step, folder: Path) -> dict[str, Any]:
    """What was seen, or why nothing was: that is worth writing down as well."""
    looking.forget()  # a daemon lets go of who says nothing, and somebody may have had to find a lens cap
    try:
        if step.name in ACTIONS:
            return dict(ACTIONS[step.name](looking, folder))
        with PreviewLine() as line:
            figures = watched(looking, step.watch_s, line.show)
        return {"source": looking.state.get("source"), **figures}
    except FocuscamError as error:
        stop_if_asked()
        return {"failed": str(error)}


def _answer(step: Step) -> tuple[str, str]:
    """("yes", "no" or "skipped", what else was said)."""
    say(step.question)
    while True:
        letter, _, words = _asked("y, n, or s to skip; behind it what you saw, in your words: ").partition(" ")
        answer = _ANSWERS.get(letter[:1].lower())
        if answer is not None:
            return answer, words.strip()
        say("Please begin with y, n or s.")


def _asked(question: str) -> str:
    say(question, end="")
    line = sys.stdin.readline()
    if not line:  # Ctrl-D
        raise Stopped
    return line.strip()


def _how_to_go_on(notes: Notes) -> None:
    there = sum(notes.answered(step.name) for step in STEPS)
    say(
        "",
        f"{there} of {len(STEPS)} answers are kept in {notes.folder.resolve()}: "
        "the same command, typed in the same folder, goes on from there.",
    )
