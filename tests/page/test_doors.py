import pytest

from focuscam.page.doors import FREE_TRIES, LONGEST_S, REMEMBERED, Doors

KEY = "k" * 24


@pytest.fixture
def doors():
    return Doors(KEY, {"localhost", "pi", "pi.local"})


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8017", "pi.local:9000", "pi.local.", "192.168.1.7", "10.42.0.1:8017", "[::1]:8017"]
)
def test_it_answers_to_its_names_and_to_bare_addresses_at_any_port(doors, host):
    assert doors.knows(host)


@pytest.mark.parametrize(
    "host",
    [None, "", "evil.example", "localhost.evil.example", "pi.local.evil.example:8017", "1.2.3", "x@pi", "[evil]"],
)
def test_a_name_that_somebody_else_lets_point_here_is_refused(doors, host):
    assert not doors.knows(host)


@pytest.mark.parametrize(
    ("origin", "site", "ours"),
    [
        ("http://pi.local:8017", "same-origin", True),
        ("HTTP://PI.local:8017", None, True),
        (None, "none", True),
        (None, None, True),
        (None, "cross-site", False),
        ("http://pi.local:8017", "same-site", False),
        ("http://pi.local", None, False),
        ("https://pi.local:8017", None, False),
        ("http://evil.example", None, False),
        ("null", None, False),
    ],
)
def test_only_the_page_itself_may_ask(doors, origin, site, ours):
    assert doors.same_origin(origin, site, "pi.local:8017") is ours


@pytest.mark.parametrize("key", [None, "", KEY[:-1], KEY + "k", "\udcff", "é" * 24])
def test_any_other_key_is_wrong(doors, key):
    assert not doors.fits(key, "10.0.0.2", 0.0)


def test_wrong_keys_of_one_address_cost_it_ever_more_time(doors):
    waits = []
    for now in (0.0, 1.0, 2.0, 3.0, 100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0):
        doors.fits("wrong", "10.0.0.2", now)
        waits.append(doors.wait("10.0.0.2", now))
    assert waits[:FREE_TRIES] == [0.0] * FREE_TRIES
    assert waits[FREE_TRIES:] == [1, 2, 4, 8, 16, 32, LONGEST_S, LONGEST_S]
    assert doors.wait("10.0.0.2", 700.0 + LONGEST_S) == 0
    assert doors.wait("10.0.0.3", 700.0) == 0, "others do not wait for it"


def test_the_right_key_is_a_new_beginning(doors):
    for _ in range(FREE_TRIES + 1):
        doors.fits("wrong", "10.0.0.2", 0.0)
    assert doors.fits(KEY, "10.0.0.2", 10.0)
    doors.fits("wrong", "10.0.0.2", 11.0)
    assert doors.wait("10.0.0.2", 11.0) == 0


def test_a_network_of_ipv6_counts_as_one_address(doors):
    for last in range(FREE_TRIES + 1):
        doors.fits("wrong", f"2001:db8::{last}", 0.0)
    assert doors.wait("2001:db8::ffff%eth0", 0.0) > 0
    assert doors.wait("2001:db8:1::1", 0.0) == 0


def test_what_it_remembers_of_strangers_does_not_grow(doors):
    for number in range(3 * REMEMBERED):
        doors.fits("wrong", f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 0.0)
    assert len(doors._tries) == REMEMBERED
