import os

from lab.fuzzing import surroundings


def test_a_case_is_led_to_no_daemon_and_no_pins_that_are_here(monkeypatch):
    for name in (*surroundings.OTHERS, *surroundings.ONE_THREAD, "GPIOZERO_PIN_FACTORY"):
        monkeypatch.setenv(name, "7")
    surroundings.prepare()
    assert not set(surroundings.OTHERS) & set(os.environ)
    assert {os.environ[name] for name in surroundings.ONE_THREAD} == {"1"}
    assert os.environ["GPIOZERO_PIN_FACTORY"] == "mock"
