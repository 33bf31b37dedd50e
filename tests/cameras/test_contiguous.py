"""Who holds the contiguous memory, from a /proc of a few files."""

import os

import pytest

from focuscam.cameras.contiguous import account, is_short

MB = 2**20


@pytest.fixture
def proc(tmp_path):
    (tmp_path / "meminfo").write_text("MemTotal: 948000 kB\nCmaTotal: 65536 kB\nCmaFree: 4096 kB\n")
    return tmp_path


def holder(proc, pid, name, *buffers):
    """A process with buffers of (inode, bytes), one descriptor each."""
    (proc / str(pid) / "fdinfo").mkdir(parents=True)
    (proc / str(pid) / "comm").write_text(name + "\n")
    (proc / str(pid) / "fdinfo" / "0").write_text("pos:\t0\nflags:\t02\nino:\t9\n")
    for fd, (ino, size) in enumerate(buffers, 1):
        words = f"pos:\t0\nino:\t{ino}\nsize:\t{size}\ncount:\t2\nexp_name:\tlinux,cma\n"
        (proc / str(pid) / "fdinfo" / str(fd)).write_text(words)


def test_it_says_how_much_is_free_and_who_has_the_rest_the_largest_first(proc):
    holder(proc, 12, "labwc", (1, 8 * MB), (1, 8 * MB), (2, 2 * MB))
    holder(proc, 34, "rpicam-vid", (3, 40 * MB))
    holder(proc, 56, "panel", (4, 1000))
    holder(proc, os.getpid(), "focuscam", (5, 30 * MB))
    said = account(proc)
    assert "(4 MB free of 64)" in said
    assert "rpicam-vid (pid 34) has 40 MB of it, labwc (pid 12) has 10 MB of it;" in said
    assert "panel" not in said
    assert "focuscam" not in said
    assert "cma-256" in said


def test_where_nobody_can_be_seen_it_says_what_to_type(proc):
    assert "sudo cat /sys/kernel/debug/dma_buf/bufinfo" in account(proc)


def test_on_a_machine_that_tells_nothing_it_still_names_the_setting(tmp_path):
    assert "cma-256" in account(tmp_path)


def test_a_shortage_is_known_by_its_number_or_its_words_wherever_they_are():
    assert is_short(OSError(12, "Cannot allocate memory"))
    wrapped = RuntimeError("Camera __init__ sequence did not complete.")
    wrapped.__cause__ = RuntimeError("Failed to allocate buffers.")
    assert is_short(wrapped)
    assert not is_short(RuntimeError("Device or resource busy"))
    assert not is_short(None)
