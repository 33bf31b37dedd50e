#!/usr/bin/env -S tools/python
"""Damaged input of everything that focuscam reads: does each end in a sentence and the right exit status?

    tools/fuzz.py [--seed 0] [--minutes 2 | --count N] [--kind settings] [--case 123]

Settings, model cards, recordings, sweeps, pictures, requests to the daemon and what a daemon answers. Each case runs in
a process of its own, and must end by itself: with a status that is right for its kind, within 30 s of a processor and
1 GiB, and without a line on stderr that is no sentence of ours. One with `--case` and the same seed is run again, and
told in full. Ends with 1 where a case did not.
"""

from __future__ import annotations

import argparse
import collections
import importlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random

# One thread: each case is a fork of this process.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[_name] = "1"
for _name in ("STATE_DIRECTORY", "FOCUSCAM_SOCKET", "XDG_RUNTIME_DIR", "NOTIFY_SOCKET", "JOURNAL_STREAM"):
    os.environ.pop(_name, None)
os.environ["GPIOZERO_PIN_FACTORY"] = "mock"
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cv2  # noqa: E402
from fuzzing import inputs, judge, pictures, protocol  # noqa: E402

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


def main() -> int:
    """Parse the options, and run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--count", type=int, help="so many cases, however long they take")
    parser.add_argument("--kind", choices=sorted(KINDS), help="this kind alone")
    parser.add_argument("--case", type=int, help="this case alone, told in full")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="focuscam-fuzz-") as scratch:
        shared = Path(scratch) / "shared"
        shared.mkdir()
        if judge.run(judge.Case(program=lambda: inputs.prepare(shared) or 0), shared).status:
            print("What the cases are made of could not be made.")
            return 1
        _import_everything()
        ends = time.monotonic() + 60 * options.minutes
        number = options.case or 0
        while number < options.count if options.count else time.monotonic() < ends:
            _one(number, options.seed, options.kind, Path(scratch), tally, options.case is not None)
            if options.case is not None:
                break
            number += 1
    print(tally.told())
    print(f"seed {options.seed}: {len(tally.failed)} of {sum(tally.runs.values())} cases did not end as they should")
    return 1 if tally.failed else 0


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


if __name__ == "__main__":
    sys.exit(main())
