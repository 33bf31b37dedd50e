"""The connections that are open: not too many, and none that only keeps a place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

MOST = 40
"""A page takes a few while it loads, and one from then on."""
IDLE_S = 15.0
"""Whoever has asked for nothing whole in so long, s, is not waited for: half a request counts as nothing."""
LOOK_S = 1.0


class _Refused(asyncio.Protocol):
    """There is no place: the connection ends at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.abort()


class Connections:
    """Counts them, and ends those that wait for nothing."""

    def __init__(self) -> None:
        self._server: web.Server | None = None
        self._since: dict[object, float] = {}
        self._busy: set[object] = set()

    def door(self, server: web.Server) -> Callable[[], asyncio.BaseProtocol]:
        """What asyncio is to make a connection with."""
        self._server = server
        return lambda: server() if len(server.connections) < MOST else _Refused()

    @contextmanager
    def busy(self, request: web.Request) -> Iterator[None]:
        """While a request of it is answered."""
        connection = request.protocol
        self._busy.add(connection)
        try:
            yield
        finally:
            self._busy.discard(connection)
            self._since[connection] = time.monotonic()

    async def sweep(self) -> None:
        """End those that are idle, for ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            self._end_idle(time.monotonic())

    def _end_idle(self, now: float) -> None:
        assert self._server is not None
        there = self._server.connections
        self._since = {each: self._since.get(each, now) for each in there}
        for each in there:
            if each not in self._busy and now - self._since[each] > IDLE_S and each.transport is not None:
                each.transport.abort()
