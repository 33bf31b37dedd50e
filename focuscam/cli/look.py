"""`focuscam --preview`, `--json` and `--record DIR`: what a loop sees, on a screen, as lines, or in a folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from contextlib import ExitStack

from focuscam.cli.opening import session
from focuscam.ipc.report import own_fields, write_line
from focuscam.session import Seen
from focuscam.system.saying import say
from focuscam.system.signals import ignore_signals
from focuscam.tui.full_screen import FullScreen, possible
from focuscam.tui.line import PreviewLine


def run(options: argparse.Namespace) -> None:
    """Look until the source ends or somebody has seen enough. Raises FocuscamError where it can't be had, or goes."""
    with session(options, lights=True) as looking, ExitStack() as stack:
        screen = options.preview and possible()
        seen: Iterator[Seen] = looking.events()
        if options.record:
            from focuscam.recorder.writing import recorded

            seen = recorded(stack, looking, options.record, options.sweep, options.preview)
        if screen:
            seen = stack.enter_context(FullScreen(looking, options.picture)).beside(seen)
        stack.callback(ignore_signals)  # the first thing at the end, whatever brings it
        if options.json:
            write_readings(seen)
        elif options.preview and not screen:
            write_lines(seen)
        else:
            for _ in seen:
                pass
    if options.sweep:
        from focuscam.recorder.guide import write_sweep

        say(write_sweep(options.record))


def write_readings(seen: Iterable[Seen]) -> None:
    """One JSON object on stdout for each frame. A daemon tells more than the frame, and all of that goes with it."""
    for each in seen:
        write_line(each.told if each.event is None else own_fields(each.event))


def write_lines(seen: Iterable[Seen]) -> None:
    """The view where no screen can be drawn: a line a second."""
    with PreviewLine() as line:
        for each in seen:
            line.show(each.told)
