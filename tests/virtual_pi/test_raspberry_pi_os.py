"""What differs between Raspberry Pi OS and other systems, tried on the real picamera2, lgpio and systemd."""

import json

import pytest

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


@pytest.fixture
def lgpio(pi):
    """The real lgpio, for whoever asks for it."""
    [wheel] = pi.run("ls /var/cache/wheels/lgpio-*.whl").split()
    pi.run(f"python3 -m zipfile -e {wheel} /srv/lgpio")
    yield "PYTHONPATH=/srv/lgpio GPIOZERO_PIN_FACTORY=lgpio"
    pi.run("rm -r /srv/lgpio")


def test_pins_are_asked_for_from_a_folder_that_cannot_be_written_to(pi, lgpio):
    alone = "import gpiozero; gpiozero.LED(17)"
    _, said = pi.ended(f"cd /usr; {lgpio} {PYTHON} -c '{alone}'", "ada")
    assert ".lgd-nfy" in said, "lgpio itself copes by now"
    ask = 'from focuscam.indicators.pins import opened; opened("led", 17, lambda gpiozero: gpiozero.LED(17))'
    where = "import os; print(os.getcwd())"
    _, said = pi.ended(
        f"cd /usr; {lgpio} {PYTHON} -c 'try: {ask}\nexcept Exception as error: print(error); {where}'", "ada"
    )
    assert "there is no /dev/gpiochip0 on this machine so far" in said
    assert said.strip().endswith("/usr")


@pytest.fixture
def a_chip(pi):
    """A GPIO chip of the group gpio that the kernel's list of devices does not name: its driver came too late."""
    pi.run(
        "getent group gpio || groupadd --system gpio; mknod --mode 660 /dev/gpiochip0 c 1 11; chgrp gpio /dev/gpiochip0"
    )
    yield
    pi.run("rm /dev/gpiochip0")


def test_a_device_that_came_after_the_unit_was_started_is_had_by_the_next_start(pi, a_chip):
    confined = "systemd-run --quiet --wait --pipe --uid=focuscam --property=SupplementaryGroups=gpio"
    ask = (
        "import json; from focuscam.indicators.pins import _why; "
        'kind, why = _why(PermissionError(1, "Operation not permitted"), 17, False); '
        "print(json.dumps([kind.__name__, kind.status, why]))"
    )
    closed = "--property=DevicePolicy=closed --property=DeviceAllow=char-gpiochip"
    kind, status, why = json.loads(pi.run(f"{confined} {closed} {PYTHON} -c '{ask}'"))
    assert (kind, status) == ("NextTimeError", 1), "systemd would not start it again"
    assert "sudo systemctl restart focuscam" in why
    loaded = "--property=DevicePolicy=closed --property='DeviceAllow=char-mem rw'"
    assert pi.run(f"{confined} {loaded} bash -c '[ -w /dev/gpiochip0 ] && echo had'").strip() == "had"


def test_the_unit_waits_for_the_modules_that_its_devices_are_named_after(pi):
    for key in ("After", "Wants"):
        assert {"modprobe@mc.service", "modprobe@videodev.service"} <= set(pi.service(key).split())
