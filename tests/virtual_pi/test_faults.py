"""What goes wrong with the camera or the process, and how the service comes back from it."""

import time

from tests.virtual_pi.virtual_pi import until


def test_a_camera_that_freezes_ends_it_with_status_1_and_is_green_again_when_it_thaws(pi):
    pid = pi.main_pid()
    pi.green_again(time.monotonic())
    frozen = time.monotonic()
    pi.camera("frozen", True)
    until(lambda: pi.main_pid() != pid, 20, "the process ended", pi.journal)
    assert "status=1/FAILURE" in pi.journal(frozen)
    assert "fallen silent" in pi.journal(frozen)
    until(lambda: pi.main_pid() not in (0, pid), 15, "systemd started it again", pi.journal)
    assert not pi.steady(frozen + 1.5), "a steady light without a camera"
    thawed = time.monotonic()
    pi.camera("frozen", False)
    assert pi.green_again(thawed, 40)
    assert pi.service("ActiveState") == "active"


def test_a_process_that_stands_still_is_ended_by_its_guard_and_its_light_turned_off(pi):
    pid = pi.main_pid()
    pi.wait_for_light()
    stopped = time.monotonic()
    pi.run(f"kill -STOP {pid}")
    assert pi.lit(), "the light went off before the process could be stopped"
    until(lambda: not pi.lit(), 9, "the LED was turned off", pi.journal)
    assert "focuscam hung for 3 s while its light was lit" in pi.journal(stopped)
    until(lambda: pi.main_pid() not in (0, pid), 15, "systemd started it again", pi.journal)
    assert pi.green_again(stopped + 15)


def test_after_sigkill_the_pins_are_off_and_it_is_back_within_seconds(pi):
    pid = pi.main_pid()
    pi.wait_for_light()
    killed = time.monotonic()
    pi.run(f"kill -KILL {pid}")
    until(lambda: not pi.lit(), 5, "the LED was turned off", pi.journal)
    assert pi.led()[-1].level is None, "the pin was not given back"
    until(lambda: pi.main_pid() not in (0, pid), 15, "systemd started it again", pi.journal)
    assert pi.green_again(killed + 1)


def test_sigterm_turns_the_pins_off_and_ends_it_cleanly(pi):
    pid = pi.main_pid()
    until(pi.lit, 30, "the LED is lit")
    ended = time.monotonic()
    pi.run(f"kill -TERM {pid}")
    until(lambda: not pi.lit(), 3, "the LED was turned off", pi.journal)
    until(lambda: "Deactivated successfully" in pi.journal(ended), 5, "a clean exit", pi.journal)
    until(lambda: pi.main_pid() not in (0, pid), 15, "systemd started it again", pi.journal)


def test_stopping_the_service_turns_the_pins_off_and_frees_the_camera(pi):
    until(pi.lit, 30, "the LED is lit")
    began = time.monotonic()
    pi.run("systemctl stop focuscam")
    assert time.monotonic() - began < 5
    assert not pi.lit()
    assert pi.service("ExecMainStatus") == "0"
    assert pi.service("Result") == "success"
    first = pi.run(pi.as_the_service("--source picamera --json | head -n 1"))
    assert '"frame": 0' in first
    pi.run("systemctl start focuscam")


def test_a_camera_that_is_absent_for_a_minute_is_found_when_it_is_there(pi):
    pi.camera_is_there(False)
    began = time.monotonic()
    pi.run("systemctl --no-block restart focuscam")
    until(lambda: time.monotonic() > began + 60 and int(pi.service("NRestarts")) >= 4, 90, "it is tried", pi.journal)
    assert "status=69" in pi.journal(began)
    assert "No camera was found" in pi.journal(began)
    assert not pi.steady(began + 2), "a steady light without a camera"
    pi.camera_is_there(True)
    assert pi.green_again(time.monotonic(), 40)


def test_without_the_group_video_it_names_the_group_and_the_command(pi):
    drop_in = "/etc/systemd/system/focuscam.service.d/groups.conf"
    pi.run(
        f"printf '[Service]\\nSupplementaryGroups=\\nSupplementaryGroups=gpio\\n' >{drop_in}; systemctl daemon-reload"
    )
    pi.run("gpasswd -d focuscam video")
    began = time.monotonic()
    try:
        pi.run("systemctl --no-block restart focuscam")
        until(lambda: "status=69" in pi.journal(began), 30, "it ends with 69", pi.journal)
        assert "/dev/media0 is for the group video, and focuscam is not in it" in pi.journal(began)
        assert "sudo usermod -aG video focuscam" in pi.journal(began)
    finally:
        pi.run(f"rm {drop_in}; gpasswd -a focuscam video; systemctl daemon-reload")
    assert pi.green_again(time.monotonic())
