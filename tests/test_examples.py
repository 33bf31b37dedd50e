"""Each example, as a user starts it: against a live daemon, and, where the tests run as root, by somebody else."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((REPOSITORY / "examples").glob("*.py"))
SECONDS = 11
"""Longer than the hand takes to and fro."""

DRIVER = textwrap.dedent("""
    import json, runpy, sys, threading, time
    from gpiozero import Device
    from gpiozero.pins.mock import MockFactory, MockPWMPin
    Device.pin_factory = pins = MockFactory(pin_class=MockPWMPin)
    history = {}
    def watch():
        while True:
            for pin in list(pins.pins.values()):
                seen = history.setdefault(pin.info.name, [])
                if not seen or seen[-1] != pin.state:
                    seen.append(pin.state)
            time.sleep(0.005)
    threading.Thread(target=watch, daemon=True).start()
    sys.argv = sys.argv[1:]
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except KeyboardInterrupt:
        print("PINS", json.dumps(history), file=sys.stderr, flush=True)
""")


def of_another_user():
    """(what to put before a command, a Python) of an ordinary user; the tests' own where they are no root."""
    if os.geteuid() != 0:
        return [], sys.executable
    if not shutil.which("setpriv"):
        pytest.skip("setpriv, to become an ordinary user, is not here")
    become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            sees = [*become, python, "-c", f"open({str(EXAMPLES[0])!r})"]
            if subprocess.run(sees, capture_output=True).returncode == 0:
                return become, python
        except OSError:
            continue
    pytest.skip("an ordinary user can neither run Python nor read the checkout here")


@pytest.fixture(scope="module")
def ran(make_live):
    """What each of the examples wrote, and what it did to its pins, by its name; and a way to run another program."""
    become, python = of_another_user()
    place = Path(tempfile.mkdtemp(prefix="focuscam-examples-"))
    place.chmod(0o755)
    for package in ("gpiozero", "colorzero"):
        shutil.copytree(Path(__import__(package).__file__).parent, place / package)
    (place / "focuscam").symlink_to(REPOSITORY / "focuscam")
    live = make_live()
    live.frames_a_step = 4
    live.socket = place / "focuscam.sock"
    live.environment["FOCUSCAM_SOCKET"] = str(live.socket)
    environment = {"FOCUSCAM_SOCKET": str(live.socket), "PYTHONPATH": str(place), "PATH": "/usr/bin:/bin"}
    try:
        live.start()
        forbidden = subprocess.run(
            [*become, python, "-c", "from focuscam import FocusSensor; FocusSensor()"],
            env=environment, capture_output=True, text=True, cwd=place,
        )  # fmt: skip
        if become:
            os.chown(live.socket, 65534, 65534)
        started = {
            file.stem: subprocess.Popen(
                [*become, python, "-c", DRIVER, file, *(["0.2", "echo", "LOST"] if file.stem == "notify" else [])],
                env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=place,
            )
            for file in EXAMPLES
        }  # fmt: skip
        time.sleep(SECONDS)
        for process in started.values():
            process.send_signal(signal.SIGINT)
        told = {name: process.communicate(timeout=20) for name, process in started.items()}
    finally:
        live.stop()
        shutil.rmtree(place)
    pins = {}
    for name, (_, err) in told.items():
        [line] = [line for line in err.splitlines() if line.startswith("PINS ")] or pytest.fail(f"{name}: {err}")
        pins[name] = json.loads(line.removeprefix("PINS "))
    return {name: out for name, (out, _) in told.items()}, pins, forbidden.stderr if become else ""


def test_there_are_six_and_each_is_short():
    assert len(EXAMPLES) == 6
    for file in EXAMPLES:
        assert len(file.read_text().splitlines()) < 30, file.name


def test_a_second_light_is_the_brighter_the_nearer(ran):
    levels = ran[1]["second_light"]["GPIO27"]
    assert len({round(level, 1) for level in levels}) > 4
    assert max(levels) > 0.9


def test_a_servo_goes_to_both_ends(ran):
    # Pulses of 1 to 2 ms, every 20 ms.
    pulses = [pulse for pulse in ran[1]["servo"]["GPIO18"] if pulse]
    assert 0.049 < min(pulses) < 0.065
    assert 0.095 < max(pulses) < 0.101


def test_a_shutter_is_released_once_for_each_time_in_focus(ran):
    levels = ran[1]["shutter"]["GPIO22"]
    released = ran[0]["shutter"].count("released")
    assert released >= 1
    assert levels == [False] + [True, False] * released


def test_a_log_has_a_row_a_second(ran):
    rows = list(csv.DictReader(ran[0]["csv_log"].splitlines()))
    assert len(rows) > SECONDS / 2
    assert {row["in_focus"] for row in rows} == {"True", "False"}
    assert all(0 <= float(row["closeness"]) <= 1 for row in rows)


def test_a_lens_that_has_lost_its_focus_is_told(ran):
    assert "LOST" in ran[0]["notify"]


def test_a_sound_is_there_near_focus_and_silent_where_it_is_soft(ran):
    assert {0.0, 0.5} <= set(ran[1]["sound"]["GPIO22"])


def test_who_may_not_use_the_socket_is_told_what_to_do(ran):
    if not ran[2]:
        pytest.skip("the tests do not run as root, so nobody else's daemon is here")
    assert "CameraError: focuscam runs here, but you may not look at it" in ran[2]
    assert "root started it" in ran[2]
