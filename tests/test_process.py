"""The real process, with real signals. Its mock pins tell their history when it ends."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

DRIVER = textwrap.dedent("""
    import atexit, sys
    from gpiozero import Device
    from gpiozero.pins.mock import MockFactory
    Device.pin_factory = pins = MockFactory()
    pin = pins.pin(17)
    from focuscam.cli import main
    status = main(sys.argv[1:])
    print("PIN", [state.state for state in pin.states], pin.state, file=sys.stderr, flush=True)
    sys.exit(status)
""")


@pytest.fixture
def start(spawn):
    return lambda *arguments, **options: spawn(DRIVER, *arguments, **options)


@pytest.fixture
def still(sweep, tmp_path):
    """A folder that shows its one sharp image for an hour."""
    (tmp_path / "sharp.png").write_bytes((sweep / "10.png").read_bytes())
    (tmp_path / "sweep.csv").write_text("file,position\n" + "sharp.png,0\n" * 108_000)
    return tmp_path


def first_words(process):
    """Wait until the loop runs: it says what it looks at."""
    for line in process.stderr:
        if "Looking at" in line:
            return
    pytest.fail("it ended before it looked at anything")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_turns_the_pin_off_and_ends_it_with_0_within_two_seconds(start, still, number):
    process = start("--source", still, "--region", "whole")
    first_words(process)
    time.sleep(1.0)
    told = time.monotonic()
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert time.monotonic() - told < 2.0
    assert process.returncode == 0, err
    assert "PIN [False, True, False] False" in err


def test_a_reader_that_has_seen_enough_is_no_error(start, still):
    process = start("--source", still, "--json")
    assert json.loads(process.stdout.readline())["frame"] == 0
    process.stdout.close()
    process.wait(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in process.stderr.read()


def wait_for(process, words):
    seen = []
    for line in process.stderr:
        seen.append(line)
        if words in line:
            return
    pytest.fail(f"{words!r} was not said, but: {''.join(seen)}")


def test_a_hangup_reads_the_settings_again_and_a_broken_file_leaves_the_old_ones_in_force(start, still, tmp_path):
    file = tmp_path / "focuscam.toml"
    file.write_text("[focus]\nregion = 'whole'")
    process = start("--source", still, "--config", file)
    first_words(process)
    file.write_text("[focus]\nregion = 'best'\n[led]\npin = 22")
    process.send_signal(signal.SIGHUP)
    wait_for(process, "in force now: focus.region")
    wait_for(process, "Restart focuscam for led.pin to take effect")
    file.write_text("[focus]\nregion = 'nowhere'")
    process.send_signal(signal.SIGHUP)
    wait_for(process, "stay in force")
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_under_systemd_without_its_library_it_says_what_to_install(still):
    try:
        import systemd.daemon  # noqa: F401
    except ImportError:
        done = subprocess.run(
            [sys.executable, "-m", "focuscam", "--source", str(still)],
            env=os.environ | {"NOTIFY_SOCKET": "/nowhere"}, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 78
        assert "python3-systemd" in done.stderr
    else:
        pytest.skip("systemd-python is installed here")


def test_it_is_installed_from_a_wheel_with_its_model(tmp_path, sweep):
    """Build the wheel, install it elsewhere, score a photo with it."""
    source = Path(__file__).resolve().parents[1]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    quiet = {"check": True, "capture_output": True, "text": True, "timeout": 300}
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=source, **quiet)
    (wheel,) = tmp_path.glob("focuscam-*.whl")
    # What it depends on is at hand in this environment already; only focuscam itself comes from the wheel.
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--target", tmp_path / "installed", wheel], **quiet)
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed")}
    done = subprocess.run(
        [sys.executable, "-m", "focuscam", "score", "--json", sweep / "10.png"],
        cwd=tmp_path, env=environment, **quiet,
    )  # fmt: skip
    assert json.loads(done.stdout)["in_focus"]
    where = [sys.executable, "-c", "import focuscam; print(focuscam.__file__)"]
    assert str(tmp_path) in subprocess.run(where, cwd=tmp_path, env=environment, **quiet).stdout
