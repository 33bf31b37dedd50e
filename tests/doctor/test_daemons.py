"""What the doctor says of daemons at the socket, here played by a few lines that speak the protocol."""

import json
import os
import socket
import threading

import pytest

from focuscam import __version__
from focuscam.ipc import protocol


@pytest.fixture
def daemon(tmp_path, monkeypatch):
    """Something that listens where a daemon would, greets with the first line and answers with the next."""
    listeners = []

    def it(*lines):
        place = tmp_path / "focuscam.sock"
        monkeypatch.setenv("FOCUSCAM_SOCKET", str(place))
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(place))
        listener.listen()
        listeners.append(listener)
        kept = []

        def serve():
            while True:
                try:
                    kept.append(listener.accept()[0])
                except OSError:
                    return
                for number, line in enumerate(lines):
                    if number:
                        kept[-1].recv(1000)
                    kept[-1].sendall(line.encode() + b"\n")

        threading.Thread(target=serve, daemon=True).start()
        return place

    yield it
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def greeting(version=__version__, speaks=protocol.VERSION):
    return json.dumps({"type": "hello", "protocol": speaks, "focuscam": version, "since": 0})


def status(version=__version__, **facts):
    answer = {"type": "answer", "id": 1, "ok": True, "focuscam": version, "pid": 777, "source": "imx477 2028x1520"}
    return json.dumps(answer | facts)


def test_a_daemon_that_answers_is_told_with_what_it_looks_at(machine, daemon):
    place = daemon(greeting(), status())
    line = machine.examined()["socket"]
    assert line.startswith("ok")
    assert f"{place}: focuscam {__version__} answers, process 777, looking at imx477 2028x1520" in line


def test_an_older_service_that_was_not_started_again_after_an_upgrade_is_a_failure(machine, daemon):
    machine.has_the_service(MainPID=777)
    daemon(greeting("0.0.1"), status("0.0.1"))
    line = machine.examined()["socket"]
    assert line.startswith("FAILED")
    assert f"the running focuscam is 0.0.1, this is {__version__}: type `sudo systemctl restart focuscam`" in line


def test_a_daemon_that_speaks_another_protocol_is_a_failure_and_its_pins_are_left_alone(machine, daemon, pins):
    machine.is_a_pi()
    daemon(greeting("9.0", speaks=99))
    seen = machine.examined()
    assert seen["socket"].startswith("FAILED")
    assert "speaks another version of the protocol; restart it" in seen["socket"]
    assert "left to the focuscam that runs" in seen["led"]
    assert not pins.pins


@pytest.mark.parametrize("words", [(), ("HTTP/1.1 400 Bad Request",)])
def test_who_says_nothing_or_nonsense_is_a_failure(machine, daemon, words):
    place = daemon(*words)
    line = machine.examined()["socket"]
    assert line.startswith("FAILED")
    assert str(place) in line


def test_a_service_that_runs_but_is_not_found_at_its_socket_is_a_failure(machine):
    machine.has_the_service()
    line = machine.examined()["socket"]
    assert line.startswith("FAILED")
    assert "nobody answers at /run/focuscam/focuscam.sock: type `sudo systemctl restart focuscam`" in line


def test_where_nothing_runs_the_places_are_told_and_nothing_failed(machine, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    line = machine.examined()["socket"]
    assert line.startswith("-")
    assert f"nobody answers at {tmp_path}/focuscam.sock and /run/focuscam/focuscam.sock" in line


def test_a_stopped_service_is_no_failure_while_one_runs_by_hand(machine, daemon):
    machine.has_the_service(ActiveState="inactive", SubState="dead", MainPID=0)
    daemon(greeting(), status())
    assert machine.examined()["service"] == "-  service        stopped; focuscam runs by hand, process 777"


@pytest.mark.parametrize(("required", "mark"), [("auto", "FAILED"), (False, "-")])
def test_a_daemon_that_goes_on_without_its_light_is_told(machine, daemon, required, mark):
    machine.is_a_pi()
    machine.settings = machine.settings.with_changes("a test", led={"required": required})
    daemon(greeting(), status(indicators=[]))
    line = machine.examined()["led"]
    assert line.startswith(mark)
    assert "the running focuscam (process 777) could not have it and goes on without" in line


def test_the_camera_of_a_daemon_started_by_hand_is_where_it_should_be(machine, daemon):
    machine.is_a_pi()
    device = machine.file("dev/media0").stat()
    where = f"{os.major(device.st_dev):02x}:{os.minor(device.st_dev):02x}:{device.st_ino}"
    machine.file("proc/locks", f"1: POSIX  ADVISORY  WRITE 777 {where} 0 EOF\n")
    daemon(greeting(), status())
    line = machine.examined()["camera"]
    assert line.startswith("ok")
    assert "the running focuscam has it (process 777), as it should: imx477 2028x1520" in line


def test_what_was_changed_while_it_runs_is_in_force_until_it_ends(machine, daemon):
    daemon(greeting(), status(region_name="0.1,0.2,0.3,0.3", threshold=0.7))
    text = machine.examined().settings
    assert "focus.region 0.1,0.2,0.3,0.3 (the running focuscam, until it ends)" in text
    assert "focus.threshold 0.7 (the running focuscam, until it ends)" in text
