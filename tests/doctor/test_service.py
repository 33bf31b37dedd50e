import sys

import pytest


def test_without_systemd_there_is_no_service_and_nothing_failed(machine):
    seen = machine.examined()
    assert seen["service"].startswith("-")
    assert "at boot" not in seen
    assert seen.fine


def test_a_service_that_runs_is_told_with_its_process_and_its_own_words(machine):
    machine.has_the_service()
    machine.has_users(focuscam="focuscam video gpio")
    line = machine.examined()["service"]
    assert line.startswith("ok")
    assert "active since Wed 2026-11-25 18:00:00 UTC, process 512: on, score 0.93" in line


def test_restarts_are_told(machine):
    machine.has_the_service(NRestarts=3)
    line = machine.examined()["service"]
    assert line.startswith("ok")
    assert "start it again 3 times, `sudo journalctl -u focuscam -n 20` says more" in line


def test_a_service_that_is_not_installed_is_no_failure_and_can_be(machine):
    machine.has_the_service(LoadState="not-found", ActiveState="inactive", MainPID=0)
    seen = machine.examined()
    assert seen["service"].startswith("-")
    assert "`sudo deploy/install.sh`" in seen["service"]
    assert "its groups" not in seen


def test_one_that_will_not_start_with_the_machine_is_a_failure(machine):
    machine.has_the_service(UnitFileState="disabled")
    seen = machine.examined()
    assert seen["at boot"].startswith("FAILED")
    assert "`sudo systemctl enable focuscam`" in seen["at boot"]
    assert not seen.fine


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"ActiveState": "inactive", "SubState": "dead"}, "stopped: type `sudo systemctl start focuscam`"),
        (
            {"ActiveState": "failed", "Result": "exit-code", "ExecMainStatus": 78,
             "StatusText": "[led] pin = 17 can't be used: GPIO busy."},
            "failed: its settings, its model or its pins are wrong ([led] pin = 17 can't be used: GPIO busy); "
            "put that right, then type `sudo systemctl restart focuscam`",
        ),
        (
            {"ActiveState": "activating", "SubState": "auto-restart", "Result": "exit-code", "ExecMainStatus": 69,
             "StatusText": "No camera was found.", "NRestarts": 41},
            "there is no camera, or it is busy or forbidden (No camera was found); "
            "systemd tries again every few seconds (41 times so far)",
        ),
        (
            {"ActiveState": "activating", "SubState": "auto-restart", "Result": "watchdog", "StatusText": "",
             "NRestarts": 1},
            "no frame was scored for too long, and systemd ended it; systemd tries again every few seconds (1 time so",
        ),
        ({"ActiveState": "activating", "SubState": "start", "NRestarts": 2}, "has no frame yet, after 2 times"),
        ({"ActiveState": "failed", "Result": "exit-code", "ExecMainStatus": 203, "StatusText": ""}, "install it again"),
        ({"LoadState": "masked", "ActiveState": "inactive"}, "`sudo systemctl unmask focuscam`"),
        ({"LoadState": "bad-setting", "ActiveState": "inactive"}, "`systemd-analyze verify focuscam.service`"),
    ],
)  # fmt: skip
def test_a_service_that_does_not_run_says_why_and_what_to_type(machine, facts, words):
    machine.has_the_service(**{"MainPID": 0} | facts)
    seen = machine.examined()
    assert seen["service"].startswith("FAILED")
    assert words in seen["service"]
    assert not seen.fine


def test_one_that_has_just_been_started_has_not_failed(machine):
    machine.has_the_service(ActiveState="activating", SubState="start", StatusText="")
    assert machine.examined()["service"].startswith("-")


def test_a_unit_changed_behind_systemds_back_is_to_be_read_again(machine):
    machine.has_the_service(NeedDaemonReload="yes")
    assert "`sudo systemctl daemon-reload`" in machine.examined()["unit"]


@pytest.mark.parametrize("script", ["echo 'Failed to connect to bus: No such file' >&2; exit 1", "exec sleep 60"])
def test_a_systemd_that_does_not_answer_is_told_and_is_no_failure(machine, script):
    machine.has_the_service()
    machine.program("systemctl", script)
    line = machine.examined()["service"]
    assert line.startswith("-")
    assert "systemd can't be asked" in line


@pytest.mark.parametrize(("program", "needed"), [(f"{sys.prefix}/bin/focuscam", True), ("/elsewhere/focuscam", False)])
def test_systemd_python_is_missed_where_it_is_the_services_own_python_that_lacks_it(
    machine, monkeypatch, program, needed
):
    machine.has_the_service(ExecStart=f"{{ path={program} ; argv[]={program} ; ignore_errors=no ; pid=512 }}")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    seen = machine.examined()
    assert ("systemd-python" in seen) == needed
    assert not needed or "`sudo apt install python3-systemd`" in seen["systemd-python"]
