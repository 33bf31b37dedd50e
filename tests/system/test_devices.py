"""A device that the kernel keeps from a process, as it does for systemd's `DeviceAllow=`: the same rules, by hand."""

import os
import subprocess
import sys

import pytest

from focuscam.system.devices import is_kept_from_us

LOOK = """
import sys
from pathlib import Path
from focuscam.system.devices import is_kept_from_us
print(is_kept_from_us(Path(sys.argv[1])))
"""
# A group of processes that may not use a device, in a mount namespace of its own; /dev/fuse is on every machine.
CONFINE = """
set -e
mount -t cgroup -o devices none "$1"
group=$1/focuscam-test-$$
mkdir "$group"
echo "c 10:229 rwm" > "$group/devices.deny"
(echo $BASHPID > "$group/cgroup.procs"; exec "$2" -c "$3" "$4") || status=$?
until rmdir "$group" 2> /dev/null; do sleep 0.05; done
exit ${status:-0}
"""


@pytest.fixture
def device(tmp_path):
    """A device file that everybody may use, as far as its mode goes."""
    if os.geteuid() != 0:
        pytest.skip("needs root to make a device file and a group of processes that may not use it")
    made = tmp_path / "gpiochip0"
    os.mknod(made, 0o20666, os.makedev(10, 229))
    made.chmod(0o666)
    return made


def test_a_device_that_is_denied_to_the_unit_is_kept_from_us(device, tmp_path):
    (tmp_path / "cgroup").mkdir()
    command = ["unshare", "--mount", "bash", "-c", CONFINE, "-", tmp_path / "cgroup", sys.executable, LOOK, device]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip(f"this machine does not let root confine a process by devices: {done.stderr.strip()}")
    assert done.stdout == "True\n", done.stderr


def test_what_may_be_opened_is_not(device):
    assert not is_kept_from_us(device)


def test_nor_is_what_its_mode_forbids(device, monkeypatch):
    device.chmod(0o600)
    monkeypatch.setattr(os, "geteuid", lambda: 65534)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert not is_kept_from_us(device)
