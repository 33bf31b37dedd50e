"""A page that is served, before a daemon's server whose loop is this test."""

import asyncio
import http.client
import socket
import threading
import time
from contextlib import ExitStack

import aiohttp
import pytest

from focuscam.errors import FocuscamError
from focuscam.ipc.client import Link
from focuscam.page.doors import Doors
from focuscam.page.server import COOKIE, Page
from focuscam.page.serving import Serving

KEY = "abcdefghjkmnpqrstuvwxyz2"


class Served:
    """The page, and how a browser would talk to it."""

    def __init__(self, bench, forbidden=None):
        self.there = True
        self._bench = bench
        self._serving = Serving(Page(self._connect, Doors(KEY, {"localhost", "pi.local"}), forbidden), "127.0.0.1", 0)

    def __enter__(self):
        self._serving.__enter__()
        self.port = self._serving.port
        self.host = f"127.0.0.1:{self.port}"
        return self

    def __exit__(self, *error):
        self._serving.__exit__(*error)

    @property
    def alive(self):
        return self._serving._thread.is_alive()

    def _connect(self):
        if not self.there:
            raise FocuscamError("focuscam is not running here.")
        theirs, ours = socket.socketpair()
        self._bench.server.adopt(theirs)
        return Link(ours)

    def ask(self, path="/", method="GET", key=KEY, body=None, **headers):
        """Status, headers and body of an answer."""
        sent = {"Host": self.host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if key is not None:
            sent["Cookie"] = f"{COOKIE}={key}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_host=True)
            if body is not None:
                sent["Content-Length"] = str(len(body))
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(None if body is None else body.encode())
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def enter(self, key, origin="own", **headers):
        origin = f"http://{self.host}" if origin == "own" else origin
        return self.ask("/enter", "POST", key=None, body=key, Origin=origin, **headers)

    async def live(self, session, key=KEY, **headers):
        """A WebSocket, as the page makes it."""
        sent = {"Origin": f"http://{self.host}", "Cookie": f"{COOKIE}={key}"} | headers
        return await session.ws_connect(
            f"ws://{self.host}/live", headers={name: value for name, value in sent.items() if value is not None}
        )


class Opened:
    """A page that is open: what it hears, and what it says."""

    def __init__(self, socket):
        self.socket = socket
        self.heard = []

    async def say(self, **message):
        await self.socket.send_json(message)

    async def hear(self, kind, true=lambda message: True, seconds=10.0):
        """The next message of a kind, of which this is true; a picture is told as its bytes."""
        async with asyncio.timeout(seconds):
            while True:
                came = await self.socket.receive()
                if came.type is aiohttp.WSMsgType.BINARY:
                    if kind == "picture":
                        return came.data
                    self.heard.append("picture")
                    continue
                assert came.type is aiohttp.WSMsgType.TEXT, f"the connection ended: {came}, after {self.heard}"
                message = came.json()
                self.heard.append(message["type"])
                if message["type"] == kind and true(message):
                    return message


@pytest.fixture
def serve(bench):
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(Served(bench, **how))


@pytest.fixture
def served(serve):
    return serve()


@pytest.fixture
def visit(served):
    """Run what a page does, as a coroutine of an open page; it has to end in time."""

    def run(does, to=None):
        async def visiting():
            async with aiohttp.ClientSession() as session, await (to or served).live(session) as socket:
                return await does(Opened(socket))

        return asyncio.run(asyncio.wait_for(visiting(), 30))

    return run


@pytest.fixture
def frames(bench, reading):
    """Thirty frames a second, until the end of the test; `frames.update(score=...)` changes what they say."""
    told, ending = {}, threading.Event()

    def show():
        while not ending.is_set():
            bench.show(reading, **told)
            time.sleep(1 / 30)

    thread = threading.Thread(target=show)
    thread.start()
    yield told
    ending.set()
    thread.join()
