"""A turn of the ring, as readings see it: hills made by formula, of which everything is known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.coach import Coach
from focuscam.errors import FocuscamError
from focuscam.ipc.expected import Said
from focuscam.ipc.report import report
from focuscam.messages import Reading
from focuscam.recorder.turn import SOFT, Turn


def hill(frames, best=0.5, soft=0.1, width=6.0):
    """(time, score, contrast) of a turn through the best focus in the middle of so many frames."""
    middle = (frames - 1) / 2
    near = [1 / (1 + ((at - middle) / width) ** 2) for at in range(frames)]
    return [(at / 30, soft + (best - soft) * math.sqrt(each), each) for at, each in enumerate(near)]


def turned(points):
    turn = Turn()
    for each in points:
        turn.add(*each)
    return turn


def watched(points, coach=None):
    """The turn after each of its frames, of which a coach tells what it makes of them."""
    coach, turn = coach or Coach(0.5), Turn()
    for number, (time, score, contrast) in enumerate(points):
        turn.watch(report(coach.update(Reading(number, time, None, score, 1.0, "none", contrast)), 0.0))
        yield turn


def test_the_threshold_lies_halfway_between_the_best_and_the_visibly_soft():
    turn = turned(hill(61))
    soft = 0.1 + 0.4 * math.sqrt(SOFT)
    assert turn.trouble() is None
    assert turn.best_score == pytest.approx(0.5, abs=0.01)
    assert turn.soft_score == pytest.approx(soft, abs=0.01)
    odds = [score / (1 - score) for score in (0.5, soft)]
    between = (odds[0] * odds[1]) ** 0.5
    assert turn.threshold == pytest.approx(between / (1 + between), abs=0.01)


@given(
    frames=st.integers(40, 200),
    best=st.floats(0.2, 1.0),
    drop=st.floats(0.1, 0.9),
    scale=st.floats(1e-3, 1e3),
)
def test_on_any_hill_it_lies_between_the_two_whatever_the_contrast_is_measured_in(frames, best, drop, scale):
    points = hill(frames, best, best * (1 - drop), width=frames / 8)
    turn = turned([(time, score, contrast * scale) for time, score, contrast in points])
    assert turn.trouble() is None
    assert turn.soft_score - 0.006 <= turn.threshold <= turn.best_score + 0.006
    assert turn.best_score <= best + 1e-9


@pytest.mark.parametrize(("part", "side"), [(slice(0, 32), "after"), (slice(29, 61), "before")])
def test_one_that_never_passed_the_top_is_refused_with_the_side(part, side):
    trouble = turned(hill(61)[part]).trouble()
    assert trouble.startswith("The ring never passed the top")
    assert side in trouble


def test_one_that_went_too_fast_is_refused():
    assert "too fast" in turned(hill(61)[::4]).trouble()


def test_one_of_which_nothing_could_be_told_is_refused():
    assert "could not be judged" in turned([(time, None, c) for time, _, c in hill(61)]).trouble()
    assert "too few frames" in turned(hill(61)[:5]).trouble()
    assert turned([]).trouble()


def test_it_is_over_when_the_ring_rests_on_the_other_side():
    points = hill(61)
    end = points[-1]
    rest = [(end[0] + (n + 1) / 30, *end[1:]) for n in range(30)]
    over = [turn.over for turn in watched(points + rest)]
    assert not any(over[:61])
    assert over[-1]


def test_a_top_from_before_the_turn_does_not_end_it():
    coach = Coach(0.5)
    first = hill(61)
    rest = [(2 + n / 30, *first[-1][1:]) for n in range(90)]
    list(watched(first + rest, coach))
    assert not any(turn.over for turn in watched([(5 + time, *there) for time, *there in rest], coach))


def test_a_daemon_that_does_not_tell_of_a_top_is_no_traceback():
    with pytest.raises(FocuscamError, match="restart the daemon"):
        Turn().watch(Said({"time": 0.0, "score": 0.5, "contrast": 1.0}))


@pytest.mark.parametrize("part", [slice(0, 10), slice(0, 31), slice(31, 61)])
def test_a_ring_that_rests_anywhere_else_may_still_go_on(part):
    points = hill(61)[part]
    end = points[-1]
    rest = [(end[0] + (n + 1) / 30, *end[1:]) for n in range(60)]
    assert not any(turn.over for turn in watched(points + rest))


def test_one_bad_frame_is_no_top():
    points = hill(61)
    points[5] = (points[5][0], 0.9, 50.0)
    assert turned(points).best_score == pytest.approx(0.5, abs=0.01)


def test_a_ring_that_is_turned_back_is_seen():
    there = hill(61)
    assert not turned(there).turned_back()
    assert turned(there + [(2 + time, score, contrast) for time, score, contrast in there]).turned_back()


def test_of_the_rests_at_both_ends_only_a_margin_is_kept():
    there = hill(61, width=3)
    points = [(0.0, *there[0][1:])] * 50 + there + [(9.0, *there[-1][1:])] * 50
    span = turned(points).span(5)
    assert 45 <= span[0] <= 70
    assert 90 <= span[-1] <= 116
