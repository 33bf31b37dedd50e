"""What differs between Raspberry Pi OS and other systems, tried on the real picamera2 and systemd."""

import re
from collections import Counter

import pytest

from tests.virtual_pi.virtual_pi import until

PYTHON = "/opt/focuscam/bin/python"


def test_numpy_stays_the_one_that_apts_libraries_were_built_for(pi):
    where = pi.run(f"{PYTHON} -c 'import numpy; print(numpy.__file__)'")
    assert where.startswith("/usr/lib/python3/dist-packages/"), where


def test_libcamera_is_as_new_as_picamera2_wants_it(pi):
    assert "libcamera-ipa" in pi.run("dpkg-query --show --showformat='${Package} ${Status}\\n' libcamera-ipa")
    assert "libcamera-ipa" in pi.run("/home/ada/focuscam/deploy/install.sh --dry-run | grep apt-get.install")


@pytest.fixture
def strange_heap(pi):
    """The contiguous memory as a kernel with `cma=` on its command line names it."""
    pi.run("mkdir /dev/dma_heap; install -m 660 -g video /dev/null /dev/dma_heap/reserved")
    yield
    pi.run("rm -r /dev/dma_heap")


def test_picamera2_finds_a_heap_with_another_name(pi, strange_heap):
    find = "import pykms, picamera2.dma_heap as room; room.DmaHeap()"
    tell = "from focuscam.cameras.heaps import tell_picamera2; tell_picamera2()"
    python = f"PYTHONPATH=/usr/local/lib/virtual_pi {PYTHON} -c"
    status, said = pi.ended(f"{python} '{find}'")
    assert status, "this picamera2 knows the name itself"
    assert "dmaHeap" in said
    pi.run(f"{python} '{tell}; {find}'")


def test_the_unit_waits_for_the_modules_that_its_devices_are_named_after(pi):
    for key in ("After", "Wants"):
        assert {"modprobe@mc.service", "modprobe@videodev.service"} <= set(pi.service(key).split())


MOST_MB, MOST_OF_ITS_OWN_MB = 160, 75
"""Resident, of a service that nobody looks at, and what of that no other process shares and nothing can take back: a
Zero 2 W has 512 MB in all. Of the rest, which are libraries, as much is resident as the kernel happens to have read.
"""


def mapped(pi):
    """Resident MB of the service by the file's name, "" where there is none behind it."""
    resident, name = Counter(), ""
    for line in pi.run(f"cat /proc/{pi.main_pid()}/smaps").splitlines():
        if begins := re.match(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ *(.*)", line):
            name = begins[1].rpartition("/")[2]
        elif line.startswith("Rss:"):
            resident[name] += int(line.split()[1]) / 1024
    return resident


def test_a_service_without_readers_takes_little_memory(pi):
    pi.camera_is_there(True, film="bars")  # the films are kept decoded, in the process of whoever opens the camera
    pi.run("systemctl restart focuscam")
    pi.wait_for("active")
    start = len(pi.frames())
    until(lambda: len(pi.frames()) > start + 90, 30, "three seconds of frames", pi.journal)
    lines = pi.run(f"cat /proc/{pi.main_pid()}/status").splitlines()
    told = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith(("VmRSS", "Rss"))}
    print(", ".join(f"{name} {megabytes:.0f} MB" for name, megabytes in told.items()))
    print(", ".join(f"{name} {megabytes:.0f} MB" for name, megabytes in mapped(pi).most_common(8)))
    assert told["VmRSS"] < MOST_MB
    assert told["RssAnon"] < MOST_OF_ITS_OWN_MB
