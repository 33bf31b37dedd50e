"""What is kept after a restart: at once, but not without end."""

import logging
import os
import time
import tomllib
from pathlib import Path

import pytest

from focuscam.config import keep, load
from focuscam.config.kept import own_file
from focuscam.daemon import notices as room
from focuscam.daemon.keeper import PAUSE_S, Keeper
from focuscam.daemon.notices import BURST, Notices


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved on, by calling it with seconds."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    return own_file()


def kept(own):
    return tomllib.loads(own.read_text())


def test_the_first_wish_is_kept_at_once_and_those_that_follow_together(own, clock):
    said = []
    keeper = Keeper(said.append)
    for count in range(400):
        keeper.want({"focus": {"threshold": count / 1000}})
    assert kept(own)["focus"]["threshold"] == 0
    keeper.want({"focus": {"region": "whole"}})
    assert len(said) == 1
    clock(PAUSE_S)
    keeper.look()
    assert kept(own)["focus"] == {"threshold": 0.399, "region": "whole"}
    assert len(said) == 2


def test_however_long_they_flood_it_is_written_no_more_often(own, clock, monkeypatch):
    written = []
    monkeypatch.setattr("focuscam.daemon.keeper.keep", lambda tables: written.append(tables) or own)
    keeper = Keeper(lambda sentence: None)
    for count in range(6000):  # a minute, a hundred a second
        keeper.want({"focus": {"threshold": count / 10_000}})
        clock(0.01)
        keeper.look()
    assert len(written) <= 60 / PAUSE_S + 1


def test_what_waits_at_the_end_is_kept_all_the_same(own, clock):
    keeper = Keeper(lambda sentence: None)
    keeper.want({"focus": {"threshold": 0.1}})
    keeper.want({"focus": {"threshold": 0.2}})
    keeper.close()
    assert kept(own)["focus"]["threshold"] == 0.2


def test_what_can_not_be_kept_is_said(monkeypatch):
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    said = []
    Keeper(said.append).want({"focus": {"threshold": 0.1}})
    assert said == ["There is no state directory to keep settings in: only the service has one."]


def test_what_is_kept_already_is_not_written_again(own):
    keep({"focus": {"threshold": 0.5}})
    before = own.stat()
    keep({"focus": {"threshold": 0.5}})
    assert own.stat().st_ino == before.st_ino


BROKEN = [
    b"[focus\n", b"\xff\xfe\x00", b"focus = 5\n", b"[focus]\nthresold = 0.5\n", b"[led]\npin = 99\n", b"\0" * 4096,
    b"a" + b".a" * 5000 + b" = 1\n", b"[focus]\nthreshold = " + b"9" * 5000,
    b"[buttons]\nmute = 17\n",
]  # fmt: skip


def put(own, what):
    if isinstance(what, bytes):
        own.write_bytes(what)
    elif what == "link":
        (own.parent / "theirs").write_text("[focus]\nthreshold = 0.9\n")
        own.symlink_to("theirs")
    else:
        what(own)


def set_aside(own):
    return sorted(file.name for file in own.parent.iterdir() if "unreadable" in file.name)


@pytest.mark.parametrize("what", [*BROKEN, "link", os.mkfifo, Path.mkdir])
def test_own_settings_that_can_not_be_read_are_set_aside_and_passed_over(own, what, caplog, tmp_path):
    put(own, what)
    theirs = tmp_path / "focuscam.toml"
    theirs.write_text("[led]\npin = 22\n" if b"mute" not in (what if isinstance(what, bytes) else b"") else "")
    settings = load(theirs)
    assert settings.led.pin in (22, 17)
    assert set_aside(own) == ["settings.toml.unreadable"]
    assert not own.exists()
    assert "This is focuscam's own file; it was set aside as settings.toml.unreadable" in caplog.text
    if isinstance(what, bytes):
        assert own.with_name("settings.toml.unreadable").read_bytes() == what


@pytest.mark.parametrize("what", [*BROKEN[:-1], "link", os.mkfifo])
def test_keeping_keeps_its_word_whatever_was_there(own, what):
    put(own, what)
    keep({"focus": {"threshold": 0.25}})
    assert kept(own) == {"focus": {"threshold": 0.25}}
    assert set_aside(own) == ["settings.toml.unreadable"]
    put(own, b"[focus\n")
    keep({"focus": {"region": "best"}})
    assert set_aside(own) == ["settings.toml.unreadable", "settings.toml.unreadable2"]


def test_own_settings_that_can_not_even_be_set_aside_are_passed_over(own, monkeypatch, caplog, tmp_path):
    own.write_bytes(b"[focus\n")
    monkeypatch.setattr("pathlib.Path.rename", lambda *_: (_ for _ in ()).throw(OSError(30, "Read-only file system")))
    theirs = tmp_path / "focuscam.toml"
    theirs.write_text("[led]\npin = 22\n")
    assert load(theirs).led.pin == 22
    assert "can't be set aside (Read-only file system), and is passed over" in caplog.text


@pytest.mark.parametrize("text", ['/a"b', "/a\\b", "/a\nb\x7f", "/ä😀"])
def test_what_is_kept_is_read_back_as_it_was_whatever_is_in_it(own, text):
    keep({"focus": {"model": text}})
    keep({"focus": {"threshold": 0.5}})
    assert kept(own) == {"focus": {"model": text, "threshold": 0.5}}


def test_nobody_fills_the_log(clock, caplog, monkeypatch):
    caplog.set_level(logging.INFO)
    tell = Notices()
    for _ in range(10_000):  # a hundred seconds
        tell("The camera is released.")
        clock(0.01)
    assert BURST <= len(caplog.records) <= BURST + 100 / room.PAUSE_S + 1
    assert "more like this came before, and were not logged.)" in caplog.text
    clock(1000)
    caplog.clear()
    tell("The camera is back.")
    assert "The camera is back. (" in caplog.messages[0]
    tell("Well.")
    assert caplog.messages[1] == "Well."
