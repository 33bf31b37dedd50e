"""One page that is open: between its WebSocket and a connection to the daemon that is its own."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from focuscam.commands import written
from focuscam.errors import FocuscamError
from focuscam.ipc.client import ANSWER_S, Link, Message
from focuscam.page import telling
from focuscam.page.pace import Pace
from focuscam.page.stills import Stills
from focuscam.page.wishes import Ask, Look, Took, Wrong, understood

QUICK_S, SLOW_S = 0.1, 1.0
"""From one reading that is sent to the next, s: where it is shown or heard, and where it is not."""
STATUS_S = 1.0
"""From one question how the daemon stands to the next, s. So the page hears of us as often, or misses us."""
AGAIN_S = 1.0
"""From one try to reach a daemon to the next, s."""
STUCK_S = 10.0
"""A page that takes nothing for so long is gone, s."""
LINES_A_SECOND, LINES_AT_ONCE = 60.0, 120.0
"""What a page may say; one that says more is none of ours."""
MOST_ASKED = 8
"""Commands that wait for the daemon's answer."""
RATES = (1, 2, 3, 5, 8, 11, 15)
"""Pictures a second that are asked for: few, so that not every picture changes the wish."""


class Visit:
    """Tells the page what the daemon tells, and the daemon what the page wishes. `run` is all of it."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        connect: Callable[[], Link],
        stills: Stills,
        forbidden: str | None,
    ) -> None:
        """connect: reaches the daemon; raises FocuscamError where there is none. forbidden: why the page may change
        nothing; None: it may.
        """
        self._socket = socket
        self._connect = connect
        self._stills = stills
        self._forbidden = forbidden
        self._link: Link | None = None
        self._look = Look()
        self._pace = Pace()
        self._watching: dict[str, Any] = {}
        self._asked: dict[int, int] = {}
        """The page's number of each command that the daemon has not answered, by the daemon's."""
        self._saved: tuple[object, object] | None = None
        self._delay: float | None = None
        self._taken: float | None = None

        # What waits to be sent. Of readings, states, maps and pictures the newest wins.
        self._wake = asyncio.Event()
        self._lines: deque[str] = deque([telling.hello()], maxlen=40)
        self._state: dict[str, object] | None = None
        self._names: list[str] = []
        self._reading: dict[str, object] | None = None
        self._light: object = None
        self._next_reading = 0.0
        self._map: str | None = None
        self._picture: Message | None = None

    async def run(self) -> None:
        """Until the page goes."""
        tasks = [asyncio.create_task(each()) for each in (self._hear, self._send, self._follow)]
        try:
            await self._until_one_ends(tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _until_one_ends(self, tasks: list[asyncio.Task[None]]) -> None:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            error = task.exception()
            if error is not None and not isinstance(error, ConnectionError | TimeoutError):
                raise error

    # From the page.

    async def _hear(self) -> None:
        left, then = LINES_AT_ONCE, time.monotonic()
        async for message in self._socket:
            now = time.monotonic()
            left, then = min(LINES_AT_ONCE, left + (now - then) * LINES_A_SECOND) - 1, now
            if message.type is not WSMsgType.TEXT or left < 0:
                return
            with contextlib.suppress(FocuscamError):  # the daemon has just gone: `_follow` will see it
                self._obey(understood(message.data), now)

    def _obey(self, said: Look | Took | Ask | Wrong, now: float) -> None:
        match said:
            case Look():
                self._look = said
                if not said.pictures:
                    self._picture = self._map = None
                self._watch()
            case Took():
                self._pace.took(now)
                if self._taken is not None:
                    delay, self._taken = now - self._taken, None
                    self._delay = delay if self._delay is None else 0.8 * self._delay + 0.2 * delay
                self._wake.set()
            case Ask(name, command):
                self._order(name, dict(written(command)))
            case Wrong(name, why):
                self._answer(name, why)

    def _order(self, name: int, asked: dict[str, object]) -> None:
        if self._forbidden:
            return self._answer(name, self._forbidden)
        if self._link is None:
            return self._answer(name, "The daemon is away just now.")
        if len(self._asked) >= MOST_ASKED:
            return self._answer(name, "Too much waits for the daemon; try again in a moment.")
        self._asked[self._link.send(**asked)] = name  # type: ignore[arg-type]
        return None

    def _answer(self, name: int | None, why: str | None) -> None:
        self._lines.append(telling.line("answer", id=name, ok=why is None, why=why))
        self._wake.set()

    # From the daemon.

    async def _follow(self) -> None:
        while True:
            try:
                self._link = await _unless_gone(self._connect)
                await self._stay(self._link)
            except FocuscamError as error:
                why = str(error)
            finally:
                if self._link is not None:
                    self._link.__exit__(None, None, None)
                self._link, self._watching = None, {}
            for name in self._asked.values():
                self._answer(name, why)
            self._asked.clear()
            self._reading = self._picture = self._map = None
            self._tell_state({"there": False, "why": why, "released": False, "can": {}})
            await asyncio.sleep(AGAIN_S)

    async def _stay(self, link: Link) -> None:
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(link.fileno(), ready.set)
        try:
            self._watch()
            heard = time.monotonic()
            asked, waiting = -STATUS_S, 0
            while True:
                now = time.monotonic()
                if now - heard > ANSWER_S:
                    raise FocuscamError("The daemon does not answer.")
                if not waiting and now - asked >= STATUS_S:
                    waiting, asked = link.send("status"), now
                try:
                    async with asyncio.timeout(STATUS_S / 4):  # Python 3.11's wait_for may swallow a cancellation
                        await ready.wait()
                except TimeoutError:
                    continue
                ready.clear()
                for message in link.receive():
                    heard = time.monotonic()
                    if message.get("type") == "answer" and message.get("id") == waiting:
                        waiting = 0
                        await self._stands(message)
                    else:
                        self._take(message, heard)
                self._watch()
        finally:
            loop.remove_reader(link.fileno())

    def _take(self, message: Message, now: float) -> None:
        match message.get("type"):
            case "reading":
                self._reading = telling.reading(message)
                if message.get("light") != self._light:
                    self._light = message.get("light")
                    self._next_reading = now
            case "picture":
                self._picture = message
            case "map":
                self._map = telling.line("map", score=message["score"])
            case "notice":
                self._lines.append(telling.line("notice", text=str(message["text"])[: telling.LONGEST_SENTENCE]))
            case "answer":
                name = self._asked.pop(message["id"], None) if isinstance(message.get("id"), int) else None
                if name is not None:
                    self._answer(name, None if message.get("ok") else str(message.get("why")))
        self._wake.set()

    async def _stands(self, status: Message) -> None:
        """How the daemon stands: also where no reading comes."""
        stills = status.get("stills") or {}
        saved = stills.get("folder"), stills.get("saved")
        if saved != self._saved:
            self._saved = saved
            self._stills.are_in(stills.get("folder"))
            self._names = await asyncio.to_thread(self._stills.last)
        released = bool(status.get("released"))
        self._tell_state(
            {"there": True, "why": None, "released": released, "can": telling.may(status, self._forbidden)}
        )

    def _tell_state(self, state: dict[str, object]) -> None:
        self._state = {**state, "stills": self._names, "delay": self._delay and round(self._delay, 3)}
        self._wake.set()

    def _watch(self) -> None:
        """Ask the daemon for what the page can show."""
        if self._link is None:
            return
        look = self._look
        rate = next(each for each in RATES if each >= self._pace.rate)
        wanted: dict[str, Any] = {"readings": True}
        if look.pictures:
            wanted |= {"pictures": rate, "box": look.box, "width": self._pace.width(look.width), "map": look.map}
        if wanted != self._watching:
            self._watching = wanted
            self._link.send("watch", **wanted)

    # To the page.

    async def _send(self) -> None:
        while True:
            now = time.monotonic()
            if (said := self._next(now)) is None:
                self._wake.clear()
                due = min(
                    self._next_reading if self._reading else math.inf, self._pace.due if self._picture else math.inf
                )
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(max(due - now, 0.001), STATUS_S)):
                        await self._wake.wait()
                continue
            async with asyncio.timeout(STUCK_S):
                if isinstance(said, bytes):
                    self._pace.sent(len(said), now)
                    await self._socket.send_bytes(said)
                else:
                    await self._socket.send_str(said)

    def _next(self, now: float) -> str | bytes | None:
        """What is to be sent first: pictures come last, so that nothing waits for them."""
        if self._lines:
            return self._lines.popleft()
        if self._state is not None:
            state, self._state = self._state, None
            return telling.line("state", **state)
        if self._reading is not None and now >= self._next_reading:
            reading, self._reading = self._reading, None
            self._next_reading = now + (QUICK_S if self._look.quick else SLOW_S)
            return telling.line("reading", **reading)
        if self._map is not None:
            said, self._map = self._map, None
            return said
        if self._picture is not None and self._pace.ready(now):
            picture, self._picture = self._picture, None
            self._taken = picture.get("taken")
            try:
                return telling.picture(picture)
            except (ValueError, KeyError):
                return None
        return None


async def _unless_gone(connect: Callable[[], Link]) -> Link:
    """A connection to the daemon; one that comes when nobody waits for it any more is closed."""
    made = asyncio.get_running_loop().run_in_executor(None, connect)
    try:
        return await asyncio.shield(made)
    except asyncio.CancelledError:
        made.add_done_callback(_close)
        raise


def _close(made: asyncio.Future[Link]) -> None:
    if not made.cancelled() and made.exception() is None:
        made.result().__exit__(None, None, None)
