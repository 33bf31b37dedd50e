"""Why a pin can't be had: absent, forbidden or busy, each with what to type."""

import errno
import os

import gpiozero
import pytest

from focuscam.errors import ConfigurationError, NextTimeError, NotYetError
from focuscam.system import pins as room

ABSENT = OSError("can not open gpiochip")
"""What lgpio says of a chip that is not there as well as of one that is forbidden."""


@pytest.fixture
def dev(tmp_path, monkeypatch):
    """A /dev with nothing in it; the chips that a test puts there belong to a group and have a mode."""
    monkeypatch.setattr(room, "DEV", tmp_path)
    return tmp_path


def refused(error):
    """What `opened` raises where the pin's back end raises this."""

    def make(_):
        raise error

    with pytest.raises(ConfigurationError) as raised:
        room.opened("led", 17, make)
    assert str(raised.value).startswith("[led] pin = 17 can't be used: ")
    assert str(raised.value).endswith(".")
    assert "`" in str(raised.value), "it does not say what to type"
    return raised.value


@pytest.mark.parametrize("error", [ABSENT, FileNotFoundError(2, "No such file or directory: '/dev/gpiochip4'")])
def test_a_chip_that_is_not_there_may_still_come(dev, error):
    why = refused(error)
    assert isinstance(why, NotYetError)
    assert "there is no /dev/gpiochip0" in str(why)


@pytest.mark.parametrize("error", [OSError("GPIO busy"), OSError(errno.EBUSY, "Device or resource busy")])
def test_a_pin_that_another_program_holds_may_still_come(dev, error):
    (dev / "gpiochip0").touch()
    why = refused(error)
    assert isinstance(why, NotYetError)
    assert "gpioinfo | grep -w GPIO17" in str(why)


def test_a_chip_that_udev_has_not_given_to_a_group_yet_may_still_come(dev, monkeypatch):
    (dev / "gpiochip0").touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(room, "is_kept_from_us", lambda _: False)
    monkeypatch.setattr(room, "group_of", lambda _: "root")
    why = refused(ABSENT)
    assert isinstance(why, NotYetError)
    assert "chgrp gpio" in str(why)


@pytest.mark.parametrize("error", [ABSENT, PermissionError(13, "Permission denied"), OSError("no permission")])
def test_a_chip_of_a_group_that_we_are_not_in_is_for_a_person_to_mend(dev, monkeypatch, error):
    (dev / "gpiochip0").touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(room, "is_kept_from_us", lambda _: False)
    monkeypatch.setattr(room, "group_of", lambda _: "gpio")
    why = refused(error)
    assert not isinstance(why, NotYetError)
    assert "sudo usermod -aG gpio " in str(why)


def test_a_chip_that_only_systemd_keeps_from_us_is_for_the_next_process(dev, monkeypatch):
    (dev / "gpiochip0").touch(mode=0o666)
    monkeypatch.setattr(os, "access", lambda *_: False)  # as a device is that was not there when the unit started
    why = refused(PermissionError(1, "Operation not permitted"))
    assert isinstance(why, NextTimeError)
    assert why.status == 1, "systemd would not start it again"
    assert "sudo systemctl restart focuscam" in str(why)


def test_without_a_library_for_pins_it_says_which_to_install(dev, monkeypatch):
    monkeypatch.setattr(room.importlib.util, "find_spec", lambda name: None)
    why = refused(gpiozero.BadPinFactory("Unable to load any default pin factory!"))
    assert not isinstance(why, NotYetError)
    assert "sudo apt install python3-lgpio" in str(why)


def test_the_three_are_three_sentences(dev, monkeypatch):
    absent, busy = refused(ABSENT), refused(OSError("GPIO busy"))
    forbidden = refused(PermissionError(13, "Permission denied"))
    assert len({str(absent), str(busy), str(forbidden)}) == 3
