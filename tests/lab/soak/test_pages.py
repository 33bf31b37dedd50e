import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lab.soak import pages
from lab.soak.memory import resident

TOOLS = Path(pages.__file__).parents[2]


def test_a_stranger_knocks_until_it_is_told_to_go_and_every_third_time_has_the_key():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        command = [sys.executable, "-m", pages.__name__, "stranger", str(listener.getsockname()[1]), "the-key"]
        stranger = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(TOOLS)},
        )  # fmt: skip
        sent = []
        for _ in range(9):
            door, _ = listener.accept()
            with door:
                sent.append(door.recv(4096))
        assert stranger.stdin is not None
        stranger.stdin.close()
        stranger.stdin = None
    out, _ = stranger.communicate(timeout=30)
    assert [number for number, each in enumerate(sent, 1) if b"focuscam-page=the-key\r\n\r\n" in each] == [3, 6, 9]
    *pictures, knocks = out.split()
    assert pictures == ["0", "0", "0"]
    assert int(knocks) >= 9


def test_what_this_process_has_in_memory_is_some_megabytes():
    assert 10 < resident() < 10_000
    assert resident(os.getpid()) == pytest.approx(resident(), rel=0.1)
