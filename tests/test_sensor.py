"""The focus light as a device of gpiozero: over a real daemon, or over a daemon that the test plays itself."""

import json
import os
import queue
import socket
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import suppress
from pathlib import Path

import gpiozero
import pytest

from focuscam import FocusSensor
from focuscam.errors import CameraError, FocuscamError
from focuscam.messages import Phase

HELLO = {"type": "hello", "protocol": 1, "focuscam": "0.1.0", "commands": True, "can": {}, "since": 0.0}
SHARP = {"type": "reading", "in_focus": True, "closeness": 0.98, "score": 0.8, "light": "on", "frame": 1}
SOFT = {"type": "reading", "in_focus": False, "closeness": 0.3, "score": 0.1, "light": "off", "frame": 2}
DARK = {"type": "reading", "in_focus": False, "closeness": None, "score": None, "light": "can't tell", "frame": 3}


class Daemon:
    """Says what it is told to, to one reader at a time, and the last of it again and again, as frames come."""

    def __init__(self, path, hello=HELLO):
        self.path = path
        self.hello = hello
        self.say = queue.SimpleQueue()
        self.silent = False
        self.start()

    def start(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        try:
            self.connection, _ = self.listener.accept()
            self.connection.sendall(json.dumps(self.hello).encode() + b"\n")
            asked = json.loads(self.connection.makefile().readline())
            self.connection.sendall(json.dumps({"type": "answer", "id": asked["id"], "ok": True}).encode() + b"\n")
            message = None
            while True:
                with suppress(queue.Empty):
                    if (message := self.say.get(timeout=0.1)) is None:
                        return
                if message is not None and not self.silent:
                    self.connection.sendall(json.dumps(message).encode() + b"\n")
        except (OSError, ValueError):  # the reader has gone
            return

    def stop(self):
        self.say.put(None)
        self.path.unlink(missing_ok=True)
        for each in (self.listener, getattr(self, "connection", None)):
            if each is not None:
                each.close()


@pytest.fixture
def daemon(tmp_path):
    made = Daemon(tmp_path / "socket")
    made.say.put(SHARP)
    yield made
    made.stop()


@pytest.fixture
def sensor(daemon):
    with FocusSensor(socket=daemon.path) as made:
        yield made


def until(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.01)


def test_it_tells_closeness_and_whether_it_is_in_focus_from_the_beginning(sensor):
    assert sensor.value == 0.98
    assert sensor.is_active
    assert sensor.reading["score"] == 0.8
    assert next(sensor.values) == 0.98
    assert sensor.active_time is not None


def test_where_nothing_can_be_told_its_value_is_0(daemon, sensor):
    daemon.say.put(DARK)
    until(lambda: sensor.value == 0)
    assert not sensor.is_active
    assert sensor.reading["light"] == "can't tell"


def test_events_come_at_each_edge_and_only_there(daemon, sensor):
    told = []
    sensor.when_activated = lambda: told.append("on")
    sensor.when_deactivated = lambda device: told.append(device)
    for each in (SHARP, SOFT, SOFT, DARK, SHARP, SHARP):
        daemon.say.put(each)
    until(lambda: told == [sensor, "on"])


def test_it_can_be_waited_for(daemon, sensor):
    daemon.say.put(SOFT)
    assert sensor.wait_for_inactive(timeout=5)
    assert not sensor.wait_for_active(timeout=0.05)
    daemon.say.put(SHARP)
    assert sensor.wait_for_active(timeout=5)


def test_a_function_that_fails_does_not_silence_it(daemon, sensor, caplog):
    told = []
    sensor.when_deactivated = lambda: 1 / 0
    sensor.when_activated = lambda: told.append("on")
    for each in (SOFT, SHARP):
        daemon.say.put(each)
    until(lambda: told == ["on"])
    assert "failed" in caplog.text


def test_a_light_follows_it_as_any_device_of_gpiozero(daemon, sensor, pins):
    light = gpiozero.PWMLED(27)
    light.source = sensor
    until(lambda: light.value == 0.98)
    daemon.say.put(SOFT)
    until(lambda: light.value == 0.3)
    daemon.say.put(DARK)
    until(lambda: light.value == 0)
    light.close()


def test_a_daemon_that_falls_silent_is_not_believed_for_ever(daemon, sensor):
    told = threading.Event()
    sensor.when_deactivated = told.set
    daemon.silent = True
    assert told.wait(5)
    assert sensor.value == 0
    assert sensor.reading is not None, "the last one can still be looked at"


def test_one_that_goes_and_comes_back_is_survived_with_events(daemon, sensor):
    told = []
    sensor.when_activated = lambda: told.append("on")
    sensor.when_deactivated = lambda: told.append("off")
    daemon.stop()
    until(lambda: told == ["off"])
    assert sensor.value == 0
    daemon.start()
    daemon.say.put(SHARP)
    until(lambda: told == ["off", "on"])
    assert sensor.value == 0.98


def test_it_does_not_mind_that_the_daemon_comes_later(tmp_path):
    with FocusSensor(socket=tmp_path / "socket") as sensor:
        assert (sensor.value, sensor.is_active, sensor.reading) == (0, False, None)
        daemon = Daemon(tmp_path / "socket")
        daemon.say.put(SHARP)
        assert sensor.wait_for_active(timeout=5)
        daemon.stop()


def test_a_daemon_of_another_version_is_refused_with_its_version(tmp_path):
    daemon = Daemon(tmp_path / "socket", HELLO | {"protocol": 2, "focuscam": "9.0"})
    with pytest.raises(FocuscamError, match=r"focuscam 9\.0 and speaks another version"):
        FocusSensor(socket=tmp_path / "socket")
    daemon.stop()


@pytest.mark.parametrize("says", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"[1, 2]\n", b"\xff\xfe\n"])
def test_a_socket_that_is_not_ours_is_refused_in_a_sentence(tmp_path, says):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "socket"))
    listener.listen()
    threading.Thread(target=lambda: listener.accept()[0].sendall(says), daemon=True).start()
    with pytest.raises(FocuscamError, match=r"no focuscam|has gone"):
        FocusSensor(socket=tmp_path / "socket")
    listener.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may talk to every socket")
def test_a_socket_that_may_not_be_used_names_its_cure_as_another_user(daemon):
    daemon.path.chmod(0)
    with pytest.raises(CameraError, match="usermod"):
        FocusSensor(socket=daemon.path)


def test_it_can_be_closed_at_any_time(tmp_path, daemon):
    for path in (tmp_path / "nobody", daemon.path):
        sensor = FocusSensor(socket=path)
        sensor.close()
        sensor.close()
        assert sensor.closed
        assert sensor.value in (0, 0.98)


def test_a_loop_of_its_own_plays_a_source(sweep, monkeypatch):
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    told = threading.Event()
    with FocusSensor(sweep / "10.png", region="whole") as sensor:
        sensor.when_deactivated = told.set
        assert sensor.reading["name"] == "10.png"
        assert told.wait(10), "the source ended"


def test_a_loop_of_its_own_that_can_not_be_says_why(tmp_path):
    with pytest.raises(FocuscamError, match="does not exist"):
        FocusSensor(tmp_path / "absent.png")
    with pytest.raises(ValueError, match="source"):
        FocusSensor(region="whole")


@pytest.fixture
def bare(tmp_path):
    """A folder with focuscam, gpiozero and what that needs, and nothing else: to be all there is beside Python."""
    for package in ("gpiozero", "colorzero"):
        (tmp_path / package).symlink_to(Path(__import__(package).__file__).parent)
    (tmp_path / "focuscam").symlink_to(Path(__file__).resolve().parents[1] / "focuscam")
    return tmp_path


def test_it_takes_nothing_but_gpiozero_and_no_pins(bare, daemon):
    program = textwrap.dedent(f"""
        import sys
        from focuscam import FocusSensor
        with FocusSensor(socket={str(daemon.path)!r}) as sensor:
            print(sensor.value, sensor.wait_for_active(5), "numpy" in sys.modules)
    """)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GPIOZERO"))}
    environment["PYTHONPATH"] = str(bare)
    done = subprocess.run([sys.executable, "-S", "-c", program], env=environment, capture_output=True, text=True)
    assert done.stdout == "0.98 True False\n", done.stderr


def test_over_a_real_daemon_value_and_events_follow_the_ring(live):
    live.start()
    told = []
    with FocusSensor(socket=live.socket) as sensor:
        sensor.when_activated = lambda: told.append("on")
        sensor.when_deactivated = lambda: told.append("off")
        until(lambda: {"on", "off"} <= set(told), 15)
        values = {round(sensor.value, 1)}
        while len(values) < 4:
            values.add(round(sensor.value, 1))
            time.sleep(0.05)
        assert sensor.reading["phase"] in {phase.value for phase in Phase}
        assert sensor.reading["rested"] >= 0
        assert {"scene", "top"} <= sensor.reading.keys()
    assert all(0 <= each <= 1 for each in values)


def test_a_reading_that_came_late_does_not_let_a_later_silence_go_unnoticed(daemon, sensor):
    until(lambda: sensor.is_active)
    daemon.silent = True
    until(lambda: not sensor.is_active)
    sensor._heard -= 60.0  # the next one comes a minute late
    sensor._take(SHARP)
    assert sensor.is_active
    until(lambda: not sensor.is_active)
