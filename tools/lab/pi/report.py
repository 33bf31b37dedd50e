"""The instructions of a step on both kinds of Pi system, as a table, and against the figures that are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from focuscam.messages import Frame
from lab.pi import machine

KEPT = Path(__file__).parent / "figures.json"
"""Millions of instructions by system and job, as they were when somebody last found them right."""
FRAME = "frame.npz"
"""What the steps look at, beside the checkout in a root."""
SYSTEMS = {"trixie": "litert", "bookworm": "tflite"}
"""Each release and the runtime that it has."""
GROWN = 1.05
"""Times the kept figure from which a step has grown: the count itself repeats to a per cent."""
STEPS = ("whole step", "whole step, spot", "focus map")
"""What must not grow. The parts are there to see where it comes from."""
CLOCK = 1500
"""Million cycles a second of a Pi 4's core."""
A_CYCLE = (1.5, 1.0)
"""Instructions that it does a cycle in such work: at best, and when it waits for memory now and then."""
FRAMES = 30
"""Frames a second."""

Figures = dict[str, dict[str, float]]


def counted(folder: Path, frame: Frame, releases: Iterable[str] = SYSTEMS, jobs: Sequence[str] = ()) -> Figures:
    """Millions of instructions by system and job for such a frame, of all jobs where none is named.

    Raises lab.pi.machine.NoPi. The roots are made in the folder.
    """
    machine.check()
    found = {}
    for release in releases:
        runtime = SYSTEMS[release]
        root = machine.made(folder, release)
        # Made here: emulated, with every block written down, making it takes longer than all that is counted.
        np.savez(root / "src" / FRAME, fine=frame.fine, coarse=frame.coarse)
        count = machine.instructions(root, ["python3", "-m", "lab.pi.steps", runtime, *jobs])
        found[release] = {job: round(each / 1e6, 2) for job, each in count.items()}
    return found


def keep(found: Figures) -> None:
    """Write them to the repository."""
    KEPT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def grown(found: Figures) -> list[str]:
    """A sentence for each step that takes notably more than is kept."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return [
        f"{job} on {release} takes {found[release][job]:.1f} million instructions, {before[job]:.1f} are kept: "
        "make it cheaper again, or keep the new figures with --keep where they are worth it."
        for release, before in kept.items()
        if release in found
        for job in STEPS
        if found[release][job] > GROWN * before[job]
    ]


def table(found: Figures) -> str:
    """As text: instructions, what they would take on a Pi 4, and the share of a core."""
    width = max(len(job) for jobs in found.values() for job in jobs)
    lines = []
    for release, jobs in found.items():
        lines.append(f"{release + ', ' + SYSTEMS[release]:{width}}  million  ms on a Pi 4   of a core at {FRAMES}/s")
        for job, million in jobs.items():
            fast, slow = (million / CLOCK / each * 1000 for each in A_CYCLE)
            share = f"{fast * FRAMES / 10:4.0f} to {slow * FRAMES / 10:.0f} %" if job in STEPS[:2] else ""
            lines.append(f"{job:{width}}  {million:7.2f}  {fast:5.1f} to {slow:.1f}   {share}".rstrip())
    lines.append(
        f"Counted in an emulated Cortex-A72, one thread; the milliseconds are on paper: {CLOCK} MHz and "
        f"{A_CYCLE[1]} to {A_CYCLE[0]} instructions a cycle."
    )
    return "\n".join(lines)
