import functools
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.indicators.patterns import AMBER, BRIGHTEST, FASTEST_HZ, READY_S, Cadence, Lamp, level, nearness
from focuscam.messages import Light, Reading, Status


def blinks(light, seconds):
    levels = [level(light, ms / 1000) for ms in range(int(seconds * 1000))]
    return sum(1 for before, after in zip([0.0, *levels], levels, strict=False) if after > before)


@given(st.floats(0, 1e6))
def test_only_in_focus_is_steady(since):
    assert level(Light.ON, since) == 1.0
    assert level(Light.OFF, since) == 0.0


@pytest.mark.parametrize(
    ("light", "seconds", "count"),
    [(Light.READY, 60, 3), (Light.CANNOT_TELL, 10, 10), (Light.FAULT, 5, 25), (Light.RELEASED, 20, 5)],
)
def test_each_other_word_has_its_own_rhythm(light, seconds, count):
    assert blinks(light, seconds) == count


def test_can_tell_is_dark_most_of_the_time_so_that_nobody_takes_it_for_steady():
    levels = [level(Light.CANNOT_TELL, ms / 1000) for ms in range(10_000)]
    assert sum(levels) / len(levels) < 0.2


def test_ready_is_dark_after_its_third_blink():
    assert level(Light.READY, READY_S) == 0.0


NEARS = st.none() | st.floats(0, 1)


@pytest.mark.parametrize("mode", ["threshold", "bright", "blink"])
@given(st.lists(NEARS, min_size=1, max_size=60))
def test_no_mode_is_steady_and_full_but_in_focus(mode, nears):
    lamp = Lamp(mode)
    levels = [lamp.levels(Light.OFF, n / 30, near, n / 30) for n, near in enumerate(nears)]
    assert all(red == 0 for _, red in levels)
    if mode == "threshold":
        assert all(green == 0 for green, _ in levels)
    if mode == "bright":
        assert all(green <= BRIGHTEST for green, _ in levels)
    assert lamp.levels(Light.ON, 0.0, 0.0, 9.0) == (1.0, 0.0)


def test_the_bright_mode_is_the_brighter_the_nearer():
    seen = [Lamp("bright").levels(Light.OFF, 0.0, near / 10, 0.0)[0] for near in range(11)]
    assert seen == sorted(seen)
    assert seen[0] == 0


def blinking(near, seconds=10):
    lamp = Lamp("blink")
    return sum_of_rises([lamp.levels(Light.OFF, ms / 1000, near, ms / 1000)[0] for ms in range(0, seconds * 1000, 10)])


def sum_of_rises(levels):
    return sum(1 for before, after in zip([0.0, *levels], levels, strict=False) if after > before)


def test_the_blink_mode_is_the_faster_the_nearer_and_never_as_fast_as_a_fault():
    counts = [blinking(near) for near in (0.0, 0.3, 0.6, 1.0)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] <= 10 * FASTEST_HZ < 50


def test_a_cadence_that_changes_does_not_stutter():
    cadence = Cadence()
    seen = [cadence.on(0.5 + n / 600 * 3.5, n / 100) for n in range(600)]
    lengths = [len(run) for run in "".join("x" if on else " " for on in seen).split()]
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(lengths[1:-1]))


def test_two_colours_are_red_when_soft_amber_when_near_and_green_in_focus():
    lamp = Lamp(colours=True)
    assert lamp.levels(Light.OFF, 0, 0.2, 0) == (0.0, 1.0)
    assert lamp.levels(Light.OFF, 0, 0.9, 1) == (AMBER, 1.0)
    assert lamp.levels(Light.OFF, 0, 0.75, 2) == (AMBER, 1.0), "it does not waver between red and amber"
    assert lamp.levels(Light.OFF, 0, 0.6, 3) == (0.0, 1.0)
    assert lamp.levels(Light.ON, 0, 1.0, 4) == (1.0, 0.0)
    assert lamp.levels(Light.FAULT, 0.0, None, 5) == (0.0, 1.0)
    assert lamp.levels(Light.CANNOT_TELL, 0.0, None, 6) == (AMBER, 1.0)


@given(NEARS, NEARS, st.floats(0, 1))
def test_nearness_is_between_0_and_1_or_not_known(score, closeness, threshold):
    reading = functools.partial(Reading, time=0.0, name=None, certainty=1.0, blur="none", contrast=1.0)
    status = Status(reading(frame=0, score=score), Light.OFF, threshold, closeness, None)
    near = nearness(status)
    assert (near is None) == (score is None or closeness is None)
    assert near is None or 0 <= near <= 1


def test_up_a_first_hill_nearness_rises_with_the_score_though_each_frame_is_the_best_so_far(reading):
    nears = [nearness(Status(reading(0, s / 10), Light.OFF, 0.5, 1.0, None)) for s in range(6)]
    assert nears == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
