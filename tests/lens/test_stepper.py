import itertools
import threading
import time

import numpy as np
import pytest

from focuscam.errors import ConfigurationError
from focuscam.lens import coils
from focuscam.lens.coils import HALF_STEPS, StepDir, Uln2003
from focuscam.lens.stepper import SETTLE_S, Stepper
from tests.waiting import wait_for

FRAME = None
"""A motor learns nothing from frames."""


@pytest.fixture
def motor(pins):
    """Make a motor on GPIO 5, 6, 13 and 19 whose ring stands at its lower end."""
    made = []

    def make(travel=200, backlash=10, speed=2000.0, find_stop=False, coils=None, kind=Uln2003, numbers=(5, 6, 13, 19)):
        made.append(Stepper(coils or kind(numbers), travel, backlash, speed, find_stop))
        return made[-1]

    yield make
    for each in made:
        each.close()


class Watched(Uln2003):
    """Keeps what the coils showed after each step, and when."""

    def __init__(self, *given):
        super().__init__(*given)
        self.shown, self.times = [], []

    def step(self, up):
        super().step(up)
        self.shown.append(tuple(int(line.value) for line in self._lines))  # what the pins themselves say
        self.times.append(time.monotonic())


@pytest.fixture
def watched(pins):
    return Watched((5, 6, 13, 19))


def test_a_move_makes_half_steps_in_order_and_comes_to_rest_without_current(motor, watched, pins):
    lens = motor(coils=watched)
    lens.move(60)
    wait_for(lambda: not lens.busy)
    shown = watched.shown
    assert len(shown) == 60
    order = [HALF_STEPS.index(each) for each in shown]
    assert {(b - a) % 8 for a, b in itertools.pairwise(order)} == {1}
    assert not any(pins.pin(number).state for number in (5, 6, 13, 19))
    assert lens.position == 60


def test_each_pin_changes_as_the_half_steps_say(motor, pins):
    lens = motor(backlash=0)
    lens.move(16)
    wait_for(lambda: not lens.busy)
    for index, number in enumerate((5, 6, 13, 19)):
        levels = [bool(state.state) for state in pins.pin(number).states]
        expected = [False]
        for step in range(1, 17):
            level = bool(HALF_STEPS[step % 8][index])
            if level != expected[-1]:
                expected.append(level)
        assert levels == expected + [False] * expected[-1]


def test_it_is_no_faster_than_it_may_be(motor, watched):
    lens = motor(coils=watched, speed=250.0, backlash=0)
    lens.move(50)
    wait_for(lambda: not lens.busy)
    assert np.diff(watched.times).min() > 0.75 / 250


def test_a_step_that_came_late_is_not_followed_by_an_early_one(motor, watched):
    lens = motor(coils=watched, speed=250.0, backlash=0)
    really = watched.step

    def late(up):
        time.sleep(0.02 if len(watched.shown) % 5 == 0 else 0.0)
        really(up)

    watched.step = late
    lens.move(20)
    wait_for(lambda: not lens.busy)
    assert np.diff(watched.times).min() > 0.75 / 250


def test_on_the_way_down_it_goes_below_and_comes_up(motor, watched):
    lens = motor(coils=watched)
    lens.move(60)
    wait_for(lambda: not lens.busy)
    watched.shown.clear()
    lens.move(50)
    wait_for(lambda: not lens.busy)
    order = [HALF_STEPS.index(each) for each in watched.shown]
    ways = [1 if (b - a) % 8 == 1 else -1 for a, b in itertools.pairwise([60 % 8, *order])]
    assert ways == [-1] * 20 + [1] * 10
    assert lens.position == 50


def test_it_never_leaves_its_travel(motor):
    lens = motor()
    assert lens.range == (10, 200)
    lens.move(5000)
    assert lens.position == 200
    wait_for(lambda: not lens.busy)
    lens.move(-5000)
    wait_for(lambda: not lens.busy)
    assert lens.position == 10


def test_moving_waits_for_nobody_and_can_be_changed_on_the_way(motor, watched):
    lens = motor(coils=watched, speed=200.0)
    began = time.monotonic()
    lens.move(190)
    assert time.monotonic() - began < 0.05
    assert lens.busy
    wait_for(lambda: len(watched.shown) > 20)
    lens.move(10)
    wait_for(lambda: not lens.busy)
    assert lens.position == 10
    assert len(watched.shown) < 190


def test_after_the_last_step_it_is_busy_until_the_ring_is_still(motor, watched):
    lens = motor(coils=watched, backlash=0)
    lens.move(5)
    wait_for(lambda: not lens.busy)
    assert time.monotonic() - watched.times[-1] >= SETTLE_S


def test_the_stop_is_found_by_turning_against_it_first(motor, watched):
    lens = motor(coils=watched, travel=50, find_stop=True)
    lens.move(30)
    wait_for(lambda: not lens.busy)
    order = [HALF_STEPS.index(each) for each in watched.shown]
    ways = [1 if (b - a) % 8 == 1 else -1 for a, b in itertools.pairwise([0, *order])]
    assert ways == [-1] * 55 + [1] * 30
    slow, fast = np.diff(watched.times[:55]), np.diff(watched.times[55:])
    assert np.median(slow) > 1.5 * np.median(fast)


def test_closing_stops_it_and_gives_the_pins_back(motor, pins):
    lens = motor(speed=100.0)
    lens.move(190)
    time.sleep(0.1)
    lens.close()
    assert not any(pins.pin(number).state for number in (5, 6, 13, 19))
    motor(numbers=(5, 6, 13, 19))


def test_a_pin_that_fails_is_told_and_moves_no_more(motor, watched):
    lens = motor(coils=watched)

    def fail(up):
        raise OSError("I/O error")

    watched.step = fail
    lens.move(50)
    wait_for(lambda: lens.see(FRAME) is not None)
    assert "can't be moved: I/O error" in lens.see(FRAME)
    assert not lens.busy


def test_a_step_and_direction_driver_gets_a_pulse_for_each_step(motor, pins):
    lens = motor(kind=StepDir, numbers=(5, 6, 13))
    enable = pins.pin(13)
    assert enable.state, "low is on, so it is off until it moves"
    lens.move(60)
    wait_for(lambda: not lens.busy)
    lens.move(50)
    wait_for(lambda: not lens.busy)
    rises = sum(bool(state.state) for state in pins.pin(5).states)
    assert rises == 60 + 20 + 10
    assert [bool(state.state) for state in pins.pin(6).states] == [False, True, False, True]
    assert not enable.state, "it holds the ring"


def test_the_direction_is_there_before_the_pulse(pins, monkeypatch):
    seen = []
    monkeypatch.setattr(coils.time, "sleep", lambda _: seen.append((pins.pin(5).state, pins.pin(6).state)))
    driver = StepDir((5, 6))
    for up in (True, True, False):
        driver.step(up)
    driver.close()
    assert [(bool(pulse), bool(way)) for pulse, way in seen] == [(True, True), (True, True), (True, False)]


def test_a_pin_that_is_taken_is_a_sentence_and_the_others_are_given_back(pins):
    import gpiozero

    taken = gpiozero.LED(13)
    with pytest.raises(ConfigurationError, match=r"\[lens\] pins = 13 can't be used: another device"):
        Uln2003((5, 6, 13, 19))
    taken.close()
    Uln2003((5, 6, 13, 19)).close()


def test_where_no_thread_can_be_made_it_says_so_and_the_coils_are_let_go(motor, pins, monkeypatch):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    lens = motor()
    with monkeypatch.context() as short:
        short.setattr(threading.Thread, "start", refuse)
        lens.move(60)
    assert "can't start new thread" in lens.see(None)
    assert not lens.busy
    lens.move(60)
    wait_for(lambda: lens.position == 60 and not lens.busy)
    assert lens.see(None) is None
    lens.close()
    assert not any(pins.pin(number).state for number in (5, 6, 13, 19))
