"""A running loop, the same to whoever looks: in this process, or behind the socket of a daemon.

    with session as it:
        it.order(SetRegion(parse("best")))
        for seen in it.events():
            print(seen.told["light"])

Which of the two it is, `cli/opening.py` decides.
"""

from __future__ import annotations

import math
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from focuscam.commands import Command, Keep, Release, TakeStill, written
from focuscam.errors import FocuscamError, ImpossibleError, RefusedError
from focuscam.ipc.client import Link, join, running
from focuscam.ipc.expected import Said, strange

if TYPE_CHECKING:  # a session with a daemon needs neither numpy nor a network
    from focuscam.daemon.loop import Loop
    from focuscam.ipc.server import Server
    from focuscam.messages import Away, Event

Told = Mapping[str, Any]
"""What is told of a frame, or of how the loop stands: the fields of a `reading` and a `status`.
docs/reference/protocol.md has them all."""

LOOK_S = 0.1
"""From one look at what came of a command to the next, s."""

SETTLED_S = 1.0
"""How long a camera that was just opened needs to find its exposure and white balance, s."""

EXPOSURES = 4
"""So many of them may pass before a command was obeyed, beside its own time."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame that was scored."""

    told: Told
    event: Event | None = None
    """Of a loop in this process: all of it, nothing rounded, with the frame itself."""


class Session(ABC):
    """A running loop, the same to whoever looks, wherever it runs.

        with session as it:
            it.order(SetRegion(parse("best")))
            for seen in it.events():
                print(seen.told["light"])

    Leaving the `with` ends a loop of our own, and the connection to a daemon's.
    """

    silence_s = math.inf
    """A loop without a frame for so long, s, is an error for whoever iterates its events."""
    joined = False
    """Whether its loop goes on by itself: a daemon's. Else it goes on while its events are iterated."""

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @abstractmethod
    def events(self) -> Generator[Seen, None, None]:
        """Each frame that is scored, until the source ends or whoever iterates breaks.

        Of files none is passed over; of a daemon those that come faster than they are taken. Raises FocuscamError where
        the camera fails or the daemon goes.
        """

    @property
    @abstractmethod
    def state(self) -> Told:
        """How the loop stands just now. Raises FocuscamError where the daemon has gone."""

    @property
    @abstractmethod
    def link(self) -> Link:
        """For those who look: over it they ask for readings, pictures and maps, and send what their keys wish.

        For one thread at a time. Raises FocuscamError where there is no daemon any more.
        """

    @abstractmethod
    def connect(self) -> Link:
        """One more connection, for one more who looks; whoever asked closes it. From any thread.

        Raises FocuscamError where there is no daemon.
        """

    def suspend(self, process: Callable[[], None]) -> None:
        """Let `process` stand still, as by Ctrl-Z, whoever else goes on; `link` may be another one afterwards.

        Raises FocuscamError where the daemon has gone meanwhile.
        """
        process()

    @abstractmethod
    def wish(self, command: Command) -> None:
        """Let it be obeyed, and do not wait; a signal handler may."""

    @abstractmethod
    def order(self, command: Command) -> str:
        """Let it be obeyed, and wait for what comes of it: of a still its path, of what is kept a sentence, else "".

        Raises RefusedError, with the reason, where that can't be done, FocuscamError where it fails or takes too long.
        """

    def forget(self) -> None:  # noqa: B027 - a loop of our own has no connection
        """Let go of a connection that has come to its end, so that the next look makes a new one."""

    def settle(self) -> None:  # noqa: B027 - a daemon's camera has been open for long
        """Let a camera that was just opened find its exposure."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is waited for after a command."""

    patience_s: float
    came: Callable[[Told, Told, Sequence[str]], str | None]
    """Of the state before, the state now and what was said since: what came of it; None: nothing yet."""
    late: str
    """What to say where nothing comes in time."""


def _still(before: Told, now: Told, said: Sequence[str]) -> str | None:  # noqa: ARG001
    was, stills = before["stills"], now["stills"]
    if was is None:
        raise strange("it takes stills, but tells nothing of them")
    if stills is None or stills["asked"] <= was["asked"]:
        return None
    if stills["file"] is None:
        raise FocuscamError(str(stills["why"]))
    return str(stills["file"])


OUTCOMES: Mapping[type[Command], Outcome] = {
    # A mode switch there and back, and a slow card.
    TakeStill: Outcome(20.0, _still, "The still was not taken in time; `journalctl -u focuscam` may say why."),
    Release: Outcome(
        15.0,
        lambda before, now, said: "" if now["released"] else None,  # noqa: ARG005
        "The daemon does not let go of the camera; `sudo systemctl stop focuscam` makes it.",
    ),
    Keep: Outcome(
        5.0,
        lambda before, now, said: said[0] if said else None,  # noqa: ARG005
        "The daemon has not said whether it kept that: look at its log.",
    ),
}
"""The commands of which more comes than that they are obeyed. What a search for focus finds, its events tell."""


class RemoteSession(Session):
    """A daemon, over its socket.

        RemoteSession(running(places), places)

    Where the connection was left, the next wish makes a new one.
    """

    joined = True

    def __init__(self, link: Link, places: Sequence[Path] = ()) -> None:
        """link: to the daemon. places: where it may be found again."""
        self._link: Link | None = link
        self._places = places

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def events(self) -> Generator[Seen, None, None]:  # noqa: D102
        link = self.link
        link.ask("watch", readings=True)
        heard = time.monotonic()
        try:
            while time.monotonic() - heard < self.silence_s:
                for message in link.receive(1.0):
                    if message.get("type") == "reading":
                        heard = time.monotonic()
                        yield Seen(_without(message, "type"))
        finally:
            self._leave()  # a daemon does not wait for who is sent readings and takes none
        raise FocuscamError("The daemon has no frames: if the camera is released, `focuscam resume` takes it back.")

    @property
    def state(self) -> Told:  # noqa: D102
        answer = self.link.ask("status")
        return _without(answer, "type", "id", "ok")

    @property
    def link(self) -> Link:  # noqa: D102
        if self._link is None:
            self._link = running(self._places)
        return self._link

    def connect(self) -> Link:  # noqa: D102
        return running(self._places)

    def suspend(self, process: Callable[[], None]) -> None:  # noqa: D102
        self._leave()
        process()
        self._link = join(self._places)
        if self._link is None:
            raise FocuscamError("The daemon has gone meanwhile.")

    def forget(self) -> None:  # noqa: D102
        self._leave()

    def wish(self, command: Command) -> None:  # noqa: D102
        self.link.send(**_asked(command))

    def order(self, command: Command) -> str:  # noqa: D102
        link, outcome = self.link, OUTCOMES.get(type(command))
        if command.do not in link.hello["can"]:
            raise RefusedError(f"The running daemon is older and can't do that ({command.do}); restart it.")
        before = link.ask("status") if outcome else {}
        link.notices.clear()
        link.order(**_asked(command))
        if outcome is None:
            return ""
        deadline = time.monotonic() + outcome.patience_s + EXPOSURES * float(before.get("exposure") or 0.0)
        while (came := outcome.came(before, link.ask("status"), link.notices)) is None:
            if time.monotonic() > deadline:
                raise FocuscamError(outcome.late)
            link.receive(LOOK_S)
        return came

    def _leave(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.__exit__(None, None, None)


class LocalSession(Session):
    """A loop in this process: it goes on only while its events are iterated, or something is waited for."""

    def __init__(self, loop: Loop, serve: Callable[[Loop], Server] | None = None) -> None:
        """serve: has pictures made of a loop, and maps, once somebody looks; None: nobody does."""
        self.loop = loop
        self._serve = serve
        self._server: Server | None = None
        self._opening = threading.Lock()
        self._link: Link | None = None
        self._stack = ExitStack()
        self._events: Generator[Event | Away, None, None] = iter(loop)
        self._last: Event | None = None
        self._said: deque[str] = deque(maxlen=30)
        self._stack.callback(self._events.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def events(self) -> Generator[Seen, None, None]:  # noqa: D102
        while (event := self._next()) is not None:
            if self._server is not None:
                for sentence in self._said:
                    self._server.announce(sentence)
                self._server.show(event)
            self._said.clear()
            yield Seen(_told(event), event)

    @property
    def state(self) -> Told:  # noqa: D102
        return self.loop.facts if self._last is None else {**_told(self._last), **self.loop.facts}

    @property
    def link(self) -> Link:
        """As a daemon's, within this process. Ask before the first frame: the source may have no more than one."""
        if self._link is None:
            self._link = self._stack.enter_context(self.connect())
        return self._link

    def connect(self) -> Link:  # noqa: D102
        with self._opening:
            if self._server is None:
                assert self._serve is not None, "nobody was to look"
                self._server = self._stack.enter_context(self._serve(self.loop))
        theirs, ours = socket.socketpair()
        self._server.adopt(theirs, own=True)
        return Link(ours)

    def wish(self, command: Command) -> None:  # noqa: D102
        self.loop.commands.put(command)

    def order(self, command: Command) -> str:  # noqa: D102
        outcome, before, began = OUTCOMES.get(type(command)), self.state, self._last is not None
        if began:
            self._refuse(command)
        self.wish(command)
        self._said.clear()
        if self._next() is None and not began:
            raise FocuscamError("There was no frame.")
        if not began:  # what can be done is known once the camera is open
            self._refuse(command)
        if outcome is None:
            return ""
        deadline = time.monotonic() + outcome.patience_s
        while (came := outcome.came(before, self.loop.facts, self._said)) is None:
            if time.monotonic() > deadline:
                raise FocuscamError(outcome.late)
            if self._next() is None:
                time.sleep(LOOK_S / 10)
        return came

    def settle(self) -> None:  # noqa: D102
        while self.loop.live and (event := self._next()) is not None and event.frame.time < SETTLED_S:
            pass

    def _next(self) -> Event | None:
        """The next frame; None where there is none any more, but what was wished is obeyed all the same."""
        from focuscam.messages import Event

        for event in self._events:
            self._said += event.said
            if isinstance(event, Event):
                self._last = event
                return event
        self.loop.obey()
        self._said += self.loop.said()
        return None

    def _refuse(self, command: Command) -> None:
        if why := self.loop.can.get(command.do):
            raise ImpossibleError(why)


def _without(message: Told, *names: str) -> Told:
    """The other fields; one that is missing stays an error for whoever wants it."""
    return Said({name: value for name, value in message.items() if name not in names})


def _asked(command: Command) -> dict[str, Any]:
    """A command as a request."""
    return dict(written(command))


def _told(event: Event) -> Told:
    from focuscam.ipc.report import own_fields

    more = {"region": list(event.status.reading.region), "best": event.status.best}
    return {**own_fields(event), **more, **event.facts}
