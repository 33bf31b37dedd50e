"""A real focuscam whose pins write their history into a file, and whose camera can be made to misbehave.

As a program it measures: `python tests/faults/light_bench.py --busy 4 --trials 20` prints how long after the last
frame the light went dark, at the latest, while so many busy loops run beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

SITE = textwrap.dedent("""
    # Every Python of these tests, the guard's among them, has pins that write down when they are set.
    import os, sys, time
    from gpiozero import Device
    from gpiozero.pins import mock

    class Told(mock.MockPWMPin):
        def _set_state(self, value):
            before = self._state
            super()._set_state(value)
            if value != before:
                told("level", self.info.name, float(value))

        def output_with_state(self, state):
            super().output_with_state(state)
            told("level", self.info.name, float(state))  # a new process does not know what it was

    def told(*words):
        with open(os.environ["BENCH_TOLD"], "a") as file:
            print(time.monotonic(), os.getpid(), *words, file=file, flush=True)

    Device.pin_factory = mock.MockFactory(pin_class=Told)
""")

DRIVER = textwrap.dedent("""
    import ctypes, os, sys, threading, time
    import numpy as np
    import sitecustomize
    from focuscam.cli import stages
    from focuscam.cameras import Fixed
    from focuscam.messages import Frame, Reading

    def hold_the_lock(seconds):
        "Sleep in C without letting go of the interpreter's lock."
        ctypes.PyDLL(None).usleep(int(seconds * 1e6))

    class Bench(Fixed):
        live, description, frame_s = True, "bench", 1 / 30
        number = 0
        def __enter__(self): return self
        def __exit__(self, *_): pass
        def newest(self):
            time.sleep(1 / 30)
            frame = (self.act(self.number) or self).next()
            sitecustomize.told("frame", self.number)
            return frame
        def next(self):
            luma = np.zeros((48, 64), np.uint8)
            self.number += 1
            return Frame(self.number, self.number / 30, luma, luma, taken=time.monotonic())
        def act(self, number):
            pass

    class Sharp:
        class model: threshold, sha256 = 0.5, "0" * 64
        from focuscam.region import parse
        region = parse("spot")
        def score(self, frame):
            return Reading(frame.number, frame.time, None, 0.95, 0.9, "none", 1.0, taken=frame.taken)

    bench, scorer = Bench(), Sharp()
    stages.camera = lambda *_: bench
    stages.scorer = lambda *_: scorer
    {setup}
    from focuscam.cli import main
    status = main(sys.argv[1:])
    sitecustomize.told("ended", status)
    sys.exit(status)
""")


class Bench:
    """The process, and what it told."""

    def __init__(self, folder: Path, setup: str = "", *arguments: object, **environment: str) -> None:
        """setup: Python that makes `bench` (the camera) or `scorer` misbehave, before focuscam starts."""
        (folder / "sitecustomize.py").write_text(SITE)
        (folder / "systemd").mkdir()
        (folder / "systemd" / "__init__.py").touch()
        (folder / "systemd" / "daemon.py").write_text(
            "import sitecustomize\ndef notify(text): sitecustomize.told('notify', *text.split())\n"
        )
        self.told_in = folder / "told"
        self.told_in.write_text("")
        self.runtime = folder / "runtime"
        self.runtime.mkdir(exist_ok=True)
        paths = [str(folder), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        self.environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "BENCH_TOLD": str(self.told_in),
            "RUNTIME_DIRECTORY": str(self.runtime),
            "OMP_NUM_THREADS": "1",
            **environment,
        }
        self.said_in = folder / "said"
        with self.said_in.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-c", DRIVER.replace("{setup}", setup), *map(str, arguments)],
                env=self.environment, stderr=said,
            )  # fmt: skip

    @property
    def said(self) -> str:
        """What it wrote to stderr."""
        return self.said_in.read_text()

    def told(self, kind: str) -> list[tuple[float, list[str]]]:
        """What was told of a kind ("level" of a pin, "frame", "ended"): (monotonic s, the rest)."""
        lines = [line.split() for line in self.told_in.read_text().splitlines()]
        return [(float(line[0]), line[3:]) for line in lines if len(line) > 2 and line[2] == kind]

    def level(self, pin: int = 17) -> float:
        """Of a pin, as it was set last by whatever process."""
        levels = [rest for _, rest in self.told("level") if rest[0] == f"GPIO{pin}"]
        return float(levels[-1][1]) if levels else 0.0

    def until(self, what: object, seconds: float = 30.0) -> None:
        """Wait until a function without arguments gives something true."""
        end = time.monotonic() + seconds
        while not what():  # type: ignore[operator]
            assert time.monotonic() < end, f"it did not happen; said: {self.said}"
            time.sleep(0.02)

    def steady(self) -> None:
        """Wait until the light is steady: lit, and not set again for a while."""
        self.until(lambda: self.level() == 1 and self.told("level")[-1][0] < time.monotonic() - 0.6)

    def end(self) -> None:
        """Kill it."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def busy_loops(count: int) -> Iterator[None]:
    """Other programs that want all of a processor each."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def darkness(folder: Path, late_frame_s: float = 0.0) -> float:
    """How long after the last frame the light went dark, s. late_frame_s: how late that one came."""
    late = f"time.sleep({late_frame_s}) if number == 79 else " if late_frame_s else ""
    bench = Bench(folder, f"bench.act = lambda number: {late}time.sleep(30) if number == 80 else None")
    try:
        bench.until(lambda: len(bench.told("frame")) >= 80, 120)
        last = bench.told("frame")[-1][0]
        bench.until(lambda: bench.level() == 0, 25)
        return bench.told("level")[-1][0] - last
    finally:
        bench.end()


def main() -> None:
    """Print the latest of a number of trials."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--busy", type=int, default=4)
    parser.add_argument("--trials", type=int, default=5)
    parser.add_argument("--late", type=float, default=0.0, help="s that the last frame comes late")
    options = parser.parse_args()
    with busy_loops(options.busy):
        times = []
        for _ in range(options.trials):
            with tempfile.TemporaryDirectory() as folder:
                times.append(darkness(Path(folder), options.late))
    print(
        f"dark {min(times):.2f} to {max(times):.2f} s after the last frame, {len(times)} trials, {options.busy} loops"
    )


if __name__ == "__main__":
    main()
