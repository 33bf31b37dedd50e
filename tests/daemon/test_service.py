"""What systemd is told, and where the log goes: systemd's own modules are played here, and real on the virtual Pi."""

import logging
import os
import sys
import types

import pytest

from focuscam.daemon import service as room
from focuscam.daemon.service import Service, log_to_the_right_place
from focuscam.errors import ConfigurationError


@pytest.fixture
def told(monkeypatch):
    """What systemd has heard, one text a word from us."""
    heard = []
    daemon = types.ModuleType("systemd.daemon")
    daemon.notify = heard.append
    monkeypatch.setitem(sys.modules, "systemd", types.ModuleType("systemd"))
    monkeypatch.setitem(sys.modules, "systemd.daemon", daemon)
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/somewhere")
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    return heard


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(room.time, "monotonic", lambda: now[0])
    return now


def test_without_systemd_nothing_is_told(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    service = Service()
    service.fresh("0.93")
    service.patience(200.0)
    service.last_words("over")


def test_where_systemd_waits_and_we_have_no_words_for_it_the_package_is_named(monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/somewhere")
    monkeypatch.setitem(sys.modules, "systemd", None)
    monkeypatch.setitem(sys.modules, "systemd.daemon", None)
    with pytest.raises(ConfigurationError, match="apt install python3-systemd"):
        Service()


def test_the_first_fresh_frame_makes_it_ready_and_each_feeds_the_watchdog(told, clock):
    service = Service()
    service.fresh("0.93")
    clock[0] += 0.03
    service.fresh("0.94")
    assert [text.split("\n") for text in told] == [["WATCHDOG=1", "STATUS=0.93", "READY=1"], ["WATCHDOG=1"]]


def test_the_status_is_told_now_and_then(told, clock):
    service = Service()
    for frame in range(300):
        service.fresh(str(frame))
        clock[0] += 1 / 30
    assert 1 < sum("STATUS=" in text for text in told) <= 11


def test_a_long_first_exposure_asks_for_time_before_it_is_ready_and_never_after(told):
    service = Service()
    service.patience(36.0)
    service.fresh("0.5")
    service.patience(36.0)
    assert told[0] == "EXTEND_TIMEOUT_USEC=36000000"
    assert len(told) == 2


def test_a_watchdog_that_is_quicker_than_a_frame_is_asked_to_wait(told, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "10000000")
    service = Service()
    service.fresh("0.5")
    service.patience(36.0)
    service.patience(5.0)
    assert told[1:] == ["WATCHDOG_USEC=36000000"]


def test_what_else_is_waited_for_is_told(told):
    Service().patience(60.0, "waiting for the pins")
    assert told == ["STATUS=waiting for the pins\nEXTEND_TIMEOUT_USEC=60000000"]


def test_its_last_words_stay_with_systemd(told):
    Service().last_words("No camera.")
    assert told == ["STOPPING=1\nSTATUS=No camera."]


def test_where_stderr_is_the_journal_the_log_goes_there_with_its_levels(monkeypatch, tmp_path):
    class Handler(logging.Handler):
        def __init__(self, **options):
            super().__init__()
            self.options = options

    journal = types.ModuleType("systemd.journal")
    journal.JournalHandler = Handler
    monkeypatch.setitem(sys.modules, "systemd", types.ModuleType("systemd"))
    monkeypatch.setitem(sys.modules, "systemd.journal", journal)
    with (tmp_path / "stderr").open("w") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        stat = os.fstat(stderr.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{stat.st_dev}:{stat.st_ino}")
        log_to_the_right_place()
        [handler] = logging.root.handlers
        assert handler.options == {"SYSLOG_IDENTIFIER": "focuscam"}
        monkeypatch.setenv("JOURNAL_STREAM", "1:1")
        log_to_the_right_place()
        [handler] = logging.root.handlers
        assert not isinstance(handler, Handler)
