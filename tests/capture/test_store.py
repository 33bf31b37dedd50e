"""A folder of stills, whatever the disk does."""

import errno
import fcntl
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.capture import store as room
from focuscam.capture.store import Store, _name_after
from focuscam.errors import FocuscamError
from focuscam.still_name import NAME

JPEG = {".jpg": b"picture"}
BOTH = JPEG | {".dng": b"raw"}


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "SPARE_BYTES", 0)
    return Store(tmp_path, 10, 1000, ours=False)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_still_is_there_whole_under_a_name_that_tells_when(store, tmp_path):
    file = store.save(BOTH)
    assert file.read_bytes() == b"picture"
    assert file.with_suffix(".dng").read_bytes() == b"raw"
    assert NAME.fullmatch(file.name)[1][:8] == time.strftime("%Y%m%d", time.gmtime())
    assert len(names(tmp_path)) == 2


@given(st.lists(st.floats(0, 4e9), min_size=2, max_size=30))
def test_names_sort_in_the_order_of_taking_whatever_the_clock_does(times):
    made = []
    for now in times:
        made.append(_name_after(made, now))
    assert made == sorted(set(made))


def test_more_in_a_second_than_there_are_numbers_for_still_sort():
    assert _name_after(["focuscam-20300101T000000Z-9999"], 0.0) == "focuscam-20300101T000001Z-0000"


def test_a_folder_that_can_not_be_looked_into_does_not_keep_the_daemon_from_starting(store, monkeypatch):
    def forbidden(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "glob", forbidden)
    assert store.clear() == 0


def test_the_group_may_read_it_whatever_the_umask(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "SPARE_BYTES", 0)
    before = os.umask(0o077)
    try:
        file = Store(tmp_path / "stills", 10, 1000, ours=True).save(JPEG)
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o640
    assert file.parent.stat().st_mode & 0o777 == 0o770


def test_what_is_there_is_forced_to_the_disk_before_it_gets_its_name_and_the_name_after(store, tmp_path, monkeypatch):
    happened = []
    really_sync, really_link = os.fsync, os.link

    def sync(fd):
        happened.append(f"sync {Path(f'/proc/self/fd/{fd}').readlink().name[:9]}")
        really_sync(fd)

    def link(*how, **more):
        happened.append("name")
        return really_link(*how, **more)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "link", link)
    store.save(BOTH)
    assert happened == ["sync .writing-", "sync .writing-", "name", "name", f"sync {tmp_path.name[:9]}"]


def test_what_a_killed_process_left_is_cleared_and_what_is_being_written_is_not(store, tmp_path, monkeypatch):
    (tmp_path / ".writing-focuscam-20260101T000000Z-0000.jpg.0123abcd").write_bytes(b"half")
    (tmp_path / ".writing-letter.txt").write_bytes(b"of somebody else")
    left = []
    really_sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: left.append(store.clear()) or really_sync(fd))
    store.save(JPEG)
    assert left[0] == 1
    assert [re.sub(r"focuscam-.*", "still", name) for name in names(tmp_path)] == [".writing-letter.txt", "still"]


@pytest.mark.parametrize(
    "make",
    [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to("letter.txt")],
)
def test_what_only_has_the_name_of_something_unfinished_is_left_alone_and_not_waited_for(store, tmp_path, make):
    (tmp_path / "letter.txt").write_bytes(b"of somebody else")
    make(tmp_path / ".writing-focuscam-x")
    assert store.clear() == 0
    assert names(tmp_path) == [".writing-focuscam-x", "letter.txt"]


@pytest.mark.parametrize("step", ["flock", "fchmod", "fsync", "link"])
def test_wherever_it_fails_nothing_is_left(store, tmp_path, monkeypatch, step):
    def fail(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    if step == "link":  # both ways of giving it a name
        monkeypatch.setattr(os, "rename", fail)
    monkeypatch.setattr(fcntl if step == "flock" else os, step, fail)
    with pytest.raises(FocuscamError, match="its disk fails"):
        store.save(BOTH)
    monkeypatch.undo()
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "theirs",
    [
        ["focuscam-99999999T999999Z-9999"],
        ["focuscam-99999999T999999Z-0003"],
        ["focuscam-99991231T235959Z-9999"],
        [f"focuscam-99991231T235959Z-{count:04d}" for count in range(9000, 10_000)],
        ["focuscam-20260230T000000Z-9999", "focuscam-20261399T000000Z-0000", "focuscam-00000000T000000Z-9999"],
    ],
)
@pytest.mark.parametrize("now", [0.0, 1.77e9, 1.8e9])
def test_names_that_nothing_comes_after_do_not_stop_the_stills(theirs, now):
    stems = [*theirs, "focuscam-20260601T000000Z-0007"]
    for _ in range(3):
        name = _name_after(stems, now)
        assert name not in stems
        assert NAME.fullmatch(f"{name}.jpg")
        assert stems[len(theirs)] < name < "focuscam-2028"
        stems.append(name)


@pytest.mark.parametrize("year", [9999, 10_000, 12_000])
def test_a_clock_that_is_off_by_thousands_of_years_does_not_stop_them_either(store, tmp_path, monkeypatch, year):
    monkeypatch.setattr(time, "time", lambda: (year - 1970) * 365.2425 * 86400)
    files = [store.save(BOTH) for _ in range(3)]
    assert all(NAME.fullmatch(file.name) for file in files)
    assert len(names(tmp_path)) == 6
    monkeypatch.setattr(time, "time", lambda: 1.8e9)
    assert store.save(BOTH) not in files


def test_at_the_end_of_time_it_is_said():
    stems = [f"focuscam-{room.LAST_STAMP}-{count:04d}" for count in range(10_000)]
    with pytest.raises(FocuscamError, match=r"set the clock with `sudo date -s`\.$"):
        _name_after(stems, 1e12)


@pytest.mark.parametrize("name", ["focuscam-20990101T000000Z-0000.jpg", "focuscam-00000000T000000Z-0000.dng"])
@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to(path.name)])
def test_what_only_has_the_name_of_a_still_does_not_stop_them(store, tmp_path, make, name):
    make(tmp_path / name)
    store = Store(tmp_path, 10, 10**9, ours=False)
    assert store.save(JPEG).read_bytes() == b"picture"


def test_a_name_that_another_takes_meanwhile_is_not_replaced(store, tmp_path, monkeypatch):
    theirs = []

    def take(fd):
        theirs.append(tmp_path / next(tmp_path.glob(".writing-*")).name[len(".writing-") : -len(".0123abcd")])
        theirs[0].write_bytes(b"theirs")

    monkeypatch.setattr(os, "fsync", take)
    with pytest.raises(FocuscamError, match="another program saves there under the same names"):
        store.save(JPEG)
    assert theirs[0].read_bytes() == b"theirs"
    assert names(tmp_path) == [theirs[0].name]


def test_at_most_so_many(store, tmp_path):
    for _ in range(10):
        store.save(BOTH)
    with pytest.raises(FocuscamError, match=r"holds 10, and \[capture\] most = 10: move some of them away"):
        store.save(BOTH)
    names_before = names(tmp_path)
    assert len(names_before) == 20
    (tmp_path / names_before[0]).unlink()
    (tmp_path / names_before[1]).unlink()
    store.save(BOTH)


def test_at_most_so_many_bytes(store, tmp_path):
    store.save({".jpg": bytes(900)})
    with pytest.raises(FocuscamError, match="most_mb"):
        store.save({".jpg": bytes(101)})
    assert len(names(tmp_path)) == 1
    store.save({".jpg": bytes(100)})


def test_other_files_in_the_folder_do_not_count(store, tmp_path):
    for number in range(20):
        (tmp_path / f"holiday-{number}.jpg").write_bytes(bytes(1000))
    store.save(JPEG)


def test_a_disk_that_is_nearly_full_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "SPARE_BYTES", 10**18)
    with pytest.raises(FocuscamError, match="disk is full: make room"):
        Store(tmp_path, 10, 1000, ours=False).save(JPEG)
    assert names(tmp_path) == []


def test_a_folder_of_the_user_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(FocuscamError, match="no such folder: make it, or mount its disk"):
        Store(tmp_path / "usb", 10, 1000, ours=False).save(JPEG)
    assert names(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(FocuscamError, match="may not write there"):
        Store(tmp_path, 10, 1000, ours=False).save(JPEG)


def test_a_read_only_disk_is_said(store, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(FocuscamError, match=r"read-only.*docs/guide/stills\.md"):
        store.save(JPEG)
