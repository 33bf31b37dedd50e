import dataclasses
import socket
import subprocess
import sys
import threading
import time

import pytest

from focuscam import session as waiting
from focuscam.cli import release as room
from focuscam.commands import Release, Resume
from focuscam.errors import FocuscamError, UsageError
from focuscam.ipc.client import Link
from focuscam.session import RemoteSession


class Loop:
    """Obeys as the daemon's loop does."""

    def __init__(self, bench):
        self.seen = []
        self._bench = bench
        self._ending = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def released(self):
        return self._bench.facts["released"]

    def _run(self):
        while not self._ending:
            self._bench.obey()
            for command in self._bench.commands[len(self.seen) :]:
                self.seen.append(command)
                self._bench.facts = self._bench.facts | {"released": isinstance(command, Release)}
            time.sleep(0.01)

    def end(self):
        self._ending = True
        self._thread.join()


@pytest.fixture
def loop(bench):
    made = Loop(bench)
    yield made
    made.end()


@pytest.fixture
def session(bench, loop):
    theirs, ours = socket.socketpair()
    bench.server.adopt(theirs)
    with RemoteSession(Link(ours)) as made:
        yield made


def test_it_waits_until_the_camera_is_free(session, loop):
    session.order(Release())
    assert loop.released
    assert loop.seen == [Release()]
    session.order(Resume())
    while loop.released:
        time.sleep(0.01)


def test_a_daemon_that_does_not_let_go_is_named(session, loop, monkeypatch):
    late = dataclasses.replace(waiting.OUTCOMES[Release], patience_s=0.3)
    monkeypatch.setattr(waiting, "OUTCOMES", {Release: late})
    loop.end()
    with pytest.raises(FocuscamError, match="does not let go"):
        session.order(Release(10))


def test_a_program_runs_while_the_camera_is_free_and_its_status_is_ours(session, loop, tmp_path, monkeypatch):
    monkeypatch.setattr(room, "RENEW_S", 0.1)
    program = [sys.executable, "-c", "import time; time.sleep(2); raise SystemExit(7)"]
    assert room.run_beside(session, program) == 7
    while loop.released:
        time.sleep(0.01)
    assert loop.seen[0] == Release(room.LEASE_S)
    assert loop.seen.count(Release(room.LEASE_S)) >= 3, "the lease was not renewed"
    assert loop.seen[-1] == Resume()


def test_a_program_that_a_signal_ended_has_the_status_that_a_shell_gives_it(session):
    assert room.run_beside(session, ["sh", "-c", "kill -9 $$"]) == 128 + 9


def test_where_no_daemon_runs_the_program_runs_all_the_same():
    assert room.run_beside(None, ["sh", "-c", "exit 3"]) == 3


def test_whoever_ends_us_ends_the_program_and_gives_the_camera_back(session, loop, monkeypatch):
    class Enough(BaseException):
        pass

    started = []
    popen = subprocess.Popen

    def remember(*arguments):
        started.append(popen(*arguments))
        return started[-1]

    def waited(process, session):
        raise Enough

    monkeypatch.setattr(subprocess, "Popen", remember)
    monkeypatch.setattr(room, "_waited", waited)
    with pytest.raises(Enough):
        room.run_beside(session, ["sleep", "60"])
    assert started[0].returncode == -15
    while loop.released:
        time.sleep(0.01)


def test_a_program_that_is_not_there_is_named_before_anything_happens():
    with pytest.raises(UsageError, match="no program nothere"):
        room.program_at("nothere")


class Forgetful:
    """A daemon that is asked, and soon is no more."""

    def __init__(self, answers):
        self.asked = []
        self._answers = answers

    def order(self, command):
        self.asked.append(command)
        if len(self.asked) > self._answers:
            raise FocuscamError("The daemon has gone.")


def test_a_daemon_that_goes_meanwhile_does_not_end_the_program(monkeypatch, caplog):
    monkeypatch.setattr(room, "RENEW_S", 0.05)
    daemon = Forgetful(answers=2)
    assert room.run_beside(daemon, ["sh", "-c", "sleep 0.6; exit 5"]) == 5
    assert daemon.asked == [Release(room.LEASE_S)] * 3 + [Resume()], "once it is gone it is asked no more"
    assert "The daemon has gone. The program goes on." in caplog.text
    assert "It takes the camera back by itself when it is free." in caplog.text
