"""The other end of the socket: finding a running daemon, and talking to it. The standard library is all it takes.

For programs of your own, too; docs/reference/protocol.md tells what can be asked, and what comes:

    from focuscam.ipc.client import join
    from focuscam.ipc.paths import to_look_at

    with join(to_look_at()) as daemon:
        daemon.ask("watch", readings=True)
        while True:
            for message in daemon.receive(None):
                if message["type"] == "reading":
                    print(message["score"], message["in_focus"])

`join` gives None where no daemon runs. What goes wrong later is a FocuscamError, whose text is a sentence for the user.
"""

from __future__ import annotations

import contextlib
import grp
import json
import os
import random
import select
import socket
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from focuscam.errors import CameraError, FocuscamError, RefusedError
from focuscam.ipc.expected import strange, understood

Message = Mapping[str, Any]

VERSION = 1
"""Of the protocol. Goes up when a reader of before would misunderstand; what it can pass over does not raise it."""

STALE_S, LATE = 1.5, 1.5
"""After so long, s, or so many times as long as a frame takes where that is longer, a reading is of the past.
Longer than the slowest that a daemon may look while nothing moves, twice a second."""

ANSWER_S = 5.0
"""A daemon that is alive has answered by then."""
_SILENT = "The daemon does not answer: type `sudo systemctl restart focuscam`, or end it where it was started by hand."
_CHUNK = 256 * 1024
_MOST = 16 * 1024 * 1024
"""Bytes of one line that a daemon may send: a whole picture takes two of them."""


class Link:
    """A connection to a daemon, usable in a `with`, which closes it.

        with running(to_look_at()) as daemon:
            print(daemon.ask("status")["light"])

    Raises FocuscamError (status 1) once the daemon has gone.
    """

    def __init__(self, connection: socket.socket, patience_s: float = ANSWER_S) -> None:
        """Wait for the daemon's greeting. Raises FocuscamError where it has no place, or speaks another version.

        patience_s: how long an answer may take, s.
        """
        self._connection = connection
        self._patience_s = patience_s
        self._heard = bytearray()
        self._ids = 0
        self.notices: deque[str] = deque(maxlen=30)
        """What the daemon said to all, in sentences: the last ones, also those that came before an awaited answer."""
        self.hello = self._greeting()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def fileno(self) -> int:
        """For select."""
        return self._connection.fileno()

    def send(self, do: str, **fields: object) -> int:
        """Ask for something; returns the id that its answer will have."""
        self._ids += 1
        text = json.dumps({"id": self._ids, "do": do, **fields}).encode() + b"\n"
        try:
            self._connection.settimeout(self._patience_s)
            self._connection.sendall(text)
        except OSError:
            raise _gone() from None
        return self._ids

    def receive(self, wait_s: float | None = 0.0) -> list[Message]:
        """What has come, waiting for the first at most `wait_s` (None: for ever)."""
        if not select.select([self._connection], [], [], wait_s)[0]:
            return []
        try:
            self._connection.settimeout(0)
            sent = self._connection.recv(_CHUNK)
        except BlockingIOError:
            return []
        except OSError:
            sent = b""
        if not sent:
            raise _gone()
        start = len(self._heard)
        self._heard += sent
        end = self._heard.rfind(b"\n", start)
        if end < 0:
            if len(self._heard) > _MOST:
                raise strange()
            return []
        lines = bytes(self._heard[:end]).split(b"\n")
        del self._heard[: end + 1]
        messages: list[Message] = [understood(text) for text in lines]
        for message in messages:
            if message.get("type") == "notice":
                self.notices.append(str(message["text"]))
            if message.get("type") == "end":
                raise FocuscamError(f"The daemon has ended the connection: {message.get('why')}")
        return messages

    def ask(self, do: str, **fields: object) -> Message:
        """Ask, and wait for the answer; what else comes meanwhile is passed over."""
        name = self.send(do, **fields)
        for message in self._within(self._patience_s):
            if message.get("type") == "answer" and message.get("id") == name:
                return message
        raise FocuscamError(_SILENT)

    def order(self, do: str, **fields: object) -> None:
        """Ask for what the daemon may refuse. Raises RefusedError, with its reason, where it does."""
        answer = self.ask(do, **fields)
        if not answer.get("ok"):
            raise RefusedError(str(answer.get("why")))

    def _greeting(self) -> Message:
        for message in self._within(self._patience_s):
            if message.get("type") == "hello":
                if message.get("protocol") != VERSION:
                    raise FocuscamError(
                        f"The running daemon is focuscam {message.get('focuscam')} and speaks another version of the "
                        "protocol; restart it, so that both are of the same version."
                    )
                return message
        raise FocuscamError(_SILENT)

    def _within(self, seconds: float) -> Iterator[Message]:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            yield from self.receive(left)


def join(places: Iterable[Path], patience_s: float = ANSWER_S) -> Link | None:
    """Connect to the daemon at the first of these places that has one; None where there is none.

    Raises CameraError where there is one that we may not talk to, FocuscamError where it has no place for us.
    """
    for place in places:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            _connect(connection, place, patience_s)
            return Link(connection, patience_s)
        except BlockingIOError:
            connection.close()
            raise FocuscamError(
                f"focuscam runs here, but too many others knock at its socket ({place}): try again, or type "
                "`sudo systemctl restart focuscam`."
            ) from None
        except PermissionError:
            connection.close()
            raise CameraError(f"focuscam runs here, but you may not look at it ({place}): {_cure(place)}.") from None
        except OSError:  # nobody has it, or a daemon that was killed left it
            connection.close()
        except FocuscamError:
            connection.close()
            raise
    return None


def _connect(connection: socket.socket, place: Path, patience_s: float) -> None:
    """Connect, however many others knock. Raises BlockingIOError where there was no room all the time."""
    connection.settimeout(patience_s)
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return connection.connect(os.fspath(place))
        except BlockingIOError:  # the queue at the socket is full: a daemon is there
            if time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.001, 0.02))  # not in step with the others


def running(places: Iterable[Path]) -> Link:
    """As `join`, for what can't be done without a daemon. Raises FocuscamError where there is none."""
    link = join(places)
    if link is None:
        raise FocuscamError(
            "focuscam is not running here; `sudo systemctl start focuscam` starts the service, `focuscam` one by hand."
        )
    return link


def _cure(place: Path) -> str:
    """What to do for those who are outside the group that may use the socket."""
    group = "focuscam"
    for path in (place.parent, place):
        with contextlib.suppress(OSError, KeyError):
            group = grp.getgrgid(path.stat().st_gid).gr_name
    if group == "root":
        return "root started it; put `sudo` before the command"
    return f"type `sudo usermod -aG {group} $USER`, log out and in again"


def _gone() -> FocuscamError:
    return FocuscamError("The daemon has gone; `systemctl status focuscam` or its terminal says why.")
