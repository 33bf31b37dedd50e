import time

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from focuscam.commands import Forget, ShutDown, TakeStill, Toggle
from focuscam.errors import ConfigurationError
from focuscam.indicators import DARK_AFTER_S, Indicators, demo
from focuscam.indicators.buttons import BOUNCE_S, Buttons
from focuscam.indicators.buzzer import Buzzer
from focuscam.indicators.led import Led
from focuscam.indicators.patterns import Lamp
from focuscam.indicators.sounds import Sound
from focuscam.messages import Light
from tests.waiting import wait_for


def states(pins, number):
    return [state.state for state in pins.pin(number).states]


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
        assert time.monotonic() - began >= DARK_AFTER_S


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


def test_a_dimmed_light_is_full_only_as_far_as_the_brightness_goes(pins):
    with Indicators(Led(17, brightness=0.2), None) as indicators:
        assert indicators.say(Light.ON, 0.0) == pytest.approx(0.2)
        assert pins.pin(17).state == pytest.approx(0.2)


def test_the_bright_mode_follows_nearness_on_the_pin(pins):
    with Indicators(Led(17, dimmed=True), None, Lamp("bright")) as indicators:
        for n in range(11):
            indicators.say(Light.OFF, n / 30, n / 10)
        indicators.say(Light.ON, 1.0, 1.0)
    levels = states(pins, 17)[:-2]
    assert levels == sorted(levels)
    assert len(levels) > 8


def test_an_led_of_two_colours_is_green_in_focus_and_red_when_soft(pins):
    with Indicators(Led(17, red=27, dimmed=True), None, Lamp(colours=True)) as indicators:
        indicators.say(Light.OFF, 0.0, 0.1)
        assert (pins.pin(17).state, pins.pin(27).state) == (0.0, 1.0)
        indicators.say(Light.ON, 1.0, 1.0)
        assert (pins.pin(17).state, pins.pin(27).state) == (1.0, 0.0)
    assert (pins.pin(17).state, pins.pin(27).state) == (0.0, 0.0)


def test_a_pin_without_pwm_is_refused_with_its_name_where_pwm_is_needed():
    before = Device.pin_factory
    Device.pin_factory = MockFactory()  # its plain pins have none
    try:
        for make, name in ((lambda: Led(17, dimmed=True), "led"), (lambda: Buzzer(22, tonal=True), "buzzer")):
            with pytest.raises(ConfigurationError, match=rf"\[{name}\] pin = \d+ can't be used: it has no PWM"):
                make()
        Led(17).close()
    finally:
        Device.pin_factory.reset()
        Device.pin_factory = before


def test_a_second_colour_that_cannot_be_had_gives_the_first_pin_back(pins):
    taken = Led(27)
    with pytest.raises(ConfigurationError, match=r"\[led\] red = 27"):
        Led(17, red=27)
    Led(17).close()
    taken.close()


def test_beeps_come_faster_when_nearer_last_a_second_in_focus_and_end(pins):
    with Indicators(None, Buzzer(27), sound=Sound("beep")) as indicators:
        counts = []
        for near in (0.0, 1.0):
            before = len(states(pins, 27))
            for n in range(100):
                indicators.say(Light.OFF, near * 10 + n / 50, near)
            counts.append(len(states(pins, 27)) - before)
        assert counts[0] < counts[1]
        indicators.say(Light.ON, 20.0, 1.0)
        assert pins.pin(27).state
        indicators.say(Light.ON, 21.1, 1.0)
        assert not pins.pin(27).state


def test_the_tone_rises_when_nearer(pins):
    buzzer = Buzzer(27, tonal=True)
    with Indicators(None, buzzer, sound=Sound("tone")) as indicators:
        heard = []
        for near in (0.1, 0.5, 1.0):
            indicators.say(Light.OFF, near * 10, near)
            indicators.say(Light.OFF, near * 10 + 0.001, near)
            heard.append(pins.pin(27).frequency)
    assert heard == sorted(heard)
    assert heard[0] < heard[-1]


def test_muted_in_the_middle_of_a_beep_it_is_silent_at_once_and_a_second_press_lets_it_sound(pins):
    with Indicators(None, Buzzer(27), sound=Sound("beep")) as indicators:
        indicators.say(Light.ON, 0.0, 1.0)
        indicators.mute(None)
        assert not pins.pin(27).state
        indicators.mute(None)
        indicators.say(Light.ON, 0.1, 1.0)
        assert pins.pin(27).state


def test_the_demo_says_everything_and_then_the_truth_again(pins):
    with Indicators(Led(17), None) as indicators:
        indicators.say(Light.ON, 0.0)
        indicators.demonstrate(0.0)
        said = set()
        for n in range(int(30 * (demo.LENGTH_S + 1))):
            indicators.say(Light.ON, n / 30, 1.0)
            playing = demo.at(n / 30)
            said.add(playing[0].light if playing else None)
            if n / 30 == 3.0:
                assert not pins.pin(17).state, "the demo is dark here"
        assert said == {None, *(scene.light for scene in demo.SCENES)}
        assert pins.pin(17).state


def test_buttons_put_their_commands_into_the_queue(pins):
    seen = []
    with Buttons({"forget": 5, "lock": 6, "mute": 13, "capture": 19}, seen.append):
        for number in (5, 6, 13, 13, 19):
            pins.pin(number).drive_low()
            time.sleep(BOUNCE_S + 0.02)
            pins.pin(number).drive_high()
            time.sleep(BOUNCE_S + 0.02)
    assert seen == [Forget(), Toggle("lock"), Toggle("mute"), Toggle("mute"), TakeStill()]


def test_the_shutdown_has_to_be_held(pins, monkeypatch):
    monkeypatch.setattr("focuscam.indicators.buttons.HOLD_S", 0.2)
    seen = []
    with Buttons({"shutdown": 5}, seen.append):
        pins.pin(5).drive_low()
        time.sleep(0.05)
        pins.pin(5).drive_high()
        time.sleep(0.3)
        assert seen == []
        pins.pin(5).drive_low()
        wait_for(lambda: seen == [ShutDown()])


def test_a_button_on_a_pin_in_use_is_refused_with_its_name(pins):
    led = Led(17)
    with pytest.raises(ConfigurationError, match=r"\[buttons\] mute = 17 can't be used"):
        Buttons({"forget": 5, "mute": 17}, print)
    led.close()
    Led(5).close()


def test_a_camera_that_exposes_for_seconds_keeps_its_light_between_two_frames(pins):
    with Indicators(Led(17), None) as indicators:
        indicators.pulse()
        indicators.expect(4.0)
        indicators.say(Light.ON, time.monotonic())
        time.sleep(DARK_AFTER_S + 0.2)
        assert pins.pin(17).state


def test_one_frame_that_came_late_buys_no_patience(pins):
    with Indicators(Led(17), None) as indicators:
        indicators.pulse()
        now = time.monotonic()
        indicators.say(Light.ON, now - 60.0)
        indicators.say(Light.ON, now)
        wait_for(lambda: not pins.pin(17).state)
