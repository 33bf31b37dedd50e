"""The commands. Nothing else parses arguments or decides the exit status."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext

from focuscam.cli.arguments import parser
from focuscam.cli.opening import join_daemon, places, session, settings
from focuscam.daemon.service import log_to_the_right_place, tell_all
from focuscam.errors import FocuscamError, UsageError
from focuscam.ipc.client import running
from focuscam.session import RemoteSession
from focuscam.system.saying import leave_quietly, open_what_is_closed, say
from focuscam.system.signals import Stopped, end, stop_on_signals

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit status: 0 fine, 1 failed, 2 wrong usage, 69 no camera, 78 wrong settings."""
    open_what_is_closed()
    log_to_the_right_place()
    try:
        return _main(arguments)
    finally:
        end()


def _main(arguments: Sequence[str] | None) -> int:
    try:
        stop_on_signals()
        options = parser(COMMANDS).parse_args(arguments)
        if options.verbose:
            tell_all()
        status: int = options.run(options)
    except FocuscamError as error:
        log.error("%s", error)
        return error.status
    except MemoryError:
        log.error("There is too little memory for this: end other programs, or use a machine with more.")
        return 1
    except (BrokenPipeError, Stopped):  # the reader has seen enough; the user has
        return 0
    finally:
        leave_quietly()
    return status


def _loop(options: argparse.Namespace) -> int:
    if options.json and options.preview:
        raise UsageError("--json and --preview both want the terminal; ask for one of them.")
    if options.sweep and (options.record is None or options.preview):
        raise UsageError("--sweep goes with --record DIR, and guides in the terminal that --preview would draw on.")
    if options.json or options.preview or options.record:
        from focuscam.cli import look

        look.run(options)
    else:
        from focuscam.cli import serve

        serve.run(options)
    return 0


def _status(options: argparse.Namespace) -> int:
    from focuscam.cli.status import show_status

    with _daemon() as daemon:
        status = show_status(daemon, options.json)
    return status if options.check else 0


def _calibrate(options: argparse.Namespace) -> int:
    from focuscam.cli import calibrate

    with session(options, lights=True) as watching:
        calibrate.run(watching, options.keep)
    return 0


def _release(options: argparse.Namespace) -> int:
    from focuscam.cli.release import program_at, run_beside
    from focuscam.commands import Release

    if options.program and options.seconds:
        raise UsageError("--for is for a release without a program: with one, it lasts as long as the program runs.")
    program = [program_at(options.program[0]), *options.program[1:]] if options.program else None
    link = join_daemon()
    if link is None:
        log.info("No focuscam is running here that could hold the camera.")
    with RemoteSession(link, places()) if link else nullcontext() as daemon:
        if program:
            return run_beside(daemon, program)
        if daemon is not None:
            daemon.order(Release(options.seconds))
            say("Other programs may have the camera; `focuscam resume` takes it back.")
    return 0


def _resume(options: argparse.Namespace) -> int:  # noqa: ARG001 - the shape of a command
    from focuscam.commands import Resume

    with _daemon() as daemon:
        daemon.order(Resume())
    return 0


def _daemon() -> RemoteSession:
    """The running daemon, for what can't be done without one. Raises FocuscamError where there is none."""
    where = places()
    return RemoteSession(running(where), where)


def _capture(options: argparse.Namespace) -> int:
    from focuscam.cli import capture

    with session(options, quiet=True) as taking:
        capture.run(taking)
    return 0


def _demo(options: argparse.Namespace) -> int:
    from focuscam.cli import demo

    demo.run(options)
    return 0


def _autofocus(options: argparse.Namespace) -> int:
    from focuscam.cli import autofocus

    with session(options, motor=True) as focusing:
        autofocus.run(focusing, options.continuous)
    return 0


def _score(options: argparse.Namespace) -> int:
    from focuscam.cli import stages
    from focuscam.cli.score import score_photos, show_json, show_table

    # The seed counts a picture as in focus when at least one subject is: hence `best`, unless asked otherwise.
    wanted = settings(options, region=options.region or "best")
    scorer = stages.scorer(wanted)
    own = wanted.focus.threshold_for(scorer.model.sha256)
    threshold = scorer.model.threshold if own is None else own
    results = score_photos(options.paths, scorer, threshold)
    return 0 if (show_json if options.json else show_table)(results) else 1


def _lens_report(options: argparse.Namespace) -> int:
    from focuscam.lens_report import report

    return 0 if report(options.paths, options.json, options.html) else 1


def _page(options: argparse.Namespace) -> int:
    from focuscam.cli import page

    page.run(options)
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from focuscam.doctor import examine

    def examined() -> bool:
        return examine(lambda: settings(options))

    if not options.first_run:
        return 0 if examined() else 1
    from focuscam.cli import first_run

    first_run.run(options, examined)
    return 0


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "": _loop,
    "score": _score,
    "status": _status,
    "calibrate": _calibrate,
    "release": _release,
    "resume": _resume,
    "capture": _capture,
    "autofocus": _autofocus,
    "lens-report": _lens_report,
    "page": _page,
    "doctor": _doctor,
    "indicators": _demo,
}
"""By name, "" for what runs without one."""
