import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.frame import Light
from focuscam.indicators.patterns import READY_S, level


def blinks(light, seconds):
    levels = [level(light, ms / 1000) for ms in range(int(seconds * 1000))]
    return sum(1 for before, after in zip([0.0, *levels], levels, strict=False) if after > before)


@given(st.floats(0, 1e6))
def test_only_in_focus_is_steady(since):
    assert level(Light.ON, since) == 1.0
    assert level(Light.OFF, since) == 0.0


@pytest.mark.parametrize(
    ("light", "seconds", "count"), [(Light.READY, 60, 3), (Light.CANNOT_TELL, 10, 10), (Light.FAULT, 5, 25)]
)
def test_each_other_word_has_its_own_rhythm(light, seconds, count):
    assert blinks(light, seconds) == count


def test_can_tell_is_dark_most_of_the_time_so_that_nobody_takes_it_for_steady():
    levels = [level(Light.CANNOT_TELL, ms / 1000) for ms in range(10_000)]
    assert sum(levels) / len(levels) < 0.2


def test_ready_is_dark_after_its_third_blink():
    assert level(Light.READY, READY_S) == 0.0
