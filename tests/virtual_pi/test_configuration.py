"""Settings that are wrong, at the start and while it runs; a model that is damaged."""

import time

from tests.virtual_pi.virtual_pi import until

BROKEN = '[led]\npin = "seventeen"\n'


def fails_for_good(pi, words):
    """The service ends with 78, says why where people look, and is not started again."""
    pi.wait_for("failed")
    assert pi.service("ExecMainStatus") == "78"
    restarts = pi.service("NRestarts")
    time.sleep(6.5)  # longer than RestartSec=
    assert pi.service("ActiveState") == "failed"
    assert pi.service("NRestarts") == restarts
    seen = pi.run("systemctl status focuscam", check=False)
    assert words in seen, seen
    assert "Traceback" not in pi.journal()


def test_broken_settings_end_it_with_status_78_and_a_reason_and_no_loop(pi):
    pi.settings(BROKEN)
    pi.run("systemctl restart focuscam", check=False)
    fails_for_good(pi, '/etc/focuscam/focuscam.toml: [led] pin is "seventeen", but must be a GPIO number')


def longest_light(pi, since):
    """How long the LED was lit at most, s. At the best image, with the shipped settings, it is about one."""
    return max((b - a for a, b in pi.steady(since)), default=0)


def wait_for_a_long_light(pi):
    began = time.monotonic()
    until(lambda: longest_light(pi, began) > 2.5, 4 * len(pi.blur) / 30 + 5, "a light is held for 3 s", pi.journal)


def test_new_settings_are_in_force_after_a_reload_and_broken_ones_are_not(pi):
    pid = pi.main_pid()
    pi.settings("[focus]\nhold_s = 3\n[camera]\nfps = 20\n")
    began = time.monotonic()
    pi.run("systemctl reload focuscam")
    until(lambda: "in force now: focus.hold_s" in pi.journal(began), 5, "the reload is reported", pi.journal)
    assert "Restart focuscam for camera.fps to take effect" in pi.journal(began)
    wait_for_a_long_light(pi)

    pi.settings(BROKEN)
    began = time.monotonic()
    pi.run("systemctl reload focuscam")
    until(lambda: '"seventeen"' in pi.journal(began), 5, "the broken settings are reported", pi.journal)
    wait_for_a_long_light(pi)  # the settings from before are still in force

    pi.settings("[focus]\n")
    pi.run("systemctl reload focuscam")
    time.sleep(3)
    began = time.monotonic()
    time.sleep(4 * len(pi.blur) / 30 + 2)
    assert 0.25 < longest_light(pi, began) < 2.5
    assert pi.main_pid() == pid


def test_a_damaged_model_ends_it_with_status_78_and_a_reason(pi):
    model = (
        pi.run("/opt/focuscam/bin/python -c 'import focuscam; print(focuscam.__path__[0])'").strip()
        + "/models/focus.tflite"
    )
    pi.run(f"cp {model} /var/tmp/kept && truncate -s 1000 {model}")
    try:
        pi.run("systemctl restart focuscam", check=False)
        fails_for_good(pi, "focus.tflite")
    finally:
        pi.run(f"cp /var/tmp/kept {model}")
