import contextlib
import fcntl
import os
import socket
import stat
import threading
import time
from pathlib import Path

import pytest

from focuscam.errors import CameraError, ConfigurationError, FocuscamError
from focuscam.ipc import listener as room
from focuscam.ipc.client import join
from focuscam.ipc.listener import listening
from focuscam.ipc.paths import to_look_at, to_make


def test_only_owner_and_group_may_connect_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        for umask in (0, 0o077):
            os.umask(umask)
            with listening(tmp_path / "s", True):
                assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o660
    finally:
        os.umask(before)


def test_it_is_gone_afterwards(tmp_path):
    with listening(tmp_path / "s", True):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_daemon_left_is_replaced(tmp_path):
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(tmp_path / "s"))
    dead.close()
    with listening(tmp_path / "s", True) as listener, socket.socket(socket.AF_UNIX) as reader:
        reader.connect(str(tmp_path / "s"))
        assert listener.accept()


def test_a_daemon_that_is_alive_keeps_its_socket(tmp_path):
    with listening(tmp_path / "s", True):
        with (
            pytest.raises(CameraError, match="Another focuscam is running") as refused,
            listening(tmp_path / "s", True),
        ):
            pass
        assert refused.value.status == 69
        assert (tmp_path / "s").exists()


def test_a_file_that_is_no_socket_is_left_alone(tmp_path):
    (tmp_path / "s").write_text("a diary")
    with pytest.raises(ConfigurationError, match="no socket"), listening(tmp_path / "s", True):
        pass
    assert (tmp_path / "s").read_text() == "a diary"


def test_a_place_that_the_user_named_must_work_another_need_not(tmp_path, caplog):
    for bad in (tmp_path / "absent" / "s", tmp_path / ("x" * 200)):
        with pytest.raises(ConfigurationError, match="path"), listening(bad, True):
            pass
        with listening(bad, False) as listener:
            assert listener is None
    assert "going on without it" in caplog.text


def test_where_the_socket_is():
    assert to_make(None, {}) is None
    user = {"XDG_RUNTIME_DIR": "/run/user/1000"}
    service = user | {"RUNTIME_DIRECTORY": "/run/focuscam:/run/other"}
    assert str(to_make(None, user)[0]) == "/run/user/1000/focuscam.sock"
    assert str(to_make(None, service)[0]) == "/run/focuscam/focuscam.sock"
    assert str(to_make(None, service | {"FOCUSCAM_SOCKET": "/tmp/x"})[0]) == "/tmp/x"
    assert [str(each) for each in to_look_at(None, service | {"FOCUSCAM_SOCKET": "/tmp/x"})] == [
        "/tmp/x", "/run/user/1000/focuscam.sock", "/run/focuscam/focuscam.sock",
    ]  # fmt: skip


def test_joining_passes_over_places_without_a_daemon(tmp_path):
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(tmp_path / "dead"))
    dead.close()
    assert join([tmp_path / "absent", tmp_path / "dead"]) is None


def test_permission_denied_names_its_cure(tmp_path, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: (_ for _ in ()).throw(PermissionError()))
    with pytest.raises(CameraError, match=r"sudo") as refused:
        join([tmp_path / "s"])
    assert refused.value.status == 69


def test_a_daemon_of_another_version_is_not_talked_to(tmp_path):
    with listening(tmp_path / "s", True) as listener:
        reader = socket.socket(socket.AF_UNIX)
        reader.connect(str(tmp_path / "s"))
        theirs, _ = listener.accept()
        theirs.sendall(b'{"type": "hello", "protocol": 2, "focuscam": "9.0"}\n')
        from focuscam.ipc.client import Link

        with pytest.raises(FocuscamError, match=r"focuscam 9\.0"):
            Link(reader)


def test_two_daemons_that_start_at_one_instant_over_a_dead_socket_do_not_both_listen(tmp_path, monkeypatch):
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(tmp_path / "s"))
    dead.close()
    both = threading.Barrier(2)
    really_unlink = Path.unlink

    def unlink(self, missing_ok=False):
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1.0)  # each has seen that nobody is there, if both can
        really_unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    done = threading.Event()
    came = []

    def start():
        try:
            with listening(tmp_path / "s", True):
                came.append("listens")
                done.wait(30)
        except CameraError:
            came.append("told")

    daemons = [threading.Thread(target=start) for _ in range(2)]
    for each in daemons:
        each.start()
    end = time.monotonic() + 30
    while len(came) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    done.set()
    for each in daemons:
        each.join()
    assert sorted(came) == ["listens", "told"]


def test_whoever_holds_the_folder_locked_does_not_keep_the_light_from_starting(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "_LOCK_S", 0.05)
    place = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(place, fcntl.LOCK_EX)
    with listening(tmp_path / "s", True) as listener:
        assert listener is not None
    os.close(place)


@pytest.fixture
def crowded(tmp_path):
    """A daemon at whose socket others stand in a queue that is full; and those others."""
    with socket.socket(socket.AF_UNIX) as listener, contextlib.ExitStack() as others:
        listener.bind(str(tmp_path / "s"))
        listener.listen(0)
        queue = []
        while True:
            other = others.enter_context(socket.socket(socket.AF_UNIX))
            other.setblocking(False)
            try:
                other.connect(str(tmp_path / "s"))
            except BlockingIOError:
                break
            queue.append(other)
        yield listener, queue


def test_whoever_finds_a_full_queue_waits_for_its_turn(crowded, tmp_path):
    listener, queue = crowded

    def serve():
        for _ in range(len(queue) + 1):
            time.sleep(0.2)
            theirs, _ = listener.accept()
            theirs.sendall(b'{"type": "hello", "protocol": 1, "focuscam": "1"}\n')
            served.append(theirs)

    served = []
    thread = threading.Thread(target=serve)
    thread.start()
    with join([tmp_path / "s"], 30) as link:
        assert link.hello["focuscam"] == "1"
    thread.join()


def test_where_the_queue_stays_full_that_is_not_called_no_daemon(crowded, tmp_path):
    with pytest.raises(FocuscamError, match=r"focuscam runs here, but too many others knock at its socket"):
        join([tmp_path / "s"], 0.1)


def test_a_second_daemon_sees_that_one_is_there_though_its_queue_is_full(crowded, tmp_path):
    with pytest.raises(CameraError, match="Another focuscam is running"), listening(tmp_path / "s", True):
        pass
