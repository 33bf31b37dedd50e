#!/usr/bin/env -S tools/python
"""Eight readers on the daemon's socket, one of them stopped and one that sends random bytes: does the light notice?

    python tools/readers_soak.py [--minutes 10] [--one-processor]

Runs the real loop on a simulated lens, by turns with nobody looking and with eight readers, and compares: frames a
second, the delay from exposure to the light (the median, and the 99th in a hundred), memory. Ends with 1 where the
readers cost more than 3 % of the frames, a frame of delay, or memory that stays.

`--one-processor` holds the daemon, and nothing else, to one processor, as on the smallest Pi, and lets three readers
look at pictures and focus maps: what is made for them may cost the light less than a frame.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from focuscam.cameras import Fixed
from focuscam.messages import Event

FPS = 30
TURN_S = 15.0
"""Nobody looks, eight look, nobody looks, ...: so long each, so that what else the machine does hits both alike."""
LOOKING = ("look", "look", "look")
"""The readers for whom pictures and maps are made."""
SETTLE_S = 3.0
"""At the beginning of a turn, not counted: programs are being started."""


class Looped(Fixed):
    """A live camera that shows the same seconds of a simulated lens over and over, without the work of simulating."""

    live = True
    description = "a simulated lens, over and over"

    def __init__(self, seconds: float) -> None:
        from focuscam.simulation.camera import Simulated

        lens = Simulated(seed=4, size=(1014, 760), paced=False)
        with lens:
            self._frames = [lens.newest() for _ in range(round(seconds * FPS))]
        self._next = 0

    def __enter__(self):
        self._began = time.monotonic()
        return self

    def __exit__(self, *_):
        pass

    def newest(self):
        """The newest frame of the clock."""
        wait = self._began + self._next / FPS - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        number = max(self._next, int((time.monotonic() - self._began) * FPS))
        self._next = number + 1
        frame = self._frames[number % len(self._frames)]
        return dataclasses.replace(frame, number=number, time=number / FPS, taken=self._began + number / FPS)


class Readers:
    """Eight readers in processes of their own, or those of other kinds."""

    KINDS = ("json", "json", "json", "look", "look", "look", "stopped", "random")

    def __init__(self, place: Path, kinds: tuple[str, ...] = KINDS) -> None:
        self._place = place
        self._kinds = kinds
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def begin(self) -> None:
        """Let all of them look."""
        for kind in self._kinds:
            self._start(kind)

    def mend(self) -> None:
        """Replace those that lost their connection, as they should, so that there are eight again."""
        for kind, process in list(self._running):
            if process.poll() is not None:
                self._running.remove((kind, process))
                self._start(kind)

    def end(self) -> None:
        """Let none of them look."""
        for _, process in self._running:
            process.kill()
        for _, process in self._running:
            process.wait()
        self._running.clear()

    def _start(self, kind: str) -> None:
        command = [sys.executable, __file__, "--reader", kind, "--socket", str(self._place)]
        self._running.append((kind, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)))


def read(kind: str, place: str) -> None:
    """Be a reader of some kind, on any processor."""
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(place)
    if kind == "random":
        while True:
            connection.sendall(os.urandom(4096))
    wants = b'{"do": "watch", "readings": true%s}\n'
    connection.sendall(wants % (b"" if kind == "json" else b', "pictures": 15, "width": 640, "map": true'))
    if kind == "stopped":
        time.sleep(1)
        child = os.fork()
        if child == 0:
            # The parent is stopped, its connection dead; this one wakes it for the end when the daemon has let it go.
            time.sleep(20)
            os.kill(os.getppid(), signal.SIGKILL)
            os._exit(0)
        os.kill(os.getpid(), signal.SIGSTOP)
    while connection.recv(65536):
        pass


def memory() -> float:
    """Resident memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Turns:
    """Watches the loop; begins and ends the turns, and counts."""

    def __init__(self, readers: Readers, minutes: float) -> None:
        self._readers = readers
        self._ends = time.monotonic() + 60 * minutes
        self._looking = True  # so that the first turn is one without
        self._turn_ends = 0.0
        self._counted_from = 0.0
        self._mended = 0.0
        self.counts = {False: [0, 0.0], True: [0, 0.0]}
        self.delays: dict[bool, list[list[float]]] = {False: [], True: []}
        """Of each turn."""
        self.memory: dict[bool, list[float]] = {False: [], True: []}
        self.maps = 0
        """Focus maps made for those who look."""
        self.switches = 0
        self._lit = False

    def take(self, event: Event) -> bool:
        """Count this frame, after all that the loop did for its readers; whether it was the last."""
        now = time.monotonic()
        if now >= self._turn_ends:
            self._close(now)
            if now >= self._ends:
                return True
            self._looking = not self._looking
            self.delays[self._looking].append([])
            if self._looking:
                self._readers.begin()
            else:
                self._readers.end()
            self._turn_ends = now + TURN_S
            self._counted_from = now + SETTLE_S
            return False
        if self._looking and now - self._mended > 1:
            self._mended = now
            self._readers.mend()
        if now >= self._counted_from:
            self.counts[self._looking][0] += 1
            self.delays[self._looking][-1].append(now - event.frame.taken)
            self.switches += event.status.in_focus != self._lit
        self._lit = event.status.in_focus
        return False

    def counting(self, make_map):
        """What makes the same maps, and counts them."""

        def made(frame):
            self.maps += 1
            return make_map(frame)

        return made

    def _close(self, now: float) -> None:
        if self._turn_ends:
            self.counts[self._looking][1] += now - self._counted_from
            self.memory[self._looking].append(memory())
            took = sum(each[1] for each in self.counts.values())
            print(f"\r{took:5.0f} s counted, {self.memory[self._looking][-1]:.0f} MB", end="", file=sys.stderr)


def run(minutes: float, kinds: tuple[str, ...] = Readers.KINDS) -> Turns:
    """Run the loop, by turns with and without readers of these kinds."""
    from focuscam.config import Settings
    from focuscam.daemon.loop import Loop
    from focuscam.focus.model import FocusModel
    from focuscam.focus.scorer import Scorer
    from focuscam.indicators import Indicators
    from focuscam.ipc.listener import listening
    from focuscam.ipc.protocol import Rules
    from focuscam.ipc.server import Server
    from focuscam.region import parse

    def scorer() -> Scorer:
        return Scorer(FocusModel(None), parse("spot"))

    settings = Settings()
    camera = Looped(10)
    with tempfile.TemporaryDirectory() as folder, Indicators(None, None) as indicators:
        place = Path(folder) / "focuscam.sock"
        loop = Loop(camera, settings, scorer(), indicators)
        readers = Readers(place, kinds)
        turns = Turns(readers, minutes)
        with (
            listening(place, True) as listener,
            Server(
                listener,
                commands=loop.commands,
                rules=lambda: Rules(True, loop.can),
                facts=lambda: loop.facts,
                open_maps=lambda: turns.counting(scorer().map),
            ) as server,
        ):
            for event in loop:
                if not isinstance(event, Event):
                    continue
                # The server first: what it costs the loop is in what the turns measure.
                server.show(event)
                if turns.take(event):
                    break
            readers.end()
    return turns


def told(turns: Turns) -> bool:
    """Print what came out; returns whether the readers went unnoticed."""
    import numpy as np

    rate = {looking: count / seconds for looking, (count, seconds) in turns.counts.items()}
    print(f"\n{'':22}{'nobody':>10}{'readers':>12}")
    print(f"{'frames a second':22}{rate[False]:10.2f}{rate[True]:12.2f}   ratio {rate[True] / rate[False]:.3f}")
    late = {}
    for name, share in (("delay, median, ms", 50), ("delay, 99 of 100, ms", 99)):
        # Of the middle turn: another program that takes the processor for a while spoils one or two.
        value = {
            looking: 1000 * float(np.median([np.percentile(each, share) for each in delays if each]))
            for looking, delays in turns.delays.items()
        }
        late[share] = value[True] - value[False]
        print(f"{name:22}{value[False]:10.1f}{value[True]:12.1f}   {late[share]:+.1f}")
    # The first turn of each kind makes what stays, such as the network for the maps.
    kept = [*turns.memory[True][1:]] or turns.memory[True]
    grown = kept[-1] - kept[0]
    print(f"{'memory, MB':22}{turns.memory[False][-1]:10.0f}{turns.memory[True][-1]:12.0f}   grown by {grown:+.1f}")
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"the light switched {turns.switches} times; {turns.maps} maps were made; load of the machine {load}")
    if not turns.maps:
        print("Nobody looked: no focus map was made.")
        return False
    return rate[True] / rate[False] >= 0.97 and late[50] < 1000 / FPS and late[99] < 1000 / FPS and grown < 10


def main() -> int:
    """Parse the options, and run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--reader", choices=sorted(set(Readers.KINDS)), help=argparse.SUPPRESS)
    parser.add_argument("--socket", help=argparse.SUPPRESS)
    parser.add_argument("--one-processor", action="store_true", help="three readers look; the loop has one processor")
    options = parser.parse_args()
    if options.reader:
        with contextlib.suppress(OSError):
            read(options.reader, options.socket)
        return 0
    if options.one_processor:
        hold_to_one_processor()
        return 0 if told(run(options.minutes, LOOKING)) else 1
    return 0 if told(run(options.minutes)) else 1


def hold_to_one_processor() -> None:
    """Begin again on one processor: libraries make threads as they are loaded, which would keep those of now."""
    allowed = os.sched_getaffinity(0)
    if len(allowed) > 1:
        os.sched_setaffinity(0, {max(allowed)})
        os.execv(sys.executable, [sys.executable, *sys.argv])


if __name__ == "__main__":
    sys.exit(main())
