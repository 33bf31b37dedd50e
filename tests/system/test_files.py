"""Files in places where others may put things."""

import errno
import os
import socket
import stat
from pathlib import Path

import pytest

from focuscam.system import files
from focuscam.system.files import Draft, atomic_write, contents, opened


@pytest.fixture
def victim(tmp_path):
    """Somebody's file, elsewhere."""
    file = tmp_path / "elsewhere" / "settings.toml"
    file.parent.mkdir()
    file.write_bytes(b"theirs")
    return file


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_file_is_read_whole(place):
    (place / "x").write_bytes(b"abc")
    assert contents(place / "x", most=3) == b"abc"


def make_pipe(path):
    os.mkfifo(path)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(os.fspath(path))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (make_pipe, "it is a pipe, not a file"),
        (make_socket, "it is a socket, not a file"),
        (Path.mkdir, "it is a folder, not a file"),
        (lambda path: path.symlink_to("/dev/zero"), "it is a device, not a file"),
        (lambda path: path.symlink_to(path.name), "Too many levels of symbolic links"),
        (lambda path: None, "No such file or directory"),
    ],
)
@pytest.mark.parametrize("follow", [True, False])
def test_nothing_but_a_file_is_opened_and_nothing_is_waited_for(place, make, said, follow):
    make(place / "x")
    if (place / "x").is_symlink() and not follow:
        said = "it is a link, not a file"
    with pytest.raises(OSError, match=said) as raised:
        contents(place / "x", most=10, follow=follow)
    assert raised.value.strerror == said
    assert raised.value.filename == str(place / "x")


def test_a_link_is_followed_only_where_it_may_be(place, victim):
    (place / "x").symlink_to(victim)
    assert contents(place / "x", most=10, follow=True) == b"theirs"
    with pytest.raises(OSError, match="it is a link"):
        contents(place / "x", most=10)


@pytest.mark.parametrize("make", [make_pipe, lambda path: path.symlink_to("/etc/hostname")])
def test_what_becomes_something_else_between_the_look_and_the_opening_is_not_read_either(place, monkeypatch, make):
    file = place / "x"
    file.write_bytes(b"abc")
    really_open = os.open

    def swap(path, flags):
        file.unlink()
        make(file)
        return really_open(path, flags)

    monkeypatch.setattr(os, "open", swap)
    before = open_files()
    with pytest.raises(OSError, match=r"pipe|Too many levels"):
        opened(file, most=10)
    assert open_files() == before


@pytest.mark.parametrize("name", ["x\0y", "\ud800"])
def test_a_name_that_no_file_can_have_is_an_error_as_others_are(place, name):
    with pytest.raises(OSError, match="no file can have such a name"):
        contents(place / name, most=10)


def test_what_is_too_large_is_not_read(place):
    with (place / "x").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(OSError, match="it has more than 64 MiB"):
        contents(place / "x", most=64 * 2**20)


def test_what_grows_while_it_is_read_is_not_read_on(place, monkeypatch):
    (place / "x").write_bytes(b"a" * 11)
    monkeypatch.setattr(files, "_insist", lambda *_: None)  # as if it had been small a moment ago
    with pytest.raises(OSError, match="it has more than 10 bytes") as raised:
        contents(place / "x", most=10)
    assert raised.value.errno == errno.EFBIG


@pytest.mark.parametrize("sync", [True, False])
def test_a_file_is_written_in_place_of_another(place, sync):
    (place / "x").write_bytes(b"before")
    atomic_write(place / "x", b"after", sync=sync)
    assert {file.name: file.read_bytes() for file in place.iterdir()} == {"x": b"after"}


def test_it_gets_the_rights_that_the_umask_leaves(place):
    before = os.umask(0o027)
    try:
        atomic_write(place / "x", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((place / "x").stat().st_mode) == 0o640


@pytest.mark.parametrize("has_second_names", [True, False])
def test_where_nothing_may_be_replaced_nothing_is(place, monkeypatch, victim, has_second_names):
    if not has_second_names:  # as FAT
        monkeypatch.setattr(os, "link", lambda *_, **__: (_ for _ in ()).throw(PermissionError(errno.EPERM, "no")))
    atomic_write(place / "x", b"first", replace=False)
    (place / "link").symlink_to(victim)
    (place / "nowhere").symlink_to("nothing")
    for name in "x", "link", "nowhere":
        with pytest.raises(FileExistsError):
            atomic_write(place / name, b"second", replace=False)
    assert (place / "x").read_bytes() == b"first"
    assert victim.read_bytes() == b"theirs"
    assert sorted(file.name for file in place.iterdir()) == ["link", "nowhere", "x"]


@pytest.mark.parametrize("replace", [True, False])
def test_a_link_that_lies_at_its_place_leads_nowhere(place, victim, replace):
    (place / "x").symlink_to(victim)
    if replace:
        atomic_write(place / "x", b"ours")
        assert not (place / "x").is_symlink()
    else:
        with pytest.raises(FileExistsError):
            atomic_write(place / "x", b"ours", replace=False)
    assert victim.read_bytes() == b"theirs"


@pytest.mark.parametrize("replace", [True, False])
def test_whoever_swaps_the_draft_for_a_link_while_it_is_written_gains_nothing(place, victim, replace):
    def write():
        with Draft(place / "x") as draft:
            hidden = next(place.iterdir())
            hidden.unlink()
            hidden.symlink_to(victim)
            draft.file.write(b"a picture")
            draft.sync()
            draft.publish(replace)

    with pytest.raises(FileNotFoundError, match="somebody took it away"):
        write()
    assert victim.read_bytes() == b"theirs"
    assert not (place / "x").exists()


def test_whoever_swaps_the_folder_while_it_is_written_gains_nothing(tmp_path, place, victim):
    with Draft(place / victim.name) as draft:
        place.rename(tmp_path / "moved")
        place.symlink_to(victim.parent)
        draft.file.write(b"a picture")
        draft.publish(True)
    assert victim.read_bytes() == b"theirs"
    assert (tmp_path / "moved" / victim.name).read_bytes() == b"a picture"


@pytest.mark.parametrize("step", ["write", "fsync", "rename"])
def test_wherever_it_fails_nothing_is_left_and_nothing_is_open(place, monkeypatch, step):
    def fail(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    (place / "x").write_bytes(b"before")
    before = open_files()
    content = b"after"
    if step == "write":
        content = None  # which no file takes
    else:
        monkeypatch.setattr(os, step, fail)
    with pytest.raises((OSError, TypeError)):
        atomic_write(place / "x", content)
    monkeypatch.undo()
    assert {file.name: file.read_bytes() for file in place.iterdir()} == {"x": b"before"}
    assert open_files() == before


def test_where_there_is_no_folder_it_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        atomic_write(tmp_path / "no" / "x", b"")


@pytest.mark.parametrize("name", ["x" * 255, "ä" * 127])
def test_the_hidden_name_fits_where_the_own_one_does(place, name):
    atomic_write(place / name, b"")
    assert [file.name for file in place.iterdir()] == [name]


@pytest.mark.parametrize(("make", "said"), [(make_pipe, "pipe"), (make_socket, "socket"), (Path.mkdir, "folder")])
def test_nothing_but_a_file_or_a_link_is_replaced(place, make, said):
    make(place / "x")
    before = (place / "x").stat()
    with pytest.raises(OSError, match=f"it is a {said}, not a file"):
        atomic_write(place / "x", b"")
    assert os.path.samestat((place / "x").stat(), before)
    assert len(list(place.iterdir())) == 1


@pytest.mark.parametrize("replace", [True, False])
def test_what_is_in_it_is_on_the_disk_before_its_name_is_and_the_name_after(place, monkeypatch, replace):
    happened = []
    really = {name: getattr(os, name) for name in ("fsync", "rename", "link")}

    def note(name):
        def call(*how, **more):
            happened.append("name")
            return really[name](*how, **more)

        return call

    def sync(descriptor):
        happened.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name[:9]}")
        really["fsync"](descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    for name in "rename", "link":
        monkeypatch.setattr(os, name, note(name))
    atomic_write(place / "x", b"content", replace=replace)
    assert happened == ["sync .writing-", "name", "sync place"]
