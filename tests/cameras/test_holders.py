import fcntl
import os
import subprocess
import sys

import pytest

from focuscam.cameras.holders import camera_devices, forbidden, holders

LOCKER = """if True:
    import fcntl, sys, time
    file = open(sys.argv[1], "r+")
    fcntl.lockf(file, fcntl.LOCK_EX)
    print("locked", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def device(tmp_path):
    path = tmp_path / "media0"
    path.touch()
    return path


@pytest.fixture
def locker(device):
    with subprocess.Popen([sys.executable, "-c", LOCKER, str(device)], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"locked\n"
        yield process
        process.kill()


def test_who_locked_a_device_is_known_from_the_kernels_list(device, locker):
    [holder] = holders([device])
    assert holder.endswith(f"(pid {locker.pid})")
    assert holder.startswith("python")


def test_without_a_lock_who_has_it_open_is_named(tmp_path, device):
    proc = tmp_path / "proc"
    (proc / "123" / "fd").mkdir(parents=True)
    (proc / "123" / "comm").write_text("rpicam-still\n")
    (proc / "123" / "fd" / "5").symlink_to(device)
    (proc / "124" / "fd").mkdir(parents=True)
    assert holders([device], proc) == ["rpicam-still (pid 123)"]


def test_who_only_waits_for_a_lock_holds_nothing(tmp_path, device):
    stat = device.stat()
    where = f"{os.major(stat.st_dev):02x}:{os.minor(stat.st_dev):02x}:{stat.st_ino}"
    (tmp_path / "locks").write_text(
        f"1: POSIX  ADVISORY  WRITE 77 {where} 0 EOF\n1: -> POSIX  ADVISORY  WRITE 88 {where} 0 EOF\n"
    )
    assert holders([device], tmp_path) == ["a program of another user (pid 77)"]


def test_a_device_that_we_hold_ourselves_is_not_held_by_another(device):
    with device.open("r+") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        assert holders([device]) == []


def test_nobody_holds_what_is_free_or_absent(device, tmp_path):
    assert holders([device]) == []
    assert holders([tmp_path / "media7"]) == []


def test_the_devices_of_a_camera_are_found(tmp_path):
    (tmp_path / "dma_heap").mkdir()
    for name in ("media0", "video10", "null", "dma_heap/linux,cma", "dma_heap/system"):
        (tmp_path / name).touch()
    assert [str(path.relative_to(tmp_path)) for path in camera_devices(tmp_path)] == [
        "dma_heap/linux,cma",
        "media0",
        "video10",
    ]


def test_what_may_be_used_is_not_forbidden(device):
    assert forbidden([device]) is None


def test_what_a_group_may_use_names_the_group_and_the_command(device, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    device.chmod(0o600)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    os.chown(device, -1, 44) if os.getuid() == 0 else pytest.skip("needs root to give a file to a group")
    assert "sudo usermod -aG video " in forbidden([device])


def test_what_only_root_may_use_names_the_rule_that_is_missing(device, monkeypatch):
    if device.stat().st_gid != 0:
        pytest.skip("needs a file of the group root")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    device.chmod(0o600)
    assert 'GROUP="video"' in forbidden([device])


def test_what_systemd_alone_keeps_from_us_is_mended_by_a_restart(device, monkeypatch):
    device.chmod(0o666)
    assert forbidden([device]) is None
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # as a device is that was not there when we started
    assert "sudo systemctl restart focuscam" in forbidden([device])


def test_a_heap_with_another_name_is_a_device_of_the_camera_too(tmp_path):
    (tmp_path / "dma_heap").mkdir()
    (tmp_path / "dma_heap/reserved").touch()
    assert camera_devices(tmp_path) == [tmp_path / "dma_heap/reserved"]
