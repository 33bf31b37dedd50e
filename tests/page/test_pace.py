import pytest

from focuscam.page.pace import BYTES_A_SECOND, LOST_S, MOST, WIDTHS, Pace


def played(bytes_at_640, line, seconds=20.0, frames=30.0, latency=0.005):
    """Pictures a second and width at the end, on a line of so many bytes a second."""
    pace, now, sent, total = Pace(), 0.0, [], 0.0
    while now < seconds:
        if pace.ready(now):
            size = bytes_at_640 * (pace.width(960) / 640) ** 2
            pace.sent(round(size), now)
            sent.append(now)
            total += size
            now += latency + size / line
            pace.took(now)
        now += 1 / frames / 4
    late = [each for each in sent if each > seconds / 2]
    return len(late) / (seconds / 2), pace.width(960), total / seconds


@pytest.mark.parametrize("size", [4_000, 12_000, 25_000, 40_000])
def test_on_a_good_line_there_are_five_to_fifteen_a_second_under_a_megabit_and_a_half(size):
    rate, width, bytes_a_second = played(size, line=5e6)
    assert 4.9 <= rate <= MOST + 0.1
    assert bytes_a_second * 8 <= 1.45e6
    assert width >= 640 or size > 30_000


def test_small_pictures_come_often_and_grow_as_large_as_the_page_shows_them():
    rate, width, _ = played(4_000, line=5e6)
    assert rate > 12
    assert width == WIDTHS[0]


def test_on_a_thin_line_they_get_smaller_so_that_readings_need_not_wait():
    rate, width, _ = played(30_000, line=40_000)
    assert width <= 320
    assert rate > 3


def test_a_far_away_line_alone_makes_nothing_smaller():
    _, width, _ = played(15_000, line=5e6, latency=0.25)
    assert width >= 640


def test_one_is_on_its_way_at_a_time_and_one_that_got_lost_is_waited_for_no_longer():
    pace = Pace()
    pace.sent(10_000, 0.0)
    assert not pace.ready(1.0)
    assert pace.ready(LOST_S)
    pace.sent(10_000, 4.0)
    pace.took(4.01)
    assert not pace.ready(4.02)
    assert pace.ready(4.0 + 1 / MOST)
    pace.took(4.2)  # said twice: nothing to be counted


def test_one_large_picture_is_paid_for_by_waiting():
    pace = Pace()
    pace.sent(int(BYTES_A_SECOND / 2), 0.0)
    pace.took(0.01)
    assert not pace.ready(0.45)
    assert pace.ready(0.51)
