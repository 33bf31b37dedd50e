"""Faults of the light that need a process of their own: what hangs, what is killed, what ends in the middle."""

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.faults.light_bench import Bench, darkness

STALL = "bench.act = lambda number: time.sleep(60) if number == 75 else None"
"""The camera gives nothing more after 75 frames."""

SLEEP_WITH_THE_LOCK = "bench.act = lambda number: hold_the_lock(120) if number == 75 else None"
"""Then a call into C keeps the interpreter's lock."""


@pytest.fixture
def start(tmp_path):
    """Start a Bench; it is ended after the test."""
    started = []

    def make(setup="", settings="", **environment):
        folder = tmp_path / str(len(started))
        folder.mkdir()
        (folder / "focuscam.toml").write_text(settings)
        started.append(Bench(folder, setup, "--config", folder / "focuscam.toml", **environment))
        return started[-1]

    yield make
    for bench in started:
        bench.end()


def lit(bench):
    """Wait for the last frame before the fault, with the light on."""
    bench.until(lambda: len(bench.told("frame")) >= 75 and bench.level() == 1)
    return bench.told("frame")[-1][0]


def dark(bench, seconds):
    """Wait until the light is off; when that was, s."""
    bench.until(lambda: bench.level() == 0, seconds)
    return bench.told("level")[-1][0]


def test_one_frame_that_came_late_does_not_let_the_silence_after_it_be_lit(tmp_path):
    assert darkness(tmp_path, late_frame_s=5.0) < 4.0


def test_a_pin_that_fails_once_while_it_is_to_go_dark_is_dark_soon_after(start):
    bench = start(
        STALL
        + textwrap.dedent("""
        write, failed = sitecustomize.Told._set_state, []
        def fail_once(pin, value):
            if value == 0 and bench.number >= 74 and not failed:
                failed.append(pin)
                raise OSError("the pin does not answer")
            write(pin, value)
        sitecustomize.Told._set_state = fail_once
        """)
    )
    lit(bench)
    dark(bench, 10)
    assert "The light can't be set" in bench.said


def test_a_call_that_holds_the_interpreters_lock_is_ended_and_its_light_turned_off(start):
    bench = start(SLEEP_WITH_THE_LOCK)
    last = lit(bench)
    assert dark(bench, 30) - last < 10, "later than the watchdog would have been"
    assert bench.process.wait(10) == -signal.SIGKILL
    bench.until(lambda: "focuscam hung for 3 s" in bench.said)


def test_the_one_that_watches_leaves_a_hanging_program_with_a_dark_light_alone(start):
    bench = start(SLEEP_WITH_THE_LOCK.replace("120)", "5)") + "\nscorer.score = lambda frame: Reading("
                  "frame.number, frame.time, None, 0.05, 0.9, 'defocus', 1.0, taken=frame.taken)")  # fmt: skip
    bench.until(lambda: len(bench.told("frame")) >= 85, 60)
    assert bench.process.poll() is None


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV])
def test_killed_stopped_or_crashed_its_light_is_turned_off_without_systemd(start, number):
    bench = start()
    lit(bench)
    bench.process.send_signal(number)
    dark(bench, 20)
    bench.process.wait(10)


def test_suspended_by_ctrl_z_it_is_dark_stands_still_and_goes_on(start):
    bench = start()
    lit(bench)
    bench.process.send_signal(signal.SIGTSTP)
    suspended = dark(bench, 10)
    time.sleep(4.5)  # longer than the guard waits for one that hangs
    assert bench.level() == 0
    assert bench.told("frame")[-1][0] < suspended + 2
    bench.process.send_signal(signal.SIGCONT)
    bench.until(lambda: bench.level() == 1)
    assert bench.process.poll() is None


def test_the_active_low_pin_of_a_killed_program_is_high(start):
    bench = start(settings="[led]\npin = 22\nactive_high = false\n")
    bench.until(lambda: bench.level(22) == 0 and len(bench.told("frame")) >= 75)
    bench.process.kill()
    bench.until(lambda: bench.level(22) == 1)


def test_a_program_that_ends_by_itself_leaves_nothing_behind(start):
    bench = start()
    lit(bench)
    assert bench.runtime.joinpath("pins").read_text() == "17=0\n"
    [guard] = children(bench.process.pid)
    bench.process.terminate()
    assert bench.process.wait(10) == 0
    assert bench.level() == 0
    assert not bench.runtime.joinpath("pins").exists()
    bench.until(lambda: not Path(f"/proc/{guard}").exists())


def children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_a_start_that_hangs_with_the_lock_held_is_dark(start):
    # As OpenBLAS does where address space is short: its first large allocation spins for ever.
    bench = start(
        textwrap.dedent("""
        first = Sharp.score
        def hang(self, frame):
            sitecustomize.told("scoring")
            hold_the_lock(60)
        Sharp.score = hang
        """)
    )
    bench.until(lambda: bench.told("scoring"))
    time.sleep(2.0)
    assert [rest for _, rest in bench.told("level") if float(rest[1])] == [], "it was lit before it was ready"


def test_a_start_whose_first_frame_hangs_says_nothing_with_its_light(start):
    bench = start("bench.act = lambda number: hold_the_lock(60) if number == 0 else None")
    bench.until(lambda: "Looking at" in bench.said)
    time.sleep(2.0)
    assert [rest for _, rest in bench.told("level") if float(rest[1])] == []


def test_a_first_signal_during_an_end_that_has_another_cause_leaves_no_pin_high(start):
    # The signal comes where the clearing up has begun: it waits for the thread that keeps the light in time.
    bench = start(
        textwrap.dedent("""
        import signal
        join = threading.Thread.join
        def interrupted(thread, timeout=None):
            if thread.name == "pulse":
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(0.05)
            join(thread, timeout)
        threading.Thread.join = interrupted
        bench.act = lambda number: (_ for _ in ()).throw(OSError("the camera is gone")) if number == 75 else None
        """)
    )
    lit(bench)
    bench.process.wait(20)
    ended = time.monotonic()
    assert [rest for at, rest in bench.told("level") if at <= ended][-1] == ["GPIO17", "0.0"]
    assert f" {bench.process.pid} level GPIO17 0.0" in bench.told_in.read_text(), "it was the guard that did it"


def test_systemd_is_told_of_life_only_while_the_light_is_kept_in_time(start):
    bench = start(
        "def fail(*_): raise OSError('gone')\n"
        "bench.act = lambda number: setattr(sitecustomize.Told, '_set_state', fail) if number == 60 else None\n"
        "scorer.score = lambda frame: Reading("
        "frame.number, frame.time, None, None, 0.0, 'unknown', 0.0, 'flat', taken=frame.taken)",
        NOTIFY_SOCKET="/nowhere",
    )
    bench.until(lambda: bench.told("notify"))
    bench.until(lambda: "can't be set" in bench.said)
    bench.until(lambda: bench.process.poll() is not None or bench.told("notify")[-1][0] < time.monotonic() - 2)
    assert any("WATCHDOG=1" in words for _, words in bench.told("notify"))
    assert bench.told("frame")[-1][0] > bench.told("notify")[-1][0] + 1, "the frames stopped as well"


REFUSED = textwrap.dedent("""
    from gpiozero import Device
    really = type(Device.pin_factory).pin
    def pin(factory, name):
        if not os.path.exists("{there}"):
            raise OSError("{words}")
        return really(factory, name)
    type(Device.pin_factory).pin = pin
""")


@pytest.mark.parametrize("words", ["GPIO busy", "can not open gpiochip"])
def test_pins_that_may_still_come_are_waited_for_said_once_and_used_when_they_are_there(start, tmp_path, words):
    there = tmp_path / "there"
    bench = start(REFUSED.format(there=there, words=words), "[led]\nrequired = true\n", NOTIFY_SOCKET="/nowhere")
    bench.until(lambda: len([1 for _, told in bench.told("notify") if "EXTEND_TIMEOUT_USEC=60000000" in told]) > 2)
    assert bench.said.count("It is waited for; until then there is no light") == 1
    there.touch()
    lit(bench)
    assert any("READY=1" in told for _, told in bench.told("notify"))


def test_pins_that_a_person_has_to_open_end_it_with_78(start, tmp_path):
    bench = start(REFUSED.format(there=tmp_path / "never", words="no permission"), "[led]\nrequired = true\n")
    assert bench.process.wait(30) == 78
    assert "usermod -aG" in bench.said


def test_waiting_for_pins_ends_with_a_signal(start, tmp_path):
    bench = start(REFUSED.format(there=tmp_path / "never", words="GPIO busy"), "[led]\nrequired = true\n")
    bench.until(lambda: "It is waited for" in bench.said)
    bench.process.terminate()
    assert bench.process.wait(10) == 0


@pytest.mark.parametrize("exposure", [36.0, 200.0])
def test_systemd_is_asked_for_the_time_that_the_first_frames_of_a_long_exposure_take(start, exposure):
    from focuscam.cameras.picamera import PiCamera

    deadline = PiCamera(exposure=exposure).deadline
    bench = start(f"bench.deadline = {deadline}", NOTIFY_SOCKET="/nowhere")
    bench.until(lambda: bench.told("notify"))
    first = bench.told("notify")[0][1]
    asked = [int(word.split("=")[1]) / 1e6 for word in first if word.startswith("EXTEND_TIMEOUT_USEC=")]
    assert asked, "systemd ends what is not ready after TimeoutStartSec"
    assert asked[0] > deadline > 5 * exposure, "libcamera discards the first frames"


def test_lights_out_imports_the_standard_library_alone_until_there_is_a_pin_to_turn_off():
    program = (
        "import sys, focuscam.lights_out\n"
        "known = set(sys.stdlib_module_names) | {'focuscam', '__main__'}\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} - known), "
        "sorted(name for name in sys.modules if name.startswith('focuscam')))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "[] ['focuscam', 'focuscam.lights_out']", done.stderr
