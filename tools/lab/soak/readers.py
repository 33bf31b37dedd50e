"""Readers on the daemon's socket, each in a process of its own: `python -m lab.soak.readers KIND SOCKET` is one."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

KINDS = ("json", "json", "json", "look", "look", "look", "stopped", "random")
"""Eight: three of the figures, three of pictures and maps, one that is stopped, one that sends random bytes."""
LOOKING = ("look", "look", "look")
"""The readers for whom pictures and maps are made."""


class Readers:
    """Readers in processes of their own."""

    def __init__(self, place: Path, kinds: tuple[str, ...] = KINDS) -> None:
        self._place = place
        self._kinds = kinds
        self.running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def begin(self) -> None:
        """Let all of them look."""
        for kind in self._kinds:
            self._start(kind)

    def mend(self) -> None:
        """Replace those that lost their connection, as they should, so that there are eight again."""
        for kind, process in list(self.running):
            if process.poll() is not None:
                self.running.remove((kind, process))
                self._start(kind)

    def end(self) -> None:
        """Let none of them look."""
        for _, process in self.running:
            process.kill()
        for _, process in self.running:
            process.wait()
        self.running.clear()

    def _start(self, kind: str) -> None:
        command = [sys.executable, "-m", __name__, kind, str(self._place)]
        self.running.append((kind, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)))


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


if __name__ == "__main__":
    with contextlib.suppress(OSError):
        read(sys.argv[1], sys.argv[2])
