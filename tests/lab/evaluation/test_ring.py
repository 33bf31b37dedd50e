import pytest

from lab.evaluation.ring import FPS, HANDS


@pytest.mark.parametrize("name", HANDS)
def test_every_hand_begins_where_it_comes_from_and_passes_the_best(name):
    for start, end in ((0, 20), (20, 0)):
        legs = HANDS[name].way(start, end, 8)
        places = [place for leg in legs for place in leg]
        assert places[0] == start
        assert all(0 <= place <= 20 for place in places)
        assert min(legs[0]) <= 8 <= max(legs[0])


def test_a_hand_that_looks_stops_at_every_step():
    legs = HANDS["look2"].way(0, 5, 2)
    assert legs[0] == [float(step) for step in range(6) for _ in range(2 * FPS)]
