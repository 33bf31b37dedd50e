"""What comes over the socket, in both directions: requests that make no sense, and daemons that make none."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import sys
import threading
import time
from pathlib import Path
from random import Random
from typing import Any

from focuscam.messages import FocusMap, Frame
from lab.fuzzing.damage import as_json, bytes_damaged, json_damaged, odd_value
from lab.fuzzing.judge import Case

REQUESTS: list[dict[str, Any]] = [
    {"id": 1, "do": "status"},
    {"id": "a", "do": "watch", "readings": True, "pictures": 5, "box": [0, 0, 1, 1], "width": 640, "map": False},
    {"id": 2, "do": "watch", "frames": 5},
    {"id": 3, "do": "picture"},
    *({"id": 4, "do": do, "value": value} for do, value in (
        ("region", "spot"), ("threshold", 0.5), ("forget", None), ("mute", True), ("lock", False), ("zoom", 2),
        ("release", 60), ("resume", None), ("keep", "threshold"), ("capture", None), ("autofocus", "once"),
        ("demo", None),
    )),
]  # fmt: skip

READING: dict[str, Any] = {
    "type": "reading", "frame": 7, "name": None, "time": 0.2, "score": 0.9, "certainty": 0.9, "in_focus": True,
    "blur": "none", "contrast": 0.1, "closeness": 1.0, "hint": None, "led": 1.0, "light": "on", "reason": None,
    "threshold": 0.5, "region": [0, 0, 1, 1], "best": 0.9, "fps": 30.0, "age": 0.01, "exposure": 0.01, "gain": 1.0,
    "source": "sim", "region_name": "whole", "zoom": 1.0, "locked": False, "released": False, "indicators": [],
    "stills": {"asked": 0, "taken": 0, "file": None, "why": None}, "focuscam": "0.1.0", "pid": 1, "since": 1.7e9,
    "lens": {"searches": 0, "searching": False, "looks": 0, "looked_at": 0, "found": "focus", "said": "x",
             "continuous": False},
}  # fmt: skip
HELLO: dict[str, Any] = {
    "type": "hello", "protocol": 1, "focuscam": "0.1.0", "commands": True, "can": {"autofocus": None, "keep": None},
    "since": 1.7e9,
}  # fmt: skip


def _line(value: object, chance: Random) -> bytes:
    text = as_json(json_damaged(value, chance)) if chance.random() < 0.7 else bytes_damaged(as_json(value), chance)
    return chance.choice((text,) * 8 + (as_json(odd_value(chance)), b"[" * 3000, b"x" * 5000, b"9" * 4000))


def requests(shared: Path, folder: Path, chance: Random) -> Case:  # noqa: ARG001 - the shape of a kind
    """A hundred requests to a server that is real; each has to be answered, in JSON, or ended with a reason."""
    sent = [_line(chance.choice(REQUESTS), chance).replace(b"\n", b" ") for _ in range(100)]
    return Case(statuses=frozenset({0}), program=lambda: _served(sent))


def _no_maps(_: Frame) -> FocusMap:
    raise AssertionError("a server without frames was asked for a map")


def _served(sent: list[bytes]) -> int:
    from focuscam.ipc.protocol import Rules
    from focuscam.ipc.server import Server

    can = {each["do"]: None for each in REQUESTS if each["do"] not in ("watch", "status", "picture")}
    server = Server(
        None, commands=queue.SimpleQueue(), rules=lambda: Rules(True, can),
        facts=lambda: {"released": False, "region_name": "whole"}, open_maps=lambda: _no_maps,
    )  # fmt: skip
    answered = 0
    with server:
        for request in sent:
            ours, theirs = socket.socketpair()
            server.adopt(theirs, own=True)
            ours.settimeout(5)
            ours.sendall(request + b'\n{"id": "last", "do": "status"}\n')
            for line in ours.makefile("rb"):
                message = json.loads(line)
                if message["type"] == "end" or message.get("id") == "last":
                    answered += 1
                    break
            ours.close()
    if answered != len(sent):
        print(f"{answered} of {len(sent)} were answered", file=sys.stderr)
    return 0 if answered == len(sent) else 1


def daemons(shared: Path, folder: Path, chance: Random) -> Case:  # noqa: ARG001
    """A daemon that says what no daemon says, to each of those who ask one."""
    hello = as_json(HELLO) if chance.random() < 0.6 else _line(HELLO, chance)
    answers = []
    for _ in range(chance.randrange(1, 8)):
        answer = READING | {
            "type": chance.choice(("answer", "answer", "reading", "notice", "scored")),
            "ok": True,
            "id": None,
        }
        answers.append(answer if chance.random() < 0.3 else json_damaged(answer, chance))
    odd = [_line(READING, chance) for _ in range(chance.choice((0, 0, 1)))]
    arguments = chance.choice(
        (("status",), ("status", "--json"), ("status", "--check"), ("--json",), ("--preview",), ("resume",),
         ("release",), ("capture",), ("autofocus",), ("indicators", "--demo"), ("--record", "made"),
         ("release", "--", "true"))
    )  # fmt: skip
    right = frozenset({0, 1, 3, 4})

    def program() -> int:
        from focuscam.cli import main
        from focuscam.ipc import client

        client.join.__defaults__ = (0.3,)  # how long an answer is waited for, s: this daemon is near
        listener = socket.socket(socket.AF_UNIX)
        listener.bind("s")
        listener.listen()
        threading.Thread(target=_pretend, args=(listener, hello, answers, odd), daemon=True).start()
        time.sleep = lambda _: None  # what waits for a daemon is not tried here
        return main(list(arguments))

    return Case(arguments, right, {"FOCUSCAM_SOCKET": "s", "XDG_RUNTIME_DIR": str(folder)}, program=program)


def _pretend(listener: socket.socket, hello: bytes, answers: list[dict[str, Any]], odd: list[bytes]) -> None:
    """Answer each request with the next of these, under its id where it has none; say the rest, and be gone."""
    left = list(answers)
    while True:
        connection, _ = listener.accept()
        connection.settimeout(0.2)  # a client that asks no more listens
        with contextlib.suppress(OSError):
            connection.sendall(hello + b"\n")
            while left and (line := connection.recv(4096)):
                answer = left.pop(0)
                if isinstance(answer, dict) and answer.get("id", 0) is None:
                    answer = answer | {"id": json.loads(line.splitlines()[-1])["id"]}
                connection.sendall(as_json(answer) + b"\n" + b"".join(each + b"\n" for each in odd))
        with contextlib.suppress(OSError):
            connection.sendall(b"".join(as_json(answer) + b"\n" for answer in left))
        connection.close()
