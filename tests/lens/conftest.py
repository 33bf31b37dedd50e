"""A search played on what is seen at each place."""

import pytest

from focuscam.lens.search import Search


@pytest.fixture(scope="session")
def searched():
    """Play a search on what is seen at each place; returns the outcome and the places that were looked at."""

    def play(low, high, start, seen, threshold=0.45, slope=None, limit=100):
        search = Search(low, high, start, threshold, slope)
        places = []
        while search.outcome is None:
            assert len(places) < limit
            assert low <= search.wanted <= high
            places.append(search.wanted)
            search.look(*seen(search.wanted))
        return search.outcome, places

    return play
