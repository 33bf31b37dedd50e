"""The steps of a service until it scores, each with what it imports: `python -m lab.benchmark.imports`.

It prints one JSON object for each, and so imports nothing itself that a step may be the first to want.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def resident(pid: int | str = "self") -> float:
    """Resident memory of a process, MB (2**20 bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(f"process {pid} tells nothing of its memory")


def _taken() -> Iterator[dict[str, Any]]:
    """The steps themselves, in this process."""
    made: dict[str, Any] = {}

    def command_line() -> None:
        import focuscam.cli.serve  # noqa: F401 - for what it takes

    def stages() -> None:
        from focuscam.cli import stages as room

        made["stages"] = room

    def camera_of_a_pi() -> None:
        import focuscam.cameras.picamera  # noqa: F401 - for what it takes; picamera2 itself is the system's

    def network() -> None:
        from focuscam.config import Settings

        made["scorer"] = made["stages"].scorer(Settings())

    def first_score() -> None:
        made["stages"].rehearse(made["scorer"])

    def photos() -> None:
        import focuscam.cameras.recorded  # noqa: F401

    def simulated_lens() -> None:
        import focuscam.simulation.camera  # noqa: F401

    def reader() -> None:
        import focuscam.ipc.pictures  # noqa: F401

    def still() -> None:
        import focuscam.capture.jpeg  # noqa: F401

    named: dict[str, Callable[[], None]] = {
        "the interpreter": lambda: None,
        "the command line": command_line,
        "the stages of the service": stages,
        "the camera of a Pi": camera_of_a_pi,
        "the network": network,
        "the first score": first_score,
        "only where a reader wants pictures": reader,
        "only where a still is taken": still,
        "only with photos as the source": photos,
        "only with the simulated lens": simulated_lens,
    }
    for when, step in named.items():
        before, began = set(sys.modules), time.perf_counter()
        step()
        seconds = time.perf_counter() - began
        new = [name.partition(".")[0] for name in set(sys.modules) - before]
        packages = sorted(set(new) - {"focuscam"}, key=lambda name: (-new.count(name), name))
        yield {"when": when, "MB": resident(), "s": seconds, "packages": packages}


if __name__ == "__main__":
    for row in _taken():
        print(json.dumps(row))
