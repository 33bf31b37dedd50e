"""Case after case of damaged input, each in a process of its own, and what they cost."""

from __future__ import annotations

import collections
import importlib
import shutil
import tempfile
import time
from pathlib import Path
from random import Random

import cv2

from lab.fuzzing import inputs, judge, pictures, protocol

KINDS: dict[str, inputs.Kind] = {
    "settings": inputs.settings,
    "card": inputs.card,
    "recording": inputs.recording,
    "sweep": inputs.sweep,
    "picture": pictures.picture,
    "requests": protocol.requests,
    "daemons": protocol.daemons,
}
WEIGHTS = {"picture": 4, "requests": 1}
"""How often a kind has its turn; 2 where it is not named."""


class Tally:
    """What was run, and what it cost."""

    def __init__(self) -> None:
        self.runs: collections.Counter[str] = collections.Counter()
        self.statuses: dict[str, collections.Counter[int]] = collections.defaultdict(collections.Counter)
        self.slowest: dict[str, float] = collections.defaultdict(float)
        self.largest: dict[str, float] = collections.defaultdict(float)
        self.failed: list[int] = []

    def add(self, kind: str, outcome: judge.Outcome) -> None:
        """One more."""
        self.runs[kind] += 1
        self.statuses[kind][outcome.status] += 1
        self.slowest[kind] = max(self.slowest[kind], outcome.seconds)
        self.largest[kind] = max(self.largest[kind], outcome.mib)

    def told(self) -> str:
        """As a table."""
        lines = [f"{'':10} {'cases':>6} {'slowest':>8} {'memory':>9}  statuses"]
        for kind, runs in sorted(self.runs.items()):
            statuses = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses[kind].items()))
            lines.append(f"{kind:10} {runs:6} {self.slowest[kind]:6.1f} s {self.largest[kind]:5.0f} MiB  {statuses}")
        return "\n".join(lines)


def run(seed: int, minutes: float, count: int | None, kind: str | None, case: int | None) -> Tally | None:
    """Try cases for so long, or so many, or one that is told in full; None where what they are made of can't be made.

    kind: this one alone.
    """
    cv2.setNumThreads(1)
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="focuscam-fuzz-") as scratch:
        shared = Path(scratch) / "shared"
        shared.mkdir()
        if judge.run(judge.Case(program=lambda: inputs.prepare(shared)), shared).status:
            return None
        _import_everything()
        ends = time.monotonic() + 60 * minutes
        number = case or 0
        while number < count if count else time.monotonic() < ends:
            _one(number, seed, kind, Path(scratch), tally, case is not None)
            if case is not None:
                break
            number += 1
    return tally


def _one(number: int, seed: int, only: str | None, scratch: Path, tally: Tally, in_full: bool) -> None:
    chance = Random(f"{seed} {number}")
    kind = only or chance.choices(list(KINDS), [WEIGHTS.get(name, 2) for name in KINDS])[0]
    folder = scratch / "case"
    folder.mkdir()
    try:
        case = KINDS[kind](scratch / "shared", folder, chance)
        outcome = judge.run(case, folder)
        tally.add(kind, outcome)
        found = judge.faults(case, outcome)
        if found:
            tally.failed.append(number)
        if found or in_full:
            print(
                f"case {number} ({kind}: {' '.join(map(repr, case.arguments))}): {'; '.join(found) or 'as it should'}"
            )
            err = outcome.err.decode("utf-8", "backslashreplace")
            print("\n".join(f"    {line[:300]!r}" for line in err.splitlines()[-20:]), flush=True)
        if in_full:
            print(outcome.out.decode("utf-8", "backslashreplace")[:3000])
            kept = Path(tempfile.mkdtemp(prefix=f"focuscam-case-{number}-"))
            shutil.copytree(folder, kept, dirs_exist_ok=True, ignore=shutil.ignore_patterns("s"))  # a socket
            print(f"its files are in {kept}")
    finally:
        shutil.rmtree(folder)


def _import_everything() -> None:
    """So that the children need not."""
    for name in (
        "cli.serve", "cli.look", "cli.score", "cli.calibrate", "cli.stages", "lens_report", "doctor.devices",
        "recorder.writing", "recorder.replay", "tui.full_screen",
    ):  # fmt: skip
        importlib.import_module(f"focuscam.{name}")
