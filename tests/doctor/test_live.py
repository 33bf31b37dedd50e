"""The real command beside a real daemon, as root and as an ordinary user."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

FOCUSCAM = [sys.executable, "-m", "focuscam"]
NOBODY = 65534
# The checkout and its Python may lie where only root may read: that much it is allowed, and not to write or connect.
AS_NOBODY = [
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
]  # fmt: skip


@pytest.fixture
def environment(tmp_path):
    tmp_path.chmod(0o755)
    pins = {"GPIOZERO_PIN_FACTORY": "mock", "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin"}
    # An ordinary user may not write what coverage keeps, either.
    others = ("FOCUSCAM_SOCKET", "STATE_DIRECTORY", "COVERAGE_PROCESS_CONFIG")
    kept = {name: value for name, value in os.environ.items() if name not in others}
    return kept | pins | {"XDG_RUNTIME_DIR": str(tmp_path), "OMP_NUM_THREADS": "1"}


@pytest.fixture
def daemon(environment):
    process = subprocess.Popen(
        [*FOCUSCAM, "--source", "sim", "--region", "whole"], env=environment, stderr=subprocess.PIPE, text=True
    )
    assert "Looking at" in process.stderr.readline()
    deadline = time.monotonic() + 30
    while frame(environment) is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield process
    process.send_signal(signal.SIGCONT)
    process.terminate()
    process.communicate(timeout=20)


def frame(environment):
    """The number of the frame that the daemon is at."""
    said = subprocess.run([*FOCUSCAM, "status", "--json"], env=environment, capture_output=True, text=True)
    return json.loads(said.stdout).get("frame") if said.returncode == 0 else None


def doctor(environment, *before):
    ran = subprocess.run([*before, *FOCUSCAM, "doctor"], env=environment, capture_output=True, text=True)
    assert "Traceback" not in ran.stdout + ran.stderr
    assert "Settings in force" in ran.stdout
    return ran.returncode, {line[8:].split("  ")[0]: line.strip() for line in ran.stdout.splitlines()}


@pytest.fixture
def as_nobody():
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("needs root and setpriv to become an ordinary user")
    return AS_NOBODY


def test_a_running_daemon_is_seen_and_not_disturbed(daemon, environment):
    before = frame(environment)
    status, seen = doctor(environment)
    assert status == 0
    assert f"answers, process {daemon.pid}, looking at simulated" in seen["socket"]
    assert seen["led"] == f"ok  led            GPIO 17, the running focuscam (process {daemon.pid}) has it"
    time.sleep(0.5)
    assert frame(environment) > before
    assert daemon.poll() is None


def test_an_ordinary_user_outside_the_group_is_told_the_cure(daemon, environment, as_nobody):
    status, seen = doctor(environment, *as_nobody)
    assert status == 1
    assert seen["socket"].startswith("FAILED")
    assert "you may not look at it" in seen["socket"]
    assert "left to the focuscam that runs" in seen["led"]


def test_an_ordinary_user_in_the_group_sees_what_root_sees(daemon, environment, as_nobody, tmp_path):
    os.chown(tmp_path / "focuscam.sock", -1, NOBODY)
    status, seen = doctor(environment, *as_nobody)
    assert status == 0
    assert f"process {daemon.pid}" in seen["socket"]


def test_a_daemon_that_hangs_is_a_failure_with_the_command(daemon, environment):
    daemon.send_signal(signal.SIGSTOP)
    status, seen = doctor(environment)
    assert status == 1
    assert "does not answer: type `sudo systemctl restart focuscam`" in seen["socket"]
