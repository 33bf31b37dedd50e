import dataclasses
import os
from pathlib import Path

import pytest
from gpiozero import LED

from focuscam.doctor import devices
from focuscam.doctor.daemons import RunningDaemon
from focuscam.doctor.service import Unit


@pytest.fixture
def camera_held_by(machine):
    """A camera on the machine that this process has locked, as libcamera does."""

    def it(pid, name):
        device = machine.file("dev/media0")
        stat = device.stat()
        where = f"{os.major(stat.st_dev):02x}:{os.minor(stat.st_dev):02x}:{stat.st_ino}"
        machine.file("proc/locks", f"1: POSIX  ADVISORY  WRITE {pid} {where} 0 EOF\n")
        machine.file(f"proc/{pid}/comm", f"{name}\n")

    return it


def with_led(machine, **changes):
    machine.settings = dataclasses.replace(machine.settings, led=dataclasses.replace(machine.settings.led, **changes))


def test_a_camera_that_the_service_holds_is_as_it_should_be(machine, camera_held_by):
    machine.is_a_pi()
    machine.has_the_service(MainPID=512)
    camera_held_by(512, "focuscam")
    assert machine.examined()["camera"] == "ok  camera         the service has it (process 512), as it should"


def test_a_camera_that_another_program_holds_is_a_failure_with_its_name(machine, camera_held_by):
    machine.is_a_pi()
    machine.has_the_service(MainPID=0, ActiveState="failed", Result="exit-code", ExecMainStatus=69)
    camera_held_by(99, "rpicam-still")
    line = machine.examined()["camera"]
    assert line.startswith("FAILED")
    assert "held by rpicam-still (pid 99): wait for its end, or type `kill 99`" in line


def test_what_a_running_service_holds_is_not_opened(machine, monkeypatch, pins):
    machine.is_a_pi()
    machine.has_the_service()
    monkeypatch.setattr("focuscam.cameras.acquired.check", lambda index: pytest.fail("the camera was looked at"))
    seen = machine.examined()
    assert seen["camera"].startswith("ok")
    assert seen["led"] == "ok  led            GPIO 17, left to the running focuscam (process 512), whose it is"
    assert not pins.pins, "a pin was opened"


def test_a_pin_is_left_alone_while_systemd_may_start_the_service_at_any_moment(machine, pins):
    machine.has_the_service(ActiveState="activating", SubState="auto-restart", MainPID=0, NRestarts=7)
    assert "left to the focuscam that runs or is about to" in machine.examined()["led"]
    assert not pins.pins


def test_a_camera_that_is_missing_fails_on_a_pi_only(machine):
    assert machine.examined()["camera"].startswith("-")
    machine.is_a_pi()
    assert machine.examined()["camera"].startswith("FAILED")


def test_a_pin_that_can_be_had_is_had_and_given_back(machine, pins):
    machine.is_a_pi()
    assert machine.examined()["led"] == "ok  led            GPIO 17 can be used"
    LED(17).close()


@pytest.fixture
def a_pin_in_use(pins):
    with LED(17):
        yield


@pytest.mark.parametrize(
    ("required", "pi", "mark"),
    [("auto", True, "FAILED"), ("auto", False, "-"), (True, False, "FAILED"), (False, True, "-"), (False, False, "-")],
)
def test_a_pin_that_can_not_be_had_fails_where_focuscam_would_end_for_it(machine, a_pin_in_use, required, pi, mark):
    if pi:
        machine.is_a_pi()
    with_led(machine, required=required)
    line = machine.examined()["led"]
    assert line.startswith(mark)
    assert "[led] pin = 17 can't be used" in line
    assert ("goes on without it" in line) == (mark == "-")


def test_buttons_are_looked_at_where_there_are_any(machine):
    assert "button forget" not in machine.examined()
    machine.settings = machine.settings.with_changes("a test", buttons={"forget": 5})
    assert machine.examined()["button forget"] == "ok  button forget  GPIO 5 can be used"


def test_a_pi_without_lgpio_is_told_what_to_install(machine, monkeypatch):
    machine.is_a_pi()
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY")
    monkeypatch.setitem(__import__("sys").modules, "lgpio", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "`sudo apt install python3-lgpio`" in machine.examined()["led"]


def test_what_nobody_foresaw_does_not_hide_the_rest(machine, monkeypatch):
    def strange(index):
        raise ZeroDivisionError

    monkeypatch.setattr("focuscam.cameras.acquired.check", strange)
    seen = machine.examined()
    assert seen["camera"].startswith("FAILED")
    assert "please report this line" in seen["camera"]
    assert "led" in seen
    assert "Settings in force" in seen.text


def test_a_released_camera_is_nobodys_fault(machine, camera_held_by):
    machine.is_a_pi()
    daemon = RunningDaemon(Path("/run/s"), {"pid": 512, "released": True})
    unit = Unit({"LoadState": "loaded", "MainPID": "512"})
    found = devices.camera(machine.settings, unit, [daemon], True, machine.root)
    assert found.works
    assert "nobody has it: `focuscam resume`" in found.detail
    camera_held_by(99, "rpicam-still")
    assert "rpicam-still (pid 99) has it" in devices.camera(machine.settings, unit, [daemon], True, machine.root).detail
