import numpy as np
import pytest

from focuscam.focus.model import FocusModel
from focuscam.messages import Reading
from lab.evaluation import spots
from lab.evaluation.ring import HANDS
from lab.evaluation.spot_trials import Spot, cold, figures, green, starts, stop


class Light:
    """On at or over a raw contrast."""

    def __init__(self, cut):
        self.cut = cut

    def show(self, reading, raw, time):
        assert isinstance(reading, Reading)
        return raw >= self.cut


@pytest.fixture(scope="module")
def spot(sweep, tmp_path_factory):
    folder = tmp_path_factory.mktemp("spot")
    rows = "".join(f"{sweep / f'{n}.png'},{n}\n" for n in range(21))
    (folder / "sweep.csv").write_text("file,position\n" + rows)
    box = (0.375, 0.375, 0.25, 0.25)
    return Spot(spots.read(folder, [box]), box, FocusModel(), "clean")


@pytest.fixture(scope="module")
def best(spot):
    return max(raw for raw, _ in spot.seen())


def test_between_two_pictures_their_numbers_are_mixed(spot):
    (one, raw), (other, more), (half, mixed) = (spot.shot(place, 0) for place in (9, 10, 9.5))
    assert mixed == pytest.approx((raw + more) / 2)
    assert half.contrast == pytest.approx((one.contrast + other.contrast) / 2)


def test_a_hand_may_come_from_either_soft_end(spot):
    assert spot.best == 10
    assert starts(spot) == [0, 20]


def test_a_hand_stops_early_at_a_low_threshold_and_never_at_one_that_is_too_high(spot, best):
    early = stop(spot, HANDS["turn3"], 0, lambda: Light(0.01 * best))
    assert early.early
    assert not early.right
    never = stop(spot, HANDS["turn3"], 0, lambda: Light(2 * best))
    assert never.place is None
    assert never.leg == 3


def test_a_light_that_is_on_at_the_best_alone_is_green_and_right_on_single_pictures(spot, best):
    assert green(spot, lambda: Light(0.99 * best))
    assert all(cold(spot, lambda: Light(0.99 * best))[3:])
    assert not green(spot, lambda: Light(0))


def test_a_series_counts_once_however_many_spots_it_has(spot, best):
    told = figures([spot, spot], ["turn3"], lambda: Light(0.5 * best))
    assert told["turn3"]["never"] == [0.0]
    assert len(told["at rest"]["cold"]) == 1
    assert np.isfinite(told["turn3"]["legs"]).all()
