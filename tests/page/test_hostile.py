"""What strangers and broken programs do to it: none gets in, none ends it, and a page beside them goes on."""

import asyncio
import os
import random
import socket
import struct
import threading
import time
from contextlib import ExitStack

import aiohttp
import pytest

from focuscam.page import connections
from focuscam.page.server import COOKIE
from tests.page.conftest import KEY, Opened

REQUESTS, MESSAGES = 8_000, 12_000


def request(host, key="x" * 24):
    return (
        f"GET /live HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {COOKIE}={key}\r\n\r\n"
    ).encode()


def mutated(chance, sent):
    """Some bytes of it are others, are missing, or come twice."""
    made = bytearray(sent)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(made))
        match chance.randrange(5):
            case 0:
                made[at] = chance.randrange(256)
            case 1:
                del made[at : at + chance.randint(1, 20)]
            case 2:
                made[at:at] = chance.randbytes(chance.randint(1, 20))
            case 3:
                made[at:at] = made[at : at + chance.randint(1, 60)]
            case 4:
                made[at : at + 1] = chance.choice([b"\r\n", b"\0", b"\xff\xfe", b":", b" ", b"%2e%2e/"])
        if not made:
            return b"\n"
    return bytes(made)


def frame(kind, payload, last=True, length=None):
    """A WebSocket frame of a client."""
    length = len(payload) if length is None else length
    head = bytes([(0x80 if last else 0) | kind])
    mask = os.urandom(4)
    bit = 0x80
    if length < 126:
        head += bytes([bit | length])
    elif length < 1 << 16:
        head += bytes([bit | 126]) + struct.pack(">H", length)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", length)
    body = bytes(each ^ mask[at % 4] for at, each in enumerate(payload))
    return head + mask + body


def joined(served, key=KEY):
    connection = socket.create_connection(("127.0.0.1", served.port), timeout=10)
    connection.sendall(request(served.host, key))
    return connection, connection.recv(65536)


class Beside:
    """A page that looks on meanwhile; `rate` is how many readings a second it was told."""

    def __init__(self, served):
        self._served = served
        self._ending = threading.Event()
        self._count, self._longest = 0, 0.0

    def __enter__(self):
        self._thread = threading.Thread(target=lambda: asyncio.run(self._look()))
        self._thread.start()
        self._began = time.monotonic()
        return self

    def __exit__(self, *error):
        self.rate = self._count / (time.monotonic() - self._began)
        self._ending.set()
        self._thread.join()

    async def _look(self):
        async with aiohttp.ClientSession() as session, await self._served.live(session) as socket:
            page = Opened(socket)
            while not self._ending.is_set():
                await page.hear("reading")
                self._count += 1


def test_thousands_of_mutated_requests_get_nobody_in_and_end_nothing(served, frames):
    chance = random.Random(17)
    ours = f"Host: {served.host}\r\nOrigin: http://{served.host}\r\n"
    still = "focuscam-20261127T120000Z-0000.jpg"
    kinds = [
        request(served.host),
        f"GET / HTTP/1.1\r\nHost: {served.host}\r\nCookie: {COOKIE}=abc\r\n\r\n".encode(),
        f"POST /enter HTTP/1.1\r\n{ours}Content-Length: 9\r\n\r\nwrong key".encode(),
        f"GET /stills/{still} HTTP/1.1\r\n{ours}Range: bytes=0-9\r\n\r\n".encode(),
    ]
    let_in = 0
    with Beside(served) as page:
        for _ in range(REQUESTS):
            with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
                connection.sendall(mutated(chance, chance.choice(kinds)))
                connection.shutdown(socket.SHUT_WR)
                try:
                    answer = connection.recv(200)
                except ConnectionResetError:
                    continue
                let_in += answer.startswith((b"HTTP/1.1 101", b"HTTP/1.1 20", b"HTTP/1.0 20"))
    assert let_in == 0
    assert served.alive
    assert served.ask("/page.js", key=None)[0] in (401, 429)
    assert page.rate > 1, "a page beside them is told ten times a second, fewer on a busy machine"


def test_thousands_of_mutated_messages_of_a_page_with_the_key_end_nothing_but_itself(bench, served, frames):
    chance = random.Random(18)
    sayings = [
        b'{"do":"look","pictures":true,"box":[0,0,1,1],"width":640,"map":true,"quick":true}',
        b'{"do":"took"}',
        b'{"do":"region","id":1,"value":"0.1,0.2,0.3,0.4"}',
        b'{"do":"threshold","id":2,"value":0.5}',
        b'{"do":"autofocus","id":3,"value":"once"}',
    ]
    said = ended = 0
    with Beside(served) as page:
        while said < MESSAGES:
            connection, answer = joined(served)
            assert answer.startswith(b"HTTP/1.1 101")
            with connection:
                try:
                    for _ in range(100):  # more at once than a page may say
                        kind = chance.choice([1, 1, 1, 1, 1, 2, 0, 9, 10, 3])
                        payload = mutated(chance, chance.choice(sayings))
                        made = frame(kind if chance.random() < 0.1 else 1, payload, last=chance.random() > 0.02)
                        connection.sendall(mutated(chance, made) if chance.random() < 0.1 else made)
                        said += 1
                except OSError:
                    ended += 1
            bench.obey()
    assert served.alive
    assert page.rate > 1
    assert served.ask("/")[0] == 200


@pytest.mark.parametrize(
    "sent",
    [
        frame(1, b"x" * 2000),
        frame(1, b"", length=1 << 40),
        frame(2, b"\0\1\2"),
        frame(1, b"\xff\xfe\xfd"),
        frame(11, b"what"),
        frame(1, b"{", last=False) + frame(1, b"}"),
        frame(1, b'{"do":"took"}') * 400,
    ],
    ids=["long", "endless", "binary", "no text", "unknown", "broken apart", "a flood"],
)
def test_what_no_page_says_ends_the_connection(served, frames, sent):
    connection, _ = joined(served)
    with connection:
        connection.settimeout(10)
        try:
            connection.sendall(sent)
            while connection.recv(65536):
                pass
        except ConnectionError:
            pass
    assert served.alive


def test_wrong_keys_do_not_get_a_websocket(served):
    for key in ("", "x", KEY[:-1], KEY.upper()):
        connection, answer = joined(served, key)
        connection.close()
        assert answer.split()[1] in (b"401", b"429")


def test_slow_and_half_open_clients_keep_no_place_for_long(served, frames, monkeypatch):
    monkeypatch.setattr(connections, "IDLE_S", 1.0)
    with ExitStack() as stack, Beside(served) as page:
        slow = [
            stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=10)) for _ in range(60)
        ]
        ended, deadline = 0, time.monotonic() + 15
        for each in slow:
            each.setblocking(False)
        while ended < len(slow) and time.monotonic() < deadline:
            ended = 0
            for each in slow:
                try:
                    each.send(b"X")  # a request that never ends
                    ended += each.recv(1) == b""
                except BlockingIOError:
                    pass
                except OSError:
                    ended += 1
            time.sleep(0.1)
        assert ended == len(slow)
        assert served.ask("/")[0] == 200
    assert page.rate > 1


def test_a_page_that_takes_nothing_is_let_go(bench, served, frames):
    connection, _ = joined(served)
    with connection:
        connection.sendall(frame(1, b'{"do":"look","pictures":true,"map":true}'))
        deadline = time.monotonic() + 30
        while not bench.server._readers:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        while bench.server._readers:  # it answers no ping
            assert time.monotonic() < deadline, "it keeps its place"
            time.sleep(0.1)
    assert served.alive
