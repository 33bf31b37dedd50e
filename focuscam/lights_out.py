"""`python -m focuscam.lights_out`: turn the pins off after focuscam was killed and could not do it itself.

systemd runs this as ExecStopPost=, with SERVICE_RESULT in the environment (systemd.exec(5)).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

from focuscam.autofocus import motor
from focuscam.config import Settings, load
from focuscam.errors import ConfigurationError
from focuscam.indicators.buzzer import Buzzer
from focuscam.indicators.led import Led
from focuscam.service import log_to_the_right_place

log = logging.getLogger(__name__)


def main() -> None:
    """Turn off the pins of the settings; of the default ones where those can't be read."""
    if os.environ.get("SERVICE_RESULT") in ("success", "exit-code"):
        return  # it ended by itself, and turned its pins off on the way
    log_to_the_right_place()
    try:
        settings = load()
    except ConfigurationError as error:
        log.warning("%s The default pins are turned off.", error)
        settings = Settings()
    _off(settings.led.pin, lambda pin: Led(pin, settings.led.active_high))
    if settings.led.pin is not None:
        _off(settings.led.red, lambda pin: Led(pin, settings.led.active_high))
    _off(settings.buzzer.pin, lambda pin: Buzzer(pin, settings.buzzer.active_high))
    try:
        with motor(settings.lens):  # leaving it takes the current from its coils
            pass
    except ConfigurationError as error:
        log.error("%s", error)


def _off(pin: int | None, device: Callable[[int], Led | Buzzer]) -> None:
    if pin is None:
        return
    try:
        device(pin).close()
    except ConfigurationError as error:
        log.error("%s", error)


if __name__ == "__main__":
    main()
