"""A terminal without a window: a pty whose other end answers as a terminal would, and remembers the screen (pyte).

Tests look at it, and the moving picture of the README is drawn from it.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyte

ANSWERS = {
    b"\x1b[5n": b"\x1b[0n",
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[>q": b"\x1bP>|emulator(1)\x1b\\",
    b"\x1bP$qm\x1b\\": b"\x1bP1$r0;48:2::1:2:3m\x1b\\",
}
KITTY = {b"\x1b_Gi=7300,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\": b"\x1b_Gi=7300;OK\x1b\\"}
SIXEL = {b"\x1b[c": b"\x1b[?62;4;22c"}

_STRINGS = re.compile(rb"\x1b[P_\]][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[?>]?[\d;]*\$?[pq]|\x1b\\")


class Emulator:
    """Runs a command in a terminal of its own.

    columns, rows: cells of its screen; pixels: (width, height) of each. answers: what it says to which question.
    environment: on top of ours; None: none of ours that says what the terminal can. folder: to start the command in.
    """

    def __init__(
        self,
        command: Sequence[str],
        columns: int = 100,
        rows: int = 30,
        pixels: tuple[int, int] = (8, 16),
        answers: Mapping[bytes, bytes] = ANSWERS,
        environment: Mapping[str, str] | None = None,
        folder: str | Path = ".",
    ) -> None:
        self.answers = answers
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.bytes = 0
        self.sent = bytearray()
        """Everything that was written to the terminal."""
        self._asked = b""
        with warnings.catch_warnings():
            # The child calls exec and nothing else.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.environ.update({"TERM": "xterm-256color", "LANG": "C.UTF-8", **(environment or {})})
            for name in ("NO_COLOR", "COLORTERM", "TMUX") if environment is None else ():
                os.environ.pop(name, None)
            os.execvp(command[0], list(command))
        self.status: int | None = None
        """Of the command's end, once it was waited for."""
        self.resize(columns, rows, pixels)

    def resize(self, columns: int, rows: int, pixels: tuple[int, int] = (8, 16)) -> None:
        """Make the window another size: cells, and (width, height) of a cell in px."""
        self.screen.resize(rows, columns)
        size = struct.pack("HHHH", rows, columns, columns * pixels[0], rows * pixels[1])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)

    def type(self, text: str | bytes) -> None:
        """Press these keys."""
        os.write(self.fd, text.encode() if isinstance(text, str) else text)

    def look(self, seconds: float = 0.0, until: str | None = None) -> str:
        """Take what is written, for so long or until a text is on the screen; returns the screen as text.

        Raises AssertionError where that text does not appear.
        """
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if select.select([self.fd], [], [], min(max(left, 0), 0.05))[0]:
                try:
                    data = os.read(self.fd, 65536)
                except OSError:  # the other end has been closed
                    break
                if not data:
                    break
                self._take(data)
            if until is not None and until in self.text():
                break
            if left <= 0:
                if until is not None:
                    raise AssertionError(f"{until!r} did not appear on:\n{self.text()}")
                break
        return self.text()

    def text(self) -> str:
        """The screen, a line for each row."""
        return "\n".join(self.screen.display)

    def end(self, seconds: float = 10.0) -> int:
        """Wait for the command to end; returns its exit status. Raises AssertionError where it does not."""
        deadline = time.monotonic() + seconds
        while self.status is None:
            self.look(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                self.look(1.0)  # what it wrote last; the pty then tells that its other end is closed
            elif time.monotonic() > deadline:
                raise AssertionError("it did not end; on its screen:\n" + self.text())
        return self.status

    def close(self) -> None:
        """Hang up, as a terminal does that is closed."""
        os.close(self.fd)
        if self.status is None:
            deadline = time.monotonic() + 10
            while not os.waitpid(self.pid, os.WNOHANG)[0]:
                if time.monotonic() > deadline:
                    os.kill(self.pid, 9)
                time.sleep(0.02)

    def _take(self, data: bytes) -> None:
        self.bytes += len(data)
        self.sent += data
        # What pyte does not know, it would print.
        self._stream.feed(_STRINGS.sub(b"", data))
        self._asked += data
        for question, answer in self.answers.items():
            for _ in range(self._asked.count(question)):
                os.write(self.fd, answer)
            self._asked = self._asked.replace(question, b"")
        self._asked = self._asked[-256:]


FOCUSCAM = [sys.executable, "-m", "focuscam"]
