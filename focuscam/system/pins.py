"""Asking gpiozero for a pin, and saying in one sentence why it can't be had."""

from __future__ import annotations

import errno
import importlib.util
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from focuscam.errors import ConfigurationError, NextTimeError, NotYetError
from focuscam.system.devices import LATE, group_of, is_kept_from_us, user
from focuscam.system.lgpio import load_lgpio

DEV = Path("/dev")


def opened(table: str, pin: int, make: Callable[[Any], Any], key: str = "pin") -> Any:  # noqa: ANN401 - gpiozero is not typed
    """The gpiozero device that `make` makes of the gpiozero module.

    table and key: the names in the settings, for the message. Raises ConfigurationError; NotYetError where it may be
    had later, NextTimeError where the next process may have it.
    """
    load_lgpio()
    import gpiozero

    kind: type[ConfigurationError] = ConfigurationError
    try:
        with warnings.catch_warnings():
            # gpiozero warns for each back end that it tries in vain; the error at the end says it all.
            warnings.simplefilter("ignore")
            return make(gpiozero)
    except gpiozero.GPIOPinInUse:
        reason = "another device of these settings uses it already; choose another pin"
    except gpiozero.PinPWMUnsupported:
        reason = f"it has no PWM, which these settings of [{table}] need; choose another pin, or another mode"
    except Exception as error:  # each pin back end has errors of its own
        kind, reason = _why(error, pin, bad_factory=isinstance(error, gpiozero.BadPinFactory))
    raise kind(f"[{table}] {key} = {pin} can't be used: {reason}.")


def _why(error: Exception, pin: int, bad_factory: bool) -> tuple[type[ConfigurationError], str]:
    """The kind of error, and the reason: a back end may say the same of what is absent and of what is forbidden."""
    words = str(error).lower()
    if "busy" in words or (isinstance(error, OSError) and error.errno == errno.EBUSY):
        see = f"`gpioinfo | grep -w GPIO{pin}` (`sudo apt install gpiod`)"
        return (
            NotYetError,
            f"another program or driver holds it; type {see} to see which, end that or choose another pin",
        )
    if bad_factory and not importlib.util.find_spec("lgpio"):
        needs = "type `sudo apt install python3-lgpio`"
        return ConfigurationError, f"no GPIO can be used on this machine; on a Raspberry Pi {needs}"
    forbidden = isinstance(error, PermissionError) or "permission" in words or "not permitted" in words
    if not (forbidden or bad_factory or isinstance(error, FileNotFoundError) or "gpiochip" in words):
        return ConfigurationError, f"{error}; if another program holds it, end that or choose another pin"
    chips = sorted(DEV.glob("gpiochip*"))
    if not chips and not forbidden:
        see = "`ls /dev/gpiochip*; sudo dmesg | grep -i gpio`"
        return NotYetError, f"there is no /dev/gpiochip0 on this machine so far; type {see} where it does not come"
    shut = next((chip for chip in chips if not os.access(chip, os.R_OK | os.W_OK)), None)
    if shut and is_kept_from_us(shut):
        return NextTimeError, f"{shut} is shut: {LATE}"
    group = group_of(shut) if shut else "gpio"
    if group == "root":
        give = f"`sudo chgrp gpio {shut}; sudo chmod g+rw {shut}`"
        return NotYetError, f"{shut} is for root alone so far, until udev gives it to the group gpio; else type {give}"
    if shut or forbidden:
        me = user()
        join = f"`sudo usermod -aG {group} {me}`, then log in again, or restart the service"
        return ConfigurationError, f"the GPIO is for the group {group}, and {me} is not in it; type {join}"
    return ConfigurationError, f"{error or 'no GPIO can be used on this machine'}; type `focuscam doctor`"
