"""A server without a daemon: frames and statuses are put in by hand."""

import json
import queue
import socket
import time
from contextlib import ExitStack, suppress
from dataclasses import replace

import numpy as np
import pytest

from focuscam.messages import Event, FocusMap, Frame, Light, Status
from focuscam.preview.protocol import Rules
from focuscam.preview.server import Server

CAN = dict.fromkeys(("region", "threshold", "forget", "mute", "lock", "release", "resume", "keep")) | {
    "zoom": "It has no crop."
}


class Bench:
    """What a server is joined to in these tests, and what came out of it."""

    def __init__(self):
        self.queue = queue.SimpleQueue()
        self.commands = []
        self.allowed = True
        self.maps = 0
        self.number = 0
        self.facts = {"source": "bench", "region_name": "spot", "zoom": 1.0, "locked": False, "released": False}
        self.server = None
        self.luma = np.random.default_rng(0).integers(0, 256, (480, 640), np.uint8)

    def rules(self):
        return Rules(self.allowed, CAN)

    def open_maps(self):
        self.maps += 1
        score = np.array([[0.5, 0], [0.25, 1]], np.float32)
        return lambda frame: FocusMap(frame.number, score, np.array([[1, 0], [1, 1]], np.float32))

    def obey(self):
        """Take the commands out of the queue, as the loop does between two frames."""
        while not self.queue.empty():
            self.commands.append(self.queue.get())

    def show(self, reading, decided=None, commands=(), **rest):
        """One more frame through the loop; returns how long the loop was held up, s."""
        frame = Frame(self.number, self.number / 30, self.luma, self.luma, taken=time.monotonic())
        status = Status(reading(self.number, **rest), Light.ON, 0.5, 1.0, 0.9)
        status = replace(status, **(decided or {}))
        self.number += 1
        began = time.perf_counter()
        self.server.show(Event(self.number, frame, status, 1.0, self.facts, commands))
        return time.perf_counter() - began


class Talker:
    """A reader as another program would write it: lines out, lines in."""

    def __init__(self, connection):
        self.connection = connection
        self.connection.settimeout(10)
        self.file = connection.makefile("rb")

    def say(self, **message):
        self.connection.sendall(json.dumps(message).encode() + b"\n")

    def hear(self, kind=None):
        """The next line, of a kind; None at the end of the connection."""
        for text in self.file:
            message = json.loads(text)
            if kind is None or message["type"] == kind:
                return message
        return None

    def close(self):
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.file.close()
        self.connection.close()


@pytest.fixture
def bench():
    with ExitStack() as stack:
        made = Bench()
        made.end = stack.close
        made.server = stack.enter_context(
            Server(
                None,
                commands=made.queue,
                rules=made.rules,
                facts=lambda: made.facts,
                open_maps=made.open_maps,
                recipe=lambda: {"camera": "bench", "model": {}, "hold_s": 0.3},
            )
        )
        yield made


@pytest.fixture
def talker(bench):
    talkers = []

    def connect():
        theirs, ours = socket.socketpair()
        bench.server.adopt(theirs)
        talkers.append(Talker(ours))
        return talkers[-1]

    yield connect
    for each in talkers:
        each.close()
