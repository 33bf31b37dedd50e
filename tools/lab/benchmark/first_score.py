"""From the start of the interpreter to the first score, and the memory then: `python -m lab.benchmark.first_score`."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.region import parse
from lab.benchmark.jobs import frame_of_a_camera


def start_up(model: Path | None, repeat: int) -> dict[str, float]:
    """Seconds to the first score of a fresh process, and its memory, MB; median of so many."""
    command = [sys.executable, "-m", __name__, *([str(model)] if model else [])]
    spans, memory = [], []
    for _ in range(repeat):
        start = time.perf_counter()
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        spans.append(time.perf_counter() - start)
        memory.append(float(told))
    return {"start to first score, s": median(spans), "memory after it, MB": median(memory)} | status(repeat)


def status(repeat: int) -> dict[str, float]:
    """Seconds that `focuscam status` takes where no daemon runs: next to nothing but its imports; median of so many."""
    spans = []
    for _ in range(repeat):
        start = time.perf_counter()
        nowhere = {**os.environ, "FOCUSCAM_SOCKET": os.devnull}
        subprocess.run([sys.executable, "-m", "focuscam", "status"], capture_output=True, env=nowhere, check=False)
        spans.append(time.perf_counter() - start)
    return {"focuscam status, s": median(spans)}


if __name__ == "__main__":
    Scorer(FocusModel(Path(sys.argv[1]) if sys.argv[1:] else None), parse("whole")).score(frame_of_a_camera())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
