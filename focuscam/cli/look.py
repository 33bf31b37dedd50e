"""`focuscam --preview`, `--json` and `--record DIR`: what a loop sees, on a screen, as lines, or in a folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import cast

from focuscam.cli.opening import joined, session, settings
from focuscam.ipc.report import own_fields, write_line
from focuscam.session import LocalSession, RemoteSession, Seen
from focuscam.system.saying import say
from focuscam.system.signals import ignore_signals
from focuscam.tui.full_screen import OwnView, possible, show_daemon
from focuscam.tui.line import PreviewLine


def run(options: argparse.Namespace) -> None:
    """Look until the source ends or somebody has seen enough. Raises FocuscamError where it can't be had, or goes."""
    with session(options, lights=True) as looking, ExitStack() as stack:
        screen = options.preview and possible()
        if screen and isinstance(looking, RemoteSession):
            show_daemon(looking.link, options.picture, joined)
            return
        seen: Iterator[Seen] = looking.events()
        if options.record:
            from focuscam.recorder.writing import recorded

            seen = recorded(stack, looking, options.record, options.sweep, options.preview)
        if screen:
            seen = _shown(stack, cast(LocalSession, looking), seen, options)
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


def _shown(stack: ExitStack, own: LocalSession, seen: Iterable[Seen], options: argparse.Namespace) -> Iterator[Seen]:
    """Show the frames of an own loop on the whole screen, as they go by."""
    from focuscam.cli import stages

    server = stack.enter_context(stages.server(None, own.loop, settings(options)))
    view = stack.enter_context(OwnView(server, options.picture))

    def shown() -> Iterator[Seen]:
        frames = 0
        for each in seen:
            for sentence in each.said:
                server.announce(sentence)
            if each.event is not None:
                server.show(each.event)
            frames += 1
            yield each
        if frames == 1:
            view.stay()

    return shown()
