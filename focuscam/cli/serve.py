"""`focuscam`: the daemon, in the foreground."""

from __future__ import annotations

import argparse
from contextlib import ExitStack, closing

from focuscam.cli.opening import parts, settings
from focuscam.daemon.service import Service
from focuscam.system.signals import ignore_signals, on_hangup


def run(options: argparse.Namespace) -> None:
    """Run it until the source ends. Raises FocuscamError where it can't."""
    service = Service()
    from focuscam.cli import stages
    from focuscam.commands import Reload
    from focuscam.daemon.loop import Loop
    from focuscam.daemon.notices import Notices
    from focuscam.messages import Event

    made, notices = parts(options), Notices()
    wanted = made.settings
    with ExitStack() as stack:
        # The socket comes before the pins: a second daemon must not take them from the first.
        listener = stack.enter_context(stages.listening_socket(wanted))
        indicators = stages.pins(lambda: stack.enter_context(stages.indicators(wanted, alone=True)), service)
        capture = stack.enter_context(stages.capture(wanted, alone=True, tell=notices))
        required = stages.pins_required(wanted, alone=True)
        stages.pins(lambda: stack.enter_context(stages.buttons(wanted, made.commands.put)), service)
        motor = stages.pins(lambda: stack.enter_context(stages.motor(wanted.lens, required)), service)
        stages.note_pins(wanted, indicators, motor)
        loop = Loop(
            made.camera, wanted, made.scorer, indicators, reread=lambda: settings(options), commands=made.commands,
            notices=notices, service=service, light=made.light, capture=capture, motor=motor, paced=True,
        )  # fmt: skip
        server = stack.enter_context(stages.server(listener, loop, wanted)) if listener is not None else None
        on_hangup(lambda: made.commands.put(Reload()))
        events = stack.enter_context(closing(iter(loop)))
        stack.callback(ignore_signals)  # the first thing at the end, whatever brings it
        for event in events:
            if server is None:
                continue
            for sentence in event.said:
                server.announce(sentence)
            if isinstance(event, Event):
                server.show(event)
                if server.looked_at:
                    loop.keep_awake()
