"""When a still is taken by itself."""

from dataclasses import replace

import pytest

from focuscam.capture.trap import BEFORE_S, UNSURE_S, WINDOW_S, Move, Trap
from focuscam.coach.hill import Hill
from focuscam.messages import Light, Phase, Status


@pytest.fixture
def see(reading):
    """Show a trap so many frames that are alike; returns the moves that were something, as (number, move)."""

    def show(trap, frames, lit=True, score=0.9, contrast=1.0, closeness=1.0, blur="none", delay=0.0, top=False):
        moves = []
        start = getattr(trap, "seen", 0)
        trap.hill = getattr(trap, "hill", Hill())
        for number in range(start, start + frames):
            each = contrast(number - start) if callable(contrast) else contrast
            if score is not None:
                trap.hill = trap.hill.add(each, number / 30)
            status = Status(
                replace(reading(number, score, blur=blur), contrast=each),
                Light.ON if lit else Light.OFF,
                0.5,
                closeness,
                0.9,
                phase=Phase.TOP if top else Phase.SHARP,
                rested_s=trap.hill.rested_s,
            )
            move = trap.update(status, delay)
            if move is not Move.NOTHING:
                moves.append((number, move))
        trap.seen = start + frames
        return moves

    return show


class TestOnTheLight:
    def test_one_is_taken_as_the_light_comes_on_and_no_other_while_it_is_on(self, see):
        trap = Trap("light", 1.0)
        assert see(trap, 10, lit=False) == []
        assert see(trap, 200) == [(10, Move.TAKE)]

    def test_none_while_it_is_off(self, see):
        assert see(Trap("light", 0.0), 300, lit=False) == []

    def test_the_next_time_it_comes_on_the_next_one(self, see):
        trap = Trap("light", 1.0)
        see(trap, 40)
        see(trap, 5, lit=False)
        assert see(trap, 10) == [(45, Move.TAKE)]

    def test_before_the_interval_is_over_it_waits(self, see):
        trap = Trap("light", 2.0)
        assert see(trap, 10) == [(2, Move.TAKE)]
        see(trap, 5, lit=False)
        assert see(trap, 100) == [(62, Move.TAKE)]

    def test_none_while_it_is_shaken_or_can_not_be_told(self, see):
        trap = Trap("light", 0.0)
        assert see(trap, 30, blur="motion") == []
        assert see(trap, 30, score=None) == []
        assert see(trap, 30) == [(60, Move.TAKE)]

    def test_none_while_the_hand_still_turns_fast(self, see):
        assert see(Trap("light", 0.0), 30, contrast=lambda n: 1.06**n) == []

    def test_none_where_the_light_is_on_only_because_it_does_not_flicker(self, see):
        assert see(Trap("light", 0.0), 30, closeness=0.5) == []

    def test_a_score_that_is_not_sure_must_rest_first(self, see):
        [(number, _)] = see(Trap("light", 0.0), 100, score=0.6)
        assert number / 30 == pytest.approx(UNSURE_S, abs=0.05)

    def test_a_low_score_counts_only_at_a_top_that_was_passed(self, see):
        trap = Trap("light", 0.0)
        assert see(trap, 100, score=0.45) == []
        assert [move for _, move in see(trap, 100, score=0.45, closeness=0.97, top=True)] == [Move.TAKE]

    def test_where_the_exposure_comes_later_the_picture_must_have_rested_for_as_long(self, see):
        trap = Trap("light", 0.0)
        see(trap, 10, lit=False, contrast=0.3)
        [(number, _)] = see(trap, 60, delay=0.5)
        assert (number - 10) / 30 == pytest.approx(0.5, abs=0.05)

    def test_one_that_was_missed_is_tried_again_after_the_interval(self, see):
        trap = Trap("light", 1.0)
        assert see(trap, 10) == [(2, Move.TAKE)]
        trap.missed()
        assert see(trap, 60) == [(32, Move.TAKE)]


class TestTheSharpest:
    def test_the_sharpest_around_the_light_is_kept_and_saved_when_it_goes_off(self, see):
        trap = Trap("sharpest", 1.0)
        up = see(trap, 10, lit=False, contrast=lambda n: 0.8 + 0.02 * n)
        assert {move for _, move in up} == {Move.KEEP}
        down = see(trap, 5, contrast=lambda n: 0.98 - 0.02 * n)
        assert down == []
        assert see(trap, 3, lit=False, contrast=0.85) == [(15, Move.SAVE)]

    def test_with_a_light_that_stays_on_it_is_saved_after_a_while(self, see):
        trap = Trap("sharpest", 1.0)
        moves = see(trap, 200)
        assert [move for _, move in moves] == [Move.KEEP, Move.SAVE]
        assert moves[1][0] / 30 == pytest.approx(WINDOW_S, abs=0.05)

    def test_without_a_light_nothing_is_saved_and_what_is_old_is_forgotten(self, see):
        trap = Trap("sharpest", 1.0)
        moves = see(trap, 300, lit=False)
        assert Move.SAVE not in {move for _, move in moves}
        assert (moves[1][0] - moves[0][0]) / 30 == pytest.approx(BEFORE_S, abs=0.05)

    def test_soft_frames_are_not_kept(self, see):
        assert see(Trap("sharpest", 1.0), 100, score=0.4) == []


def test_a_source_that_begins_anew_is_not_waited_for(see):
    trap = Trap("light", 5.0)
    see(trap, 300)
    see(trap, 1, lit=False)
    trap.seen = 0
    see(trap, 1, lit=False)
    assert see(trap, 10) != []
