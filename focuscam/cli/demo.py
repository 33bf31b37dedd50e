"""`focuscam indicators --demo`: all that the light and the sound can say, with a sentence for each."""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack

from focuscam.cli.opening import join_daemon, settings
from focuscam.commands import Demo
from focuscam.errors import ConfigurationError
from focuscam.indicators import demo
from focuscam.session import RemoteSession
from focuscam.system.saying import say


def run(options: argparse.Namespace) -> None:
    """Play it. Raises FocuscamError where there is nothing to play on.

    Where no daemon has the pins, on the pins alone and not in a session of our own: that would want a camera and a
    network, and who solders a light may have neither yet.
    """
    with ExitStack() as stack:
        link = join_daemon()
        if link is not None:
            stack.enter_context(RemoteSession(link)).order(Demo())
        else:
            _play(options, stack)
        demo.tell(say, time.sleep)


def _play(options: argparse.Namespace, stack: ExitStack) -> None:
    from focuscam.indicators import opening

    wanted = settings(options)
    if wanted.led.pin is None and wanted.buzzer.pin is None:
        raise ConfigurationError("There is nothing to play on: set [led] pin or [buzzer] pin in the settings.")
    indicators, failed = opening.indicators(wanted.led, wanted.buzzer)
    stack.enter_context(indicators)
    if failed is not None:
        raise failed
    indicators.pulse()
    indicators.demonstrate(time.monotonic())
