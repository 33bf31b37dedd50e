"""The terminal: taken over for the view, given back as it was found, and never waited for."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import struct
import sys
import termios
import time
import tty
from types import TracebackType
from typing import Self

from prompt_toolkit.input.vt100_parser import Vt100Parser
from prompt_toolkit.key_binding.key_processor import KeyPress

from focuscam.system.signals import suspend
from focuscam.tui.answers import LIMIT_S, QUESTIONS, Sorter, by_environment

# The other screen, no cursor, no wrapping at the right edge.
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
# Emptied first: tmux 3.3 mixes the two screens where the window has grown meanwhile.
_LEAVE = "\x1b[0m\x1b[H\x1b[J\x1b[?7h\x1b[?25h\x1b[?1049l"
_LEAVE_S = 1.0
"""How long the terminal may take to be given back; a connection that was cut takes nothing any more."""
ESCAPE_S = 0.05
"""After this long without more, an Escape was the key and not the beginning of a sequence."""


class Terminal:
    """Usable in a `with`: entering takes the terminal over, leaving gives it back, whatever happened."""

    def __init__(self) -> None:
        """Raises OSError where there is no terminal."""
        self._in = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._in)
        try:
            # A description of our own: to be written to without waiting, while the shell's stays as it is.
            self._out = os.open(os.ttyname(sys.stdout.fileno()), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            self._out = os.dup(sys.stdout.fileno())
        self._waiting = bytearray()
        self._sorter = Sorter()
        self._keys: list[str] = []
        self._parser = Vt100Parser(self._key)
        self._asked = 0
        self._heard_at = 0.0
        self.able = by_environment(unicode=(sys.stdout.encoding or "").lower().replace("-", "") == "utf8")
        self.answers: list[str] = []
        """The kinds of answers that came, for whoever waits for one; it empties this."""
        self.sent = 0
        """Bytes, for the pace and for tests."""

    def __enter__(self) -> Self:
        self.take()
        self._ask()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_back()
        os.close(self._out)

    def take(self) -> None:
        """Take the terminal over, with an empty screen."""
        now = termios.tcgetattr(self._in)
        # The shell had it meanwhile, and may have changed it; what we made of it is not to be given back.
        if now[3] & termios.ICANON:
            self._before = now
        tty.setcbreak(self._in, termios.TCSANOW)
        ours = termios.tcgetattr(self._in)
        # Ctrl-\ would end the program where it stands, with the terminal in its hands.
        ours[6][termios.VQUIT] = b"\0"
        termios.tcsetattr(self._in, termios.TCSANOW, ours)
        self.write(_ENTER)

    def give_back(self, last: str = "") -> None:
        """Leave the terminal as it was found. May be called again. last: what to send before."""
        with contextlib.suppress(OSError, termios.error):
            # The terminal may be in the middle of a picture that it was not sent to its end.
            self.write("\x1b\\" + last + _LEAVE)
            deadline = time.monotonic() + _LEAVE_S
            while self._waiting and (left := deadline - time.monotonic()) > 0:
                select.select([], [self._out], [], left)
                self.flush()
            # Answers on their way would be typed into the shell.
            if self._asked > 0:
                self._listen_until(time.monotonic() + LIMIT_S)
        self._waiting.clear()
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(self._in, termios.TCSAFLUSH, self._before)

    def stop(self, last: str = "") -> None:
        """Be suspended, as by Ctrl-Z; returns when resumed, with the terminal taken over again."""
        self.give_back(last)
        suspend()
        self.take()

    def size(self) -> tuple[int, int]:
        """rows, columns; and with them the size of a cell, where the terminal tells."""
        try:
            packed = fcntl.ioctl(self._in, termios.TIOCGWINSZ, b"\0" * 8)
        except OSError:
            return 24, 80
        rows, columns, width, height = struct.unpack("HHHH", packed)
        if rows and columns and width // columns and height // rows:
            self.able = self.able.with_answer("cell", f"{height // rows};{width // columns}")
        return rows or 24, columns or 80

    def fileno(self) -> int:
        """To wait for keys."""
        return self._in

    @property
    def out(self) -> int:
        """To wait until more can be written."""
        return self._out

    @property
    def full(self) -> bool:
        """Whether something is yet to be taken by the connection."""
        return bool(self._waiting)

    @property
    def undecided(self) -> bool:
        """Whether it must be asked for keys again after ESCAPE_S."""
        return self._sorter.waiting

    def write(self, text: str) -> None:
        """Send text, now or as soon as the connection takes it."""
        data = text.encode("utf-8", "replace")
        self._asked += text.count("\x1b[5n")
        self._waiting += data
        self.sent += len(data)
        self.flush()

    def flush(self) -> None:
        """Send what waits, as much as is taken just now. Raises OSError where the terminal has gone."""
        try:
            while self._waiting:
                del self._waiting[: os.write(self._out, memoryview(self._waiting)[:65536].tobytes())]
        except BlockingIOError:
            pass

    def typed(self) -> list[str]:
        """The keys that were pressed since, by prompt_toolkit's names. Raises OSError where the terminal has gone."""
        now = time.monotonic()
        if select.select([self._in], [], [], 0)[0]:
            sent = os.read(self._in, 4096)
            if not sent:
                raise OSError("the terminal has gone")
            self._heard_at = now
            self._sort(sent)
        elif self._sorter.waiting and now - self._heard_at >= ESCAPE_S:
            self._sort(b"")
            self._parser.flush()
        keys, self._keys = self._keys, []
        return keys

    def _sort(self, sent: bytes) -> None:
        typed, answers = self._sorter.feed(sent)
        for kind, text in answers:
            self.able = self.able.with_answer(kind, text)
            if kind in ("done", "kind"):
                self._asked -= 1
        self.answers += [kind for kind, _ in answers]
        if typed:
            self._parser.feed(typed.decode("utf-8", "replace"))

    def _key(self, press: KeyPress) -> None:
        self._keys.append(str(getattr(press.key, "value", press.key)))

    def _ask(self) -> None:
        """Ask what it can, and wait for the answers until the last has come or it has taken too long."""
        self.write(QUESTIONS)
        self._asked += 1
        deadline = time.monotonic() + LIMIT_S
        while "kind" not in self.answers and (left := deadline - time.monotonic()) > 0:
            if select.select([self._in], [], [], left)[0]:
                self._keys = self.typed()

    def _listen_until(self, deadline: float) -> None:
        while self._asked > 0 and (left := deadline - time.monotonic()) > 0:
            if select.select([self._in], [], [], left)[0]:
                self.typed()
