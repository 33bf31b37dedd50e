"""The camera has one user at a time: the service, or those to whom it is released."""

import itertools
import json
import shlex
import time

from tests.virtual_pi.virtual_pi import until

WATCHDOG_S = 10


def guest(pi, seconds):
    """Another program that holds the camera for so long, started now; it has taken its first frame."""
    command = pi.as_the_service("--source picamera --json >/run/guest 2>/dev/null")
    pi.run("rm -f /run/guest; systemctl reset-failed guest 2>/dev/null; true")
    pi.run(f"systemd-run --quiet --unit guest timeout {seconds} bash -c {shlex.quote(command)}")
    until(lambda: pi.run("cat /run/guest 2>/dev/null", check=False), 20, "the guest has the camera")


def blips(pi, since):
    """(when, for how long) the LED was lit, s."""
    changes = pi.led(since)
    return [(on.time, off.time - on.time) for on, off in itertools.pairwise(changes) if on.lit]


def test_a_second_focuscam_is_told_who_holds_the_camera(pi):
    status, said = pi.ended(pi.as_the_service("--source picamera --json"))
    assert status == 69
    assert f"focuscam (pid {pi.main_pid()}) holds it" in said
    assert "Traceback" not in said
    assert pi.service("ActiveState") == "active"


def test_released_another_program_has_the_camera_and_the_service_lives_on(pi):
    pid, restarts = pi.main_pid(), pi.service("NRestarts")
    assert "resume" in pi.run("focuscam release", user="ada")
    released = time.monotonic()
    first = pi.run(pi.as_the_service("--source picamera --json 2>/dev/null | head -n 1"))
    assert json.loads(first)["frame"] == 0
    assert "released" in pi.run("focuscam status", user="ada")
    time.sleep(max(0.0, released + WATCHDOG_S + 5 - time.monotonic()))
    assert (pi.main_pid(), pi.service("NRestarts")) == (pid, restarts), "the watchdog ended it"
    assert "released" in pi.service("StatusText")
    seen = blips(pi, released + 1)
    print(f"blips at {[round(when - released, 1) for when, _ in seen]}")
    assert 2 <= len(seen) <= 5
    assert all(0.05 < length < 0.3 for _, length in seen), "something else than a short blip"
    assert all(3.5 < b[0] - a[0] < 4.5 for a, b in itertools.pairwise(seen))
    pi.run("focuscam resume", user="ada")
    assert pi.green_again(time.monotonic())
    assert pi.main_pid() == pid


def test_a_program_runs_beside_and_the_camera_is_taken_back_when_it_ends(pi):
    pid = pi.main_pid()
    program = pi.as_the_service("--source picamera --json 2>/dev/null | head -n 3; exit 7")
    status, said = pi.ended(f"focuscam release -- bash -c {shlex.quote(program)}")
    assert status == 7, said
    assert len([line for line in said.splitlines() if line.startswith("{")]) == 3
    assert pi.green_again(time.monotonic())
    assert pi.main_pid() == pid


def test_a_program_that_does_not_give_the_camera_back_in_time_is_waited_for(pi):
    pid = pi.main_pid()
    pi.run("focuscam release --for 4s", user="ada")
    began = time.monotonic()
    guest(pi, 12)
    until(lambda: "(pid" in pi.journal(began), 20, "it is said who holds the camera", pi.journal)
    assert "Waiting for it" in pi.journal(began)
    assert pi.green_again(began + 10)
    assert pi.main_pid() == pid


def test_a_camera_that_is_busy_at_the_start_is_had_when_it_is_free(pi):
    pi.run("systemctl stop focuscam")
    guest(pi, 20)
    began = time.monotonic()
    pi.run("systemctl --no-block start focuscam")
    until(lambda: "holds it" in pi.journal(began), 20, "it is said who holds the camera", pi.journal)
    until(lambda: "status=69" in pi.journal(began), 30, "it ends with 69", pi.journal)
    assert not pi.steady(began + 0.5), "a steady light without a camera"
    assert pi.green_again(began + 15, 60)


def test_nothing_is_left_over_of_a_camera_that_was_released_again_and_again(pi):
    pid = pi.main_pid()

    def round_trips(count):
        for _ in range(count):
            pi.run("focuscam release", user="ada")
            shown = len(pi.frames())
            pi.run("focuscam resume", user="ada")
            until(lambda shown=shown: len(pi.frames()) != shown, 20, "frames again", pi.journal)
        return pi.footprint(pid)

    first = round_trips(3)
    last = round_trips(10)
    print(f"{first.memory_kb} kB of memory after 3 releases, {last.memory_kb} kB after 13")
    assert last.threads <= first.threads
    assert len(last.files) <= len(first.files), f"{first.files} {last.files}"
    assert last.memory_kb - first.memory_kb < 20_000
