import time

import pytest

from focuscam.errors import ConfigurationError
from focuscam.frame import Light
from focuscam.indicators import STALE_S, Indicators
from focuscam.indicators.buzzer import Buzzer
from focuscam.indicators.led import Led


def states(pins, number):
    return [state.state for state in pins.pin(number).states]


def wait_for(what, seconds=5.0):
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.01)
    assert what()


def test_the_led_is_on_while_in_focus_and_off_when_soft(pins):
    with Indicators(Led(17), None) as indicators:
        assert indicators.say(Light.ON, 0.0) == 1.0
        assert pins.pin(17).state
        assert indicators.say(Light.OFF, 0.1) == 0.0
        assert not pins.pin(17).state


def test_an_led_that_lights_when_its_pin_is_low_is_told_the_other_way_round(pins):
    with Indicators(Led(17, active_high=False), None) as indicators:
        indicators.say(Light.ON, 0.0)
        assert not pins.pin(17).state


def test_the_led_is_off_when_the_indicators_are_left_by_an_error(pins):
    def fail():
        with Indicators(Led(17), None) as indicators:
            indicators.say(Light.ON, 0.0)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert states(pins, 17)[-2:] == [True, False]


def test_the_light_goes_off_when_frames_stop_coming(pins):
    with Indicators(Led(17), None) as indicators:
        indicators.pulse()
        began = time.monotonic()
        indicators.say(Light.ON, began)
        assert pins.pin(17).state
        wait_for(lambda: not pins.pin(17).state)
        assert time.monotonic() - began >= STALE_S


def test_can_not_tell_blips_between_two_frames(pins):
    with Indicators(Led(17), None) as indicators:
        indicators.pulse()
        indicators.say(Light.CANNOT_TELL, time.monotonic())
        wait_for(lambda: states(pins, 17) == [False, True, False, True, False])


def test_ready_is_said_to_its_end_before_the_light_speaks_of_focus(pins):
    with Indicators(Led(17), None) as indicators:
        indicators.say(Light.READY, 0.0)
        assert indicators.say(Light.ON, 0.3) == 0.0
        assert indicators.say(Light.ON, 2.0) == 1.0


def test_a_fault_does_not_wait_for_ready(pins):
    with Indicators(Led(17), None) as indicators:
        indicators.say(Light.READY, 0.0)
        assert indicators.say(Light.FAULT, 0.3) == 1.0


def test_the_buzzer_chirps_once_when_focus_is_reached(pins):
    with Indicators(None, Buzzer(27)) as indicators:
        for n in range(5):
            indicators.say(Light.ON, n / 30)
        wait_for(lambda: states(pins, 27) == [False, True, False])
        time.sleep(0.3)
        assert states(pins, 27) == [False, True, False]


def test_a_muted_buzzer_is_silent(pins):
    with Indicators(None, Buzzer(27)) as indicators:
        indicators.mute(True)
        indicators.say(Light.ON, 0.0)
        time.sleep(0.05)
        assert states(pins, 27) == [False]


def test_a_pin_that_is_used_twice_is_refused_with_its_name(pins):
    led = Led(17)
    with pytest.raises(ConfigurationError, match=r"\[buzzer\] pin = 17 can't be used"):
        Buzzer(17)
    led.close()


def test_no_gpio_at_all_is_one_sentence(monkeypatch):
    from gpiozero import Device

    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "native")
    with pytest.raises(ConfigurationError, match=r"\[led\] pin = 17 can't be used: .*\.$") as raised:
        Led(17)
    assert "\n" not in str(raised.value)
