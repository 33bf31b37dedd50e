"""Those who come to a real `focuscam page`: `python -m lab.soak.pages KIND PORT KEY` is one, without a browser.

A browser would take the processor that on a Pi is the phone's; this says and takes what one does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from random import Random

from lab.fuzzing.damage import bytes_damaged
from lab.soak.memory import resident

PAGES = ("awake", "asleep")
"""One takes pictures and maps as fast as it is given them; one is in a pocket."""
HOSTILE = ("stranger", "stranger")
"""They send damaged requests as fast as they are answered, and leave doors half open; every third has got the key."""
HALF_OPEN = 30


class Pages:
    """A page server that stays, and pages that come and go, as turns want them."""

    def __init__(self, place: Path, folder: Path, kinds: Sequence[str] = PAGES) -> None:
        """place: the daemon's socket. folder: for the page's key and settings. kinds: of those who come."""
        self._kinds = kinds
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        (folder / "settings.toml").write_text(f"[page]\nport = {self._port}\n")
        environment = os.environ | {"FOCUSCAM_SOCKET": str(place), "STATE_DIRECTORY": str(folder)}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "focuscam", "page"], env=environment, stdout=subprocess.DEVNULL
        )
        self._key = folder / "key"
        self._pages: list[subprocess.Popen[str]] = []
        self.memory: list[float] = []
        """Resident memory of the server at the end of each turn, MB."""
        self.pictures = self.bytes = self.seconds = 0.0
        """What the page that is awake was sent, and in what time."""
        self.attacks = 0

    def begin(self) -> None:
        """Let them come."""
        for kind in self._kinds:
            command = [sys.executable, "-m", __name__, kind, str(self._port), self._key.read_text().strip()]
            self._pages.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))

    def mend(self) -> None:
        """A page that lost its connection, or a server that ended, is an error of ours. Raises RuntimeError."""
        if self._server.poll() is not None or any(page.poll() is not None for page in self._pages):
            raise RuntimeError("the page, or one who looks at it, has ended")

    def end(self) -> None:
        """Let them go."""
        if self._pages:
            self.memory.append(resident(self._server.pid))
        for page in self._pages:
            out, _ = page.communicate()  # the end of its input is the end of it
            pictures, sent, seconds, attacks = (float(word) for word in out.split())
            self.attacks += round(attacks)
            if pictures:
                self.pictures += pictures
                self.bytes += sent
                self.seconds += seconds
        self._pages.clear()

    def close(self) -> None:
        """End the server too."""
        self._server.terminate()
        self._server.wait(20)

    def told(self) -> bool:
        """Print what the pages saw; whether the server did not grow."""
        if not self.seconds:
            print("No page was sent a picture.")
            return False
        # The first turn makes what stays.
        kept = self.memory[1:] or self.memory
        grown = kept[-1] - kept[0]
        print(
            f"the page that is awake: {self.pictures / self.seconds:.1f} pictures a second, "
            f"{8e-6 * self.bytes / self.seconds:.2f} Mbit/s; the server of the pages: {kept[-1]:.0f} MB, "
            f"grown by {grown:+.1f}"
        )
        if self.attacks:
            print(f"strangers knocked {self.attacks} times")
        return grown < 5 and 8e-6 * self.bytes / self.seconds < 1.5


async def look(kind: str, port: str, key: str) -> None:
    """Be a page of some kind, until the input ends; print pictures, bytes, seconds, and that it did no harm."""
    import aiohttp

    address = f"127.0.0.1:{port}"
    headers = {"Origin": f"http://{address}", "Cookie": f"focuscam-page={key}"}
    pictures = size = 0
    began = time.monotonic()
    ending = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    async with aiohttp.ClientSession() as session, session.ws_connect(f"ws://{address}/live", headers=headers) as live:
        awake = kind == "awake"
        await live.send_json({"do": "look", "pictures": awake, "map": awake, "quick": awake, "width": 780})
        while not ending.done():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    message = await live.receive()
                if message.type not in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT):
                    raise ConnectionError("the page has ended")
                size += len(message.data)
                if message.type is aiohttp.WSMsgType.BINARY:
                    pictures += 1
                    await live.send_str('{"do":"took"}')
    print(pictures, size, time.monotonic() - began, 0)


def besiege(port: str, key: str) -> None:
    """Be a stranger until the input ends; print as `look` does, and how often it knocked."""
    chance = Random(os.getpid())
    asking = (
        f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c3RyYW5nZXIgYXQgdGhlIGRvb3I=\r\n"
        "Cookie: focuscam-page="
    ).encode()
    said = bytes([0x81, 0x80 | 32, 0, 0, 0, 0]) + b'{"do":"region","region":"whole"}'
    knocks = 0
    half_open: deque[socket.socket] = deque()
    while not select.select([sys.stdin], [], [], 0)[0]:
        knocks += 1
        try:
            door = socket.create_connection(("127.0.0.1", int(port)), timeout=2.0)
        except OSError:
            continue
        with contextlib.suppress(OSError):
            if knocks % 3 == 0:
                door.sendall(asking + key.encode() + b"\r\n\r\n")
                door.recv(4096)
                door.sendall(bytes_damaged(said, chance))
            else:
                door.sendall(bytes_damaged(asking + b"guessed\r\n\r\n", chance))
                if knocks % 10 == 0:
                    half_open.append(door)
                    if len(half_open) > HALF_OPEN:
                        half_open.popleft().close()
                    continue
            door.settimeout(0.2)
            door.recv(4096)
        door.close()
    print(0, 0, 0, knocks)


if __name__ == "__main__":
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    os.nice(19)  # a phone has a processor of its own
    if sys.argv[1] in HOSTILE:
        besiege(*sys.argv[2:4])
    else:
        asyncio.run(look(*sys.argv[1:4]))
