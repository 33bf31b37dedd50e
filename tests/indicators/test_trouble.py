"""What the light does where a pin fails or hangs, at the end, and when there is nobody left but the guard."""

import threading
import time

import pytest

from focuscam.errors import FocuscamError
from focuscam.indicators import Indicators
from focuscam.indicators.buzzer import Buzzer
from focuscam.indicators.led import Led
from focuscam.messages import Light
from focuscam.system.signals import Stopped
from tests.waiting import wait_for


def states(pins, number):
    return [state.state for state in pins.pin(number).states]


@pytest.fixture
def failing(pins, monkeypatch):
    """Pins that fail while they, or "every pin", are in the set that is returned; a pin's own level stays as it was."""
    wrong = set()
    write = pins.pin(17).__class__._set_state

    def fail(pin, value):
        if wrong & {pin.info.name, "every pin"}:
            raise OSError(f"pin {pin.info.name} does not answer")
        write(pin, value)

    monkeypatch.setattr(pins.pin(17).__class__, "_set_state", fail)
    return wrong


def test_a_pin_that_fails_once_is_tried_again_and_the_light_goes_dark_all_the_same(pins, failing, caplog):
    with Indicators(Led(17), None) as indicators:
        indicators.pulse()
        indicators.say(Light.ON, time.monotonic())
        failing.add("every pin")
        wait_for(lambda: "The light can't be set" in caplog.text)
        assert pins.pin(17).state
        failing.clear()
        wait_for(lambda: not pins.pin(17).state)
        assert caplog.text.count("can't be set") == 1


def test_while_a_pin_fails_the_light_is_not_said_to_be_kept_in_time(failing):
    with Indicators(Led(17), None) as indicators:
        indicators.pulse()
        wait_for(lambda: indicators.beating)
        failing.add("every pin")
        indicators.say(Light.ON, time.monotonic())
        wait_for(lambda: not indicators.beating)
        failing.clear()
        wait_for(lambda: indicators.beating)


def test_a_buzzer_that_fails_does_not_stop_the_light(pins, failing, caplog):
    with Indicators(Led(17), Buzzer(27)) as indicators:
        failing.add("GPIO27")
        indicators.pulse()
        indicators.say(Light.ON, time.monotonic())
        assert pins.pin(17).state
        wait_for(lambda: not pins.pin(17).state)
        assert indicators.beating
    assert "buzzer can't be set" in caplog.text


def test_where_no_thread_can_be_made_it_says_so_and_the_pins_are_off(pins, monkeypatch):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    indicators = Indicators(Led(17), None)
    indicators.say(Light.ON, 0.0)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(FocuscamError, match="no more threads") as raised:
        indicators.pulse()
    assert raised.value.status == 1
    indicators.close()
    assert states(pins, 17)[-1] is False or states(pins, 17)[-1] == 0


def test_at_the_end_the_light_is_off_before_anything_is_waited_for(pins, monkeypatch):
    indicators = Indicators(Led(17), None)
    indicators.pulse()
    indicators.say(Light.ON, time.monotonic())
    seen = []
    join = threading.Thread.join
    monkeypatch.setattr(threading.Thread, "join", lambda *given: (seen.append(pins.pin(17).state), join(*given)))
    indicators.close()
    assert not any(seen)
    assert seen


def test_a_signal_that_comes_while_it_ends_does_not_keep_it_lit(pins, monkeypatch):
    led = Led(17)
    indicators = Indicators(led, None)
    indicators.say(Light.ON, 0.0)
    off = led.off

    def interrupted():
        monkeypatch.setattr(led, "off", off)
        raise Stopped

    monkeypatch.setattr(led, "off", interrupted)
    with pytest.raises(Stopped):
        indicators.close()
    assert not pins.pin(17).state
    indicators.close()
    indicators.close()


def test_a_pin_that_hangs_at_the_end_does_not_keep_the_program(pins, monkeypatch):
    indicators = Indicators(Led(17), None)
    write = pins.pin(17).__class__._set_state
    hangs, go_on = threading.Event(), threading.Event()

    def hang(pin, value):
        if threading.current_thread() is not threading.main_thread():
            hangs.set()
            go_on.wait(30)
        write(pin, value)

    indicators.pulse()
    indicators.say(Light.ON, time.monotonic())
    monkeypatch.setattr(pins.pin(17).__class__, "_set_state", hang)
    assert hangs.wait(10)  # it wants to go dark, since nothing more was said
    indicators.close()
    assert not pins.pin(17).state
    go_on.set()


class Told:
    """A guard that remembers what it was told."""

    def __init__(self):
        self.words = []

    def expect(self, lit):
        self.words.append(("expect", lit))

    def alive(self, lit):
        self.words.append(("alive", lit))

    def close(self, dark):
        self.words.append(("close", dark))


def test_files_that_are_scored_as_fast_as_can_be_need_no_guard(pins):
    guard = Told()
    with Indicators(Led(17), None, guard=guard) as indicators:
        for n in range(3):
            indicators.say(Light.ON, 10.0 * n)
    assert guard.words == [("close", True)]


def test_the_guard_hears_of_light_before_there_is_any_and_again_and_again(pins):
    guard = Told()
    with Indicators(Led(17), None, guard=guard) as indicators:
        indicators.pulse()
        indicators.say(Light.ON, time.monotonic())
        assert ("expect", True) in guard.words
        wait_for(lambda: guard.words.count(("alive", True)) > 3)
        wait_for(lambda: guard.words[-1] == ("alive", False))


def test_a_light_that_can_not_be_turned_off_at_the_end_is_left_to_the_guard(pins, monkeypatch):
    guard, led = Told(), Led(17)
    monkeypatch.setattr(led, "off", lambda: 1 / 0)
    monkeypatch.setattr(led, "close", lambda: 1 / 0)
    indicators = Indicators(led, None, guard=guard)
    indicators.close()
    assert guard.words == [("close", False)]
    assert not indicators.obeyed


def test_closed_twice_it_says_nothing(pins, caplog):
    indicators = Indicators(Led(17), Buzzer(27), guard=Told())
    indicators.close()
    indicators.close()
    assert not caplog.text
