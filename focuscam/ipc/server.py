"""The daemon's socket: shows readers what the loop sees, and puts what they wish into its queue.

A thread of its own does all of it. The loop leaves what it has just seen and goes on; it never waits for
a reader, and does nothing at all for readers while there are none.
"""

from __future__ import annotations

import logging
import os
import queue
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from focuscam import __version__
from focuscam.commands import Command
from focuscam.ipc import protocol
from focuscam.ipc.pictures import Darkroom, MapMaker, Order
from focuscam.ipc.protocol import Refusal, Rules, line
from focuscam.ipc.reader import ENOUGH, MUCH, Reader
from focuscam.ipc.report import reading_fields, scored
from focuscam.messages import Event, Light, Status
from focuscam.system.threads import NoThreadError, started

log = logging.getLogger(__name__)

MOST_READERS = 8
PATIENCE_S = 10.0
"""A reader goes that leaves things waiting for so long, or wants nothing for so long."""
MOST_COMMANDS = 16
"""That wait for the loop."""
WHOLE_S = 0.5
"""From one picture to keep to the next, at least, whoever asks."""
LINES_A_TURN = 32
"""Of one reader, before the others have their turn."""
LISTENING_SHARE = 0.1
"""The share of a processor that listening may take, however much is said: the loop needs the rest."""
BUFFER = 64 * 1024
"""Bytes that the kernel keeps for a reader: more would only be older news."""
WELCOME_S = 0.01
"""From one new reader to the next, at least: knocking must not cost more than looking."""
TICK_S = 0.5

Shown = tuple[Status, float, Mapping[str, float], Mapping[str, object]]
"""What is kept of an event: not its pixels, which do not last."""


class Server:
    """Shows its readers what the loop sees. Usable in a `with`: entering starts its thread."""

    def __init__(
        self,
        listener: socket.socket | None,
        *,
        commands: queue.SimpleQueue[Command],
        rules: Callable[[], Rules],
        facts: Callable[[], Mapping[str, object]],
        open_maps: Callable[[], MapMaker],
        header: Callable[[], Mapping[str, object]] = dict,
    ) -> None:
        """listener: a socket that listens, or None for readers that are handed over (`adopt`) only.

        commands: the queue that the loop empties. rules: what readers may ask for just now. facts: what holds just now
        that no reading tells, as JSON has it. open_maps: makes what makes focus maps, when one is first wanted.
        header: what a recording begins with.
        """
        self._listener = listener
        self._commands = commands
        self._rules = rules
        self._facts = facts
        self._header = header
        self._readers: dict[int, Reader] = {}
        self._darkroom = Darkroom(self._is_done, open_maps)
        self._selector = selectors.DefaultSelector()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._thread: threading.Thread | None = None
        self._ending = False
        self._began = time.monotonic()
        self._deaf_until = 0.0
        self._next_whole = 0.0
        self._next_welcome = 0.0

        # What the loop and the other threads leave for the socket's thread, and what it leaves for them.
        self._lock = threading.Lock()
        self.orders: frozenset[Order] = frozenset()
        """What is to be made of the next event."""
        self.wants_readings = False
        """Whether anybody wants readings."""
        self._wants_scored = False
        self._scored: deque[dict[str, object]] = deque(maxlen=300)
        """For those who record. Ten seconds of them: a gap in their numbers tells that some were lost."""
        self._wants_pictures = False
        self._seen: deque[dict[str, object]] = deque(maxlen=30)
        self._developed: deque[tuple[Order, bytes | None]] = deque()
        self._notices: deque[str] = deque(maxlen=30)
        self._adopted: deque[tuple[socket.socket, bool]] = deque()
        self._latest: Shown | None = None
        self._times: deque[float] = deque(maxlen=30)

    def __enter__(self) -> Self:
        try:
            self._thread = started(self._serve, "socket")
        except NoThreadError as error:
            if self._listener is None:
                raise
            # A light without a preview is better than no light. Whoever knocks hears at once that there is none.
            log.error("Nobody can look through the preview: %s", error)
            self._listener.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending = True
        self._ring()
        if self._thread is not None:
            self._thread.join(5.0)
        self._darkroom.close()
        for reader in list(self._readers.values()):
            reader.give(line("end", why="focuscam has ended."))
            reader.send()
            self._drop(reader)
        self._selector.close()
        os.close(self._wake)
        if self._listener is not None:
            self._listener.close()

    def show(self, event: Event) -> None:
        """Leave what the loop saw for those who look."""
        self._times.append(time.monotonic())
        self._latest = shown = event.status, event.level, event.frame.metadata, event.facts
        if not self._wants_scored and not self.wants_readings and not self.orders:
            return
        if self._wants_scored:
            self._scored.append(scored(event))
        if self.wants_readings:
            self._seen.append({**self._fields(shown), **event.facts})
        if self.orders:
            with self._lock:
                orders, self.orders = self.orders, frozenset()
            for order in orders:
                self._darkroom.take(order, event.frame, event.sequence)
        self._ring()

    @property
    def waiting(self) -> list[int]:
        """How many bytes wait for each reader. From any thread."""
        return [reader.waiting for reader in list(self._readers.values())]

    @property
    def looked_at(self) -> bool:
        """Whether anybody wants pictures, or the map: whoever does watches the scene itself. From any thread."""
        return self._wants_pictures

    def announce(self, text: str) -> None:
        """Tell every reader something, in a sentence. May be called from any thread."""
        self._notices.append(text)
        self._ring()

    def adopt(self, connection: socket.socket, own: bool = False) -> None:
        """Take a connected socket as a reader. own: it is of this very process, and has all the time it wants."""
        self._adopted.append((connection, own))
        self._ring()

    def _is_done(self, order: Order, made: bytes | None) -> None:
        self._developed.append((order, made))
        self._ring()

    def _ring(self) -> None:
        os.eventfd_write(self._wake, 1)

    # From here on: the socket's thread.

    def _serve(self) -> None:
        self._selector.register(self._wake, selectors.EVENT_READ)
        if self._listener is not None:
            self._listener.setblocking(False)
            self._selector.register(self._listener, selectors.EVENT_READ)
        while not self._ending:
            try:
                self._serve_once()
            except Exception:  # whatever a reader managed to do, the others are still there
                log.exception("Serving the preview failed; going on.")
                time.sleep(TICK_S)

    def _serve_once(self) -> None:
        for key, events in self._selector.select(self._timeout()):
            if key.fileobj is self._listener:
                self._accept()
            elif key.fd == self._wake:
                os.eventfd_read(self._wake)
            else:
                reader = self._readers[key.fd]
                if events & selectors.EVENT_READ:
                    reader.hear()
        while self._adopted:
            self._welcome(*self._adopted.popleft())
        self._answer()
        self._hand_out()
        self._tidy()

    def _timeout(self) -> float:
        now = time.monotonic()
        until = [now + TICK_S]
        if any(reader.has_line and reader.listened_to for reader in self._readers.values()) or self._deaf_until > now:
            until.append(self._deaf_until)
        if self._next_welcome > now:
            until.append(self._next_welcome)
        for reader in self._readers.values():
            until += reader.due
        return max(0.0, min(until) - now)

    def _accept(self) -> None:
        assert self._listener is not None
        self._next_welcome = time.monotonic() + WELCOME_S
        try:
            connection, _ = self._listener.accept()
        except OSError:  # it went away again, or there are no descriptors left
            return
        self._welcome(connection)

    def _welcome(self, connection: socket.socket, own: bool = False) -> None:
        now = time.monotonic()
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        reader = Reader(connection, now, own)
        if len(self._readers) >= MOST_READERS:
            reader.give(line("end", why=f"There are {MOST_READERS} readers already; end one of them."))
            reader.send()
            connection.close()
            return
        reader.give(line("hello", protocol=protocol.VERSION, **self._itself()))
        self._readers[connection.fileno()] = reader
        self._selector.register(connection, selectors.EVENT_READ)

    def _answer(self) -> None:
        """Answer what was asked, in turns, and within the share of time that listening may take."""
        began = time.monotonic()
        if began < self._deaf_until:
            return
        answered = 0
        for reader in self._readers.values():
            for _ in range(LINES_A_TURN):
                if not reader.listened_to:
                    break
                if reader.too_long:
                    reader.give(line("end", why=f"A line was longer than {protocol.LONGEST_LINE} bytes."))
                    reader.leaving = True
                    break
                text = reader.next_line()
                if text is None:
                    break
                reader.give(self._answered(reader, text))
                answered += 1
        if answered:
            self._deaf_until = began + (time.monotonic() - began) / LISTENING_SHARE

    def _answered(self, reader: Reader, text: bytes) -> bytes:
        request = protocol.understood(text, self._rules())
        if isinstance(request, Refusal):
            return line("answer", id=request.id, ok=False, why=request.why)
        now = time.monotonic()
        reader.spoke = now
        facts: dict[str, object] = {}
        match request.do:
            case "watch":
                reader.watch = request.watch
                self._count_wishes()
                if request.watch.frames:
                    facts = {"recording": self._header()}
            case "status":
                facts = self._status()
            case "picture":
                if now < self._next_whole or reader.wants_whole:
                    why = "A picture to keep is being made; ask again in a second."
                    return line("answer", id=request.id, ok=False, why=why)
                self._next_whole = now + WHOLE_S
                reader.wants_whole = True
            case command:
                # The loop may be waiting for a long exposure: what is wished meanwhile must not pile up.
                if self._commands.qsize() >= MOST_COMMANDS:
                    why = "Too many commands wait for the next frame; try again after it."
                    return line("answer", id=request.id, ok=False, why=why)
                self._commands.put(command)
        return line("answer", id=request.id, ok=True, **facts)

    def _itself(self) -> dict[str, object]:
        """What we are and may; how long we have been here, by a clock that nobody sets and by the one on the wall."""
        rules, running = self._rules(), time.monotonic() - self._began
        may = {"commands": rules.allowed, "can": dict(rules.can)}
        return {"focuscam": __version__, **may, "since": round(time.time() - running, 3), "running": round(running, 3)}

    def _status(self) -> dict[str, object]:
        facts: dict[str, object] = {**self._itself(), "pid": os.getpid()}
        now, latest = self._facts(), self._latest
        if latest is None or now["released"]:
            light = Light.RELEASED.value if now["released"] else None
            return facts | {"light": light, "frame": None, **now}
        return {**facts, **now, **self._fields(latest)}

    def _fields(self, shown: Shown) -> dict[str, object]:
        times = list(self._times)
        span = times[-1] - times[0] if len(times) > 1 else 0.0
        return reading_fields(*shown, fps=round((len(times) - 1) / span, 1) if span > 0 else None)

    def _hand_out(self) -> None:
        """Give readers what they want of what there is, and order what they want next."""
        while self._seen:
            self._tell(line("reading", **self._seen.popleft()), lambda reader: reader.watch.readings)
        while self._scored:
            self._tell(line("scored", **self._scored.popleft()), lambda reader: reader.watch.frames > 0, MUCH)
        while self._notices:
            self._tell(line("notice", text=self._notices.popleft()), lambda reader: True)  # noqa: ARG005
        while self._developed:
            self._deliver(*self._developed.popleft())
        now = time.monotonic()
        orders = {order for reader in self._readers.values() for order in reader.orders(now)}
        if orders:
            with self._lock:
                self.orders |= orders

    def _tell(self, text: bytes, wanted: Callable[[Reader], bool], most: int = ENOUGH) -> None:
        """Give a line to those who want such lines, but for those for whom so many bytes wait already."""
        for reader in self._readers.values():
            if wanted(reader) and reader.waiting < most and not reader.leaving:
                reader.give(text)

    def _deliver(self, order: Order, made: bytes | None) -> None:
        for reader in self._readers.values():
            if reader.awaits.get(order.kind) == order:
                del reader.awaits[order.kind]
                reader.give(line("notice", text=f"The {order.kind} could not be made.") if made is None else made)

    def _tidy(self) -> None:
        """Send what waits; let go who has gone, or who does not take what it asked for."""
        now = time.monotonic()
        deaf = now < self._deaf_until
        for reader in list(self._readers.values()):
            late = not reader.own and now - PATIENCE_S
            if late and not reader.watch and reader.spoke < late and not reader.leaving:
                reader.give(line("end", why=f"Nothing was asked for in {PATIENCE_S:g} s."))
                reader.leaving = True
            there = reader.send()
            done = not reader.waiting and (reader.leaving or (reader.ended and not reader.has_line))
            if not there or done or (late and reader.waiting and reader.full_since < late):
                self._drop(reader)
                continue
            events = selectors.EVENT_WRITE if reader.waiting else 0
            if reader.listened_to and not reader.ended and not reader.has_line and not deaf:
                events |= selectors.EVENT_READ
            self._select(reader.connection, events)
        if self._listener is not None:
            self._select(self._listener, 0 if now < self._next_welcome else selectors.EVENT_READ)

    def _select(self, connection: socket.socket, events: int) -> None:
        """Wait for these events from now on."""
        registered = self._selector.get_map().get(connection)
        if registered is None and events:
            self._selector.register(connection, events)
        elif registered is not None and not events:
            self._selector.unregister(connection)
        elif registered is not None and registered.events != events:
            self._selector.modify(connection, events)

    def _drop(self, reader: Reader) -> None:
        del self._readers[reader.connection.fileno()]
        self._select(reader.connection, 0)
        reader.connection.close()
        self._count_wishes()

    def _count_wishes(self) -> None:
        watches = [reader.watch for reader in self._readers.values()]
        self.wants_readings = any(watch.readings for watch in watches)
        self._wants_pictures = any(watch.pictures > 0 or watch.map or watch.frames > 0 for watch in watches)
        self._wants_scored = any(watch.frames > 0 for watch in watches)
