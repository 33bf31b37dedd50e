"""What the memory of the service goes to: step by step what is imported, when and what it costs, and whole services."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from focuscam.errors import FocuscamError
from focuscam.ipc.client import Link, join
from lab.benchmark import imports
from lab.benchmark.imports import resident

FRAMES = 300
"""So many are scored before a service is looked at: what it needs for them it has by then."""
PATIENCE_S = 120.0
SHOWN = 6
"""Packages of a step that are named, the largest first by their number of modules."""


def steps() -> Iterator[dict[str, Any]]:
    """What a service does until it scores, each step as {"when", "MB", "s", "packages"}, in a fresh process."""
    done = subprocess.run([sys.executable, "-m", imports.__name__], capture_output=True, text=True, check=True)
    yield from map(json.loads, done.stdout.splitlines())


SERVICES = ("recorded frames of 2028x1520", "simulated lens")


def services() -> dict[str, float]:
    """Resident MB of services without readers, each a process of its own, by what they look at."""
    return {name: of(name) for name in SERVICES}


def of(name: str) -> float:
    """Resident MB of one of SERVICES. Raises FocuscamError where it does not come to its frames."""
    if name == "simulated lens":
        return service("sim")
    with tempfile.TemporaryDirectory() as folder:
        return service(_recorded(Path(folder)))


def service(source: str) -> float:
    """Resident MB of a service that has scored FRAMES frames of a source, and has no pins and no readers.

    Raises FocuscamError where it does not come to that.
    """
    with tempfile.TemporaryDirectory() as folder, _running(source, Path(folder) / "socket") as (process, link):
        end = time.monotonic() + PATIENCE_S
        while (link().ask("status").get("frame") or 0) < FRAMES:
            if process.poll() is not None or time.monotonic() > end:
                raise FocuscamError(f"The service did not score {FRAMES} frames of {source}.")
            time.sleep(0.2)
        return resident(process.pid)


@contextmanager
def _running(source: str, socket: Path) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], Link]]]:
    environment = {
        **os.environ,
        "FOCUSCAM_SOCKET": str(socket),
        "GPIOZERO_PIN_FACTORY": "mock",
        "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin",
    }
    command = [sys.executable, "-m", "focuscam", "--source", source]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found: list[Link] = []

    def link() -> Link:
        end = time.monotonic() + PATIENCE_S
        while not found:
            made = join([socket])
            if made is not None:
                found.append(made)
            elif process.poll() is not None or time.monotonic() > end:
                raise FocuscamError(f"The service does not start with {source}.")
            else:
                time.sleep(0.1)
        return found[0]

    try:
        yield process, link
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _recorded(folder: Path) -> str:
    """A folder of photos that lasts for longer than it is looked at."""
    from focuscam.simulation.camera import Simulated

    camera = Simulated(seed=3, paced=False, fps=1)
    for number in range(4):
        Image.fromarray(camera.frame(number).fine).save(folder / f"{number}.jpg", quality=95)
    for number in range(4, int(30 * PATIENCE_S)):
        (folder / f"{number}.jpg").hardlink_to(folder / f"{number % 4}.jpg")
    return str(folder)


def table(rows: Sequence[Mapping[str, Any]], whole: Mapping[str, float]) -> str:
    """Both for people: the steps, each with what it added, and the services."""
    lines = ["| when | MB | added | s | what was imported |", "|---|---|---|---|---|"]
    before = 0.0
    for row in rows:
        named = ", ".join(row["packages"][:SHOWN]) + (", ..." if len(row["packages"]) > SHOWN else "")
        lines.append(f"| {row['when']} | {row['MB']:.0f} | {row['MB'] - before:.1f} | {row['s']:.2f} | {named} |")
        before = row["MB"]
    lines += ["", "| service without readers | resident, MB |", "|---|---|"]
    lines += [f"| {name} | {megabytes:.0f} |" for name, megabytes in whole.items()]
    return "\n".join(lines)
