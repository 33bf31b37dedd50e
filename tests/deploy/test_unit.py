"""What the unit and the program have to agree on."""

from pathlib import Path

import pytest

from focuscam.cameras.picamera import PiCamera
from focuscam.indicators.patterns import FAULT_S
from focuscam.lights_out import HUNG_S

UNIT = Path(__file__).resolve().parents[2] / "deploy" / "focuscam.service"


@pytest.fixture
def unit():
    return dict(line.split("=", 1) for line in UNIT.read_text().splitlines() if "=" in line and line[0] != "#")


def test_after_every_end_the_pins_are_turned_off(unit):
    assert unit["ExecStopPost"].endswith("python -m focuscam.lights_out")
    assert unit["RuntimeDirectory"] == "focuscam", "where it is written down which pins were taken"


def test_the_guard_is_faster_than_the_watchdog_and_the_camera_than_both(unit):
    watchdog = float(unit["WatchdogSec"])
    assert watchdog > HUNG_S
    first_frame = PiCamera().deadline
    assert 1.5 * first_frame < watchdog
    assert first_frame / 3 + FAULT_S < watchdog, "it would be killed while it shows the fault"
    assert unit["WatchdogSignal"] == "SIGKILL"


def test_the_end_has_time_to_show_a_fault(unit):
    assert float(unit["TimeoutStopSec"]) > FAULT_S


def test_what_the_devices_are_named_after_is_loaded_before_they_are_looked_up(unit):
    assert unit["Wants"] == unit["After"] == "modprobe@mc.service modprobe@videodev.service"
    assert "DeviceAllow=char-media rw\n" in UNIT.read_text(), "mc names media, videodev video4linux"
