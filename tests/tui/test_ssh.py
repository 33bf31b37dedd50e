"""Over a real sshd on loopback, with its own key and port, and the connection cut in the middle."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("pyte")

from lab.docs.emulator import FOCUSCAM, Emulator
from tests.tui.test_view import daemon, environment, home, place, status, swinging  # noqa: F401 - fixtures

SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin")
pytestmark = pytest.mark.skipif(
    not SSHD or not shutil.which("ssh"), reason="openssh-server is not installed (apt install openssh-server)"
)


@pytest.fixture(scope="module")
def ssh(tmp_path_factory):
    """The words of a command line that logs in."""
    folder = tmp_path_factory.mktemp("sshd")
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nAuthorizedKeysFile {folder / 'user.pub'}\n"
        f"StrictModes no\nUsePAM no\nPermitRootLogin yes\nPidFile {folder / 'pid'}\n"
    )
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    server = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "sshd_config"], stderr=subprocess.DEVNULL)
    words = ["ssh", "-tt", "-i", str(folder / "user"), "-p", str(port), "-o", "StrictHostKeyChecking=no",
             "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "127.0.0.1"]  # fmt: skip
    deadline = time.monotonic() + 20
    while subprocess.run([*words, "true"], capture_output=True, stdin=subprocess.DEVNULL).returncode:
        assert server.poll() is None
        assert time.monotonic() < deadline
    yield words
    server.terminate()
    server.wait(10)


@pytest.fixture
def view(ssh, environment, home):  # noqa: F811
    settings = " ".join(f"{name}={value}" for name, value in (environment | {"LANG": "C.UTF-8"}).items())
    made = Emulator([*ssh, f"cd {home}; {settings} {' '.join(FOCUSCAM)} --preview; echo status $?"])
    yield made
    made.close()


def viewers():
    """Processes that show a view, however they were started."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[:1] == [sys.executable.encode()] and b"--preview" in words:
                found.append(int(process.name))
    return found


def test_over_ssh_it_is_seen_and_left_without_a_trace(daemon, view):  # noqa: F811
    view.look(40, until="IN FOCUS")
    assert "▀" in view.text()
    view.type("q")
    view.look(20, until="status 0")
    assert "quit" not in view.text()
    assert view.end(20) == 0


def test_at_100_by_30_it_stays_under_1_megabit_a_second_with_5_pictures_at_least(daemon, view):  # noqa: F811
    view.look(40, until="quit")
    view.look(2.0)
    began, before, pictures = time.monotonic(), view.bytes, view.sent.count(b"\x1b[?2026h")
    view.look(4.0)
    seconds = time.monotonic() - began
    assert 8 * (view.bytes - before) / seconds < 1_000_000
    # Each third of the sweep rests, and a still scene is not sent again: the moving part must make up for it.
    assert (view.sent.count(b"\x1b[?2026h") - pictures) / seconds >= 2
    view.type("q")


def test_a_connection_that_is_cut_ends_the_view_and_nothing_else(daemon, view, environment):  # noqa: F811
    before = set(viewers())
    view.look(40, until="quit")
    mine = set(viewers()) - before
    assert mine
    os.kill(view.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while set(viewers()) & mine:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    first = status(environment)["frame"]
    time.sleep(0.5)
    assert status(environment)["frame"] > first
