"""The endurance command: growth is found, and a short run goes through."""

from lab.soak.endurance import Footprint, grown, watch


def test_growth_of_each_kind_is_named():
    first = Footprint(10_000, 90_000, 3, 7)
    assert grown([first, Footprint(100_000, 94_000, 3, 7)]) == []
    assert grown([first, Footprint(100_000, 96_000, 3, 7)]) == ["memory, by 6,000 kB"]
    assert grown([first, Footprint(100_000, 90_000, 4, 9)]) == ["threads", "open files"]


def test_a_short_run_is_looked_at_to_its_end(tmp_path):
    found = watch(tmp_path, 1_500, 2.0)
    assert found
    assert 0 < found[-1].frames <= 1_500
    assert found[-1].threads > 1
