"""Asking gpiozero for a pin, and saying in one sentence why it can't be had."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from focuscam.errors import ConfigurationError


def opened(table: str, pin: int, make: Callable[[Any], Any], key: str = "pin") -> Any:  # noqa: ANN401 - gpiozero is not typed
    """The gpiozero device that `make` makes of the gpiozero module.

    table and key: the names in the settings, for the message. Raises ConfigurationError.
    """
    import gpiozero

    try:
        with warnings.catch_warnings():
            # gpiozero warns for each back end that it tries in vain; the error at the end says it all.
            warnings.simplefilter("ignore")
            return make(gpiozero)
    except gpiozero.BadPinFactory:
        reason = "no GPIO can be used on this machine; on a Raspberry Pi type `sudo apt install python3-lgpio`"
    except gpiozero.GPIOPinInUse:
        reason = "another device of these settings uses it already; choose another pin"
    except gpiozero.PinPWMUnsupported:
        reason = f"it has no PWM, which these settings of [{table}] need; choose another pin, or another mode"
    except PermissionError:
        reason = "this user may not use the GPIO; type `sudo usermod -aG gpio $USER`, then log out and in again"
    except Exception as error:  # each pin back end has errors of its own
        reason = f"{error}; if another program holds it, end that or choose another pin"
    raise ConfigurationError(f"[{table}] {key} = {pin} can't be used: {reason}.")
