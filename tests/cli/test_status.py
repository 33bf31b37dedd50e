import json
import socket
import threading
import time

import pytest

from focuscam.cli import main
from focuscam.cli import status as room
from focuscam.cli.look import write_readings
from focuscam.errors import FocuscamError
from focuscam.ipc.client import Link
from focuscam.messages import Light
from focuscam.session import RemoteSession


@pytest.fixture
def session(bench):
    theirs, ours = socket.socketpair()
    bench.server.adopt(theirs)
    with RemoteSession(Link(ours)) as made:
        yield made


def test_json_joined_writes_each_reading_until_the_daemon_goes(bench, session, reading, capsys):
    def loop():
        while not bench.server.wants_readings:
            time.sleep(0.005)
        for _ in range(5):
            bench.show(reading)
            time.sleep(0.05)
        bench.end()

    looping = threading.Thread(target=loop)
    looping.start()
    with pytest.raises(FocuscamError) as gone:
        write_readings(session.events())
    looping.join()
    assert gone.value.status == 1
    lines = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert [each["frame"] for each in lines] == [0, 1, 2, 3, 4]
    assert {
        "name",
        "time",
        "score",
        "certainty",
        "in_focus",
        "blur",
        "contrast",
        "closeness",
        "hint",
        "led",
        "phase",
        "scene",
        "rested",
        "top",
        "blur_px",
        "blur_error",
    } <= set(lines[0])


def test_the_status_names_light_score_camera_and_since_when(bench, session, reading, capsys, monkeypatch):
    bench.show(reading)
    room.show_status(session, as_json=False)
    out = capsys.readouterr().out
    assert "on" in out
    assert "0.90" in out
    assert "phase" in out
    assert "bench" in out
    assert "seconds" in out


def test_a_clock_that_is_set_while_it_runs_does_not_make_it_older(bench, session, reading, capsys, monkeypatch):
    bench.show(reading)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 200 * 86400)
    room.show_status(session, as_json=False)
    out = capsys.readouterr().out
    assert "days" not in out
    assert time.strftime("%Y-%m-%d", time.localtime(time.time())) in out


def test_a_frame_that_came_late_does_not_make_a_script_believe_an_old_reading(
    bench, session, reading, monkeypatch, capsys
):
    bench.server._times.append(time.monotonic() - 100)
    bench.show(reading, taken=time.monotonic() - 20)
    assert room.show_status(session, as_json=True) == room.CAN_NOT_TELL


def test_the_status_of_a_reading_that_can_not_tell_says_why(bench, session, reading, capsys, monkeypatch):
    bench.show(reading, score=None, reason="dark")
    room.show_status(session, as_json=True)
    assert json.loads(capsys.readouterr().out)["reason"] == "dark"


def test_no_status_without_a_daemon(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FOCUSCAM_SOCKET", str(tmp_path / "absent"))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert main(["status"]) == 1
    assert "not running" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        ({}, room.IN_FOCUS),
        ({"light": Light.OFF}, room.NOT_IN_FOCUS),
        ({"light": Light.CANNOT_TELL}, room.CAN_NOT_TELL),
        ({"taken": time.monotonic() - 60}, room.CAN_NOT_TELL),
        (None, room.CAN_NOT_TELL),
    ],
)
def test_a_check_tells_scripts_whether_it_is_in_focus(bench, session, reading, monkeypatch, capsys, shown, status):
    if shown is not None:
        lit = {name: shown[name] for name in ("light",) if name in shown}
        bench.show(reading, lit, taken=shown.get("taken", time.monotonic()))
    assert room.show_status(session, as_json=True) == status
    assert json.loads(capsys.readouterr().out)["pid"]


def test_from_the_command_line_only_a_check_tells_by_its_status(live):
    live.start()
    seen = set()
    deadline = time.monotonic() + 30
    while seen < {0, 3} and time.monotonic() < deadline:
        seen.add(live.run("status", "--check")[0])
    assert seen == {0, 3}
    assert live.run("status")[0] == 0
    status, out, _ = live.run("status", "--json", "--check")
    assert status == (0 if json.loads(out)["in_focus"] else 3)
    live.stop()
    status, _, err = live.run("status", "--check")
    assert status == 1
    assert "not running" in err
