"""`focuscam page`: serve the page, or show where the service serves it."""

from __future__ import annotations

import argparse
import io
import logging
import os
import socket
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from focuscam.cli.opening import places, session, settings, wants_own
from focuscam.config import PageSettings
from focuscam.errors import FocuscamError, UsageError
from focuscam.ipc.client import running
from focuscam.page import key as keys
from focuscam.page import service
from focuscam.page.addresses import link, names, reached_at
from focuscam.system.saying import say

log = logging.getLogger(__name__)

WINDOW = "This page is a window only: [page] commands = false in the settings."
LATER = 10
"""Niceness: of one processor for both the daemon gets nine times as much. Whoever looks can wait, the light can't."""
KEY_S = 10.0
"""How long a service that was just turned on may take to make its key, s."""


def run(options: argparse.Namespace) -> None:
    """Serve it until somebody ends it. Raises FocuscamError where it can't be."""
    if options.enable or options.disable:
        _turn(options)
    elif not wants_own(options) and service.runs():
        say("The service has the page.")
        _show_service(settings(options).page)
    else:
        _serve(options)


def _turn(options: argparse.Namespace) -> None:
    if options.enable and options.disable:
        raise UsageError("--enable or --disable, not both.")
    service.turn(options.enable)
    if options.disable:
        say("The page is off, and stays so.")
        return
    deadline = time.monotonic() + KEY_S
    while keys.read(keys.SERVICE) is None and time.monotonic() < deadline:
        time.sleep(0.1)
    _show_service(settings(options).page)


def _show_service(wanted: PageSettings) -> None:
    key = keys.read(keys.SERVICE)
    if key is None:
        raise FocuscamError("The service has no key yet: `sudo journalctl -u focuscam-page -n 20` may say why.")
    say(*_invitation(wanted, wanted.port, key))


def _serve(options: argparse.Namespace) -> None:
    try:
        from focuscam.page.doors import Doors
        from focuscam.page.server import Page
        from focuscam.page.serving import Serving
    except ModuleNotFoundError as error:
        raise FocuscamError(
            f"The page needs {error.name}: `{sys.executable} -m pip install 'focuscam[page]'`."
        ) from None
    wanted = settings(options).page
    key = keys.had(keys.file())
    with ExitStack() as stack:
        own = stack.enter_context(session(options, lights=True)) if wants_own(options) else None
        where = places()
        connect = own.connect if own is not None else lambda: running(where)
        if own is None:
            with suppress(PermissionError):  # the unit has its own word on it, and lets nobody change that
                os.nice(LATER)
        page = Page(connect, Doors(key, names()), None if wanted.commands else WINDOW)
        serving = stack.enter_context(Serving(page, wanted.listen, wanted.port))
        if sys.stdout.isatty():
            say(*_invitation(wanted, serving.port, key), "Ctrl-C ends it.")
        else:  # a log is no place for a key
            shown = [link(host, serving.port) for host in reached_at(wanted.listen)] or [
                link("localhost", serving.port)
            ]
            log.info("The page is at %s; its key is in %s.", ", ".join(shown), _named(keys.file()))
        if own is None:
            serving.wait()
        else:
            for _ in own.events():
                pass


def _named(path: Path) -> str:
    return "its file, and `sudo focuscam page` shows it" if path == keys.SERVICE else str(path)


def _invitation(wanted: PageSettings, port: int, key: str) -> list[str]:
    """How to open the page, in lines for a terminal."""
    hosts = reached_at(wanted.listen)
    if not hosts:
        return [
            "Only this machine reaches it. From another one type",
            "",
            f"    ssh -L {port}:localhost:{port} {socket.gethostname()}",
            "",
            "and, while that is open, open there",
            "",
            f"    {link('localhost', port, key)}",
            "",
            'For a phone in the same network: [page] listen = "0.0.0.0" in the settings, and docs/page.md.',
        ]
    return ["Open on the phone", "", *(f"    {link(host, port, key)}" for host in hosts), "", *_qr(hosts, port, key)]


def _qr(hosts: list[str], port: int, key: str) -> list[str]:
    """A QR code of the first address, in lines."""
    try:
        import segno
    except ModuleNotFoundError:
        return []
    out = io.StringIO()
    segno.make(link(hosts[0], port, key), error="l", boost_error=False).terminal(out, compact=True)
    return out.getvalue().splitlines()
