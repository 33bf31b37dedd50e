import contextlib
import os
import signal
import subprocess
import sys

import pytest

from focuscam.system.signals import Stopped, stop_if_asked, stop_on_signals


@pytest.fixture(autouse=True)
def handlers_as_before():
    ours = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in ours}
    yield
    stop_on_signals()  # forgets what was asked
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_first_signal_unwinds_and_the_next_ones_disturb_nothing():
    stop_on_signals()
    with pytest.raises(Stopped):
        os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)


def test_a_signal_that_got_lost_is_asked_about_again():
    stop_on_signals()
    stop_if_asked()
    with contextlib.suppress(OSError):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            raise OSError("while clearing up")
    with pytest.raises(Stopped):
        stop_if_asked()


def test_what_was_asked_of_an_earlier_command_is_forgotten():
    stop_on_signals()
    with pytest.raises(Stopped):
        os.kill(os.getpid(), signal.SIGTERM)
    stop_on_signals()
    stop_if_asked()


OPENING = """
import signal, sys, time
from pathlib import Path
from focuscam.system.files import opened

class Stopped(BaseException):
    pass

def stop(number, frame):
    if armed:
        raise Stopped

armed = False
signal.signal(signal.SIGALRM, stop)
file, ends, came = Path(sys.argv[1]), time.monotonic() + 1.5, 0
while time.monotonic() < ends and came < 500:  # of each, the descriptor may stay open: the process is to end anyway
    try:
        armed = True
        signal.setitimer(signal.ITIMER_REAL, 2e-5 + (came % 97) * 1e-6)
        for _ in range(20):
            with opened(file, most=1000) as content:
                content.read()
        armed = False
    except Stopped:
        came += 1
print(came)
"""


def test_a_file_that_is_opened_when_a_signal_comes_is_closed_once(tmp_path):
    """Closed twice, it would be an error in place of the signal, or the end of somebody else's file."""
    file = tmp_path / "file"
    file.write_bytes(bytes(100))
    done = subprocess.run([sys.executable, "-c", OPENING, file], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100
