"""The commands. Nothing else parses arguments or decides the exit status."""

from __future__ import annotations

import argparse
import logging
import queue
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from focuscam.arguments import parser
from focuscam.errors import ConfigurationError, FocuscamError, UsageError
from focuscam.saying import leave_quietly, open_what_is_closed, say
from focuscam.service import Service, log_to_the_right_place, tell_all
from focuscam.signals import Stopped, end, ignore_signals, on_hangup, stop_on_signals

if TYPE_CHECKING:  # numpy, OpenCV and TFLite are slow to import: a signal or a typing mistake does not wait for them
    from focuscam.commands import Command
    from focuscam.config import Settings
    from focuscam.recorder.replay import Replay

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
    alone = not (options.json or options.preview or options.record)
    own = (options.source, options.region, options.config, options.fps)
    if not alone and all(option is None for option in own) and _joined(options):
        return 0
    service = Service()
    from focuscam import stages
    from focuscam.autofocus import motor
    from focuscam.commands import Reload
    from focuscam.daemon.loop import Loop
    from focuscam.messages import Event, Light
    from focuscam.preview.full_screen import OwnView, possible
    from focuscam.preview.line import PreviewLine
    from focuscam.preview.report import report, write_report
    from focuscam.recorder.guide import SweepGuide, write_sweep
    from focuscam.recorder.own import Recorder
    from focuscam.told import Told

    commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
    told = Told()
    replay = _replay(options, commands)
    settings = replay.settings(_settings(options)) if replay else _settings(options)
    camera = replay or stages.camera(options.source or "auto", options.fps, settings)
    scorer = replay.scorer(settings) if replay else stages.scorer(settings)
    light = replay.script.light if replay else Light.OFF
    screen = options.preview and possible()
    stages.rehearse(scorer)
    with ExitStack() as stack:
        # The socket comes before the pins: a second daemon must not take them from the first.
        listener = stack.enter_context(stages.listening_socket(settings)) if alone else None
        # Pins that are not there yet are waited for by the daemon alone.
        waiting = service if alone else None
        indicators = stages.pins(lambda: stack.enter_context(stages.indicators(settings, alone)), waiting)
        capture = stack.enter_context(stages.capture(settings, alone, told))
        turns = None
        if alone:
            required = stages.pins_required(settings, alone)
            stages.pins(lambda: stack.enter_context(stages.buttons(settings, commands.put)), waiting)
            turns = stages.pins(lambda: stack.enter_context(motor(settings.lens, required)), waiting)
            stages.note_pins(settings, indicators, turns)
        loop = Loop(
            camera, settings, scorer, indicators, reread=lambda: _settings(options), commands=commands, told=told,
            service=service, light=light, capture=capture, motor=turns, paced=options.preview or alone,
            rests=not screen and not options.record,
        )  # fmt: skip
        recorder = guide = line = view = server = None
        if options.record:
            recorder = stack.enter_context(
                Recorder(options.record, lambda: loop.recipe, quiet=options.preview, light=light)
            )
        if options.sweep:
            guide = SweepGuide()
            guide.begin()
        if listener is not None or screen:
            server = stack.enter_context(stages.server(listener, loop, settings))
        if server is not None and screen:
            view = stack.enter_context(OwnView(server, options.picture))
        elif options.preview:
            line = stack.enter_context(PreviewLine())
        if alone:
            on_hangup(lambda: commands.put(Reload()))
        events = stack.enter_context(closing(iter(loop)))
        stack.callback(ignore_signals)  # the first thing at the end, whatever brings it
        frames = 0
        for event in events:
            if server is not None:
                for sentence in event.said:
                    server.announce(sentence)
            if not isinstance(event, Event):
                continue
            frames += 1
            if recorder is not None:
                recorder.add(event)
            if guide is not None:
                guide.take(report(event.status, event.level))
            if options.json:
                write_report(event)
            if server is not None:
                server.show(event)
                if server.looked_at:
                    loop.keep_awake()
            if line is not None:
                line.show(report(event.status, event.level) | {"best": event.status.best})
        if view is not None and frames == 1:
            view.stay()
    if options.sweep:
        say(write_sweep(options.record))
    return 0


def _joined(options: argparse.Namespace) -> bool:
    """Look through a running daemon; False where there is none. Raises FocuscamError where it goes."""
    from focuscam.preview.client import join
    from focuscam.preview.full_screen import possible, show_daemon
    from focuscam.preview.joined import write_lines, write_readings

    # A view that records needs the loop for itself.
    link = None if options.record and options.preview else join(_places())
    if link is None:
        return False
    with link:
        if options.record:
            from focuscam.recorder.joined import record

            record(link, options.record, options.sweep, options.json)
        elif options.json:
            write_readings(link)
        elif possible():
            show_daemon(link, options.picture, lambda: join(_places()))
        else:
            write_lines(link)
    return True


def _status(options: argparse.Namespace) -> int:
    from focuscam.preview.joined import show_status

    status = show_status(_places(), options.json)
    return status if options.check else 0


def _calibrate(options: argparse.Namespace) -> int:
    from focuscam import calibrate
    from focuscam.preview.client import join, running

    own = (options.source, options.region, options.config, options.fps)
    link = join(_places()) if all(option is None for option in own) else None
    if link is not None:
        with link:
            threshold = calibrate.watch_daemon(link).threshold()
        if calibrate.wanted(options.keep):
            with running(_places()) as link:  # anew: the daemon does not wait for who thinks it over
                say(calibrate.keep_in_daemon(link, threshold))
            return 0
    else:
        from focuscam import stages
        from focuscam.daemon.loop import Loop

        settings = _settings(options)
        scorer = stages.scorer(settings)
        camera = stages.camera(options.source or "auto", options.fps, settings)
        stages.rehearse(scorer)
        with stages.indicators(settings, False) as indicators:
            threshold = calibrate.watch_loop(Loop(camera, settings, scorer, indicators)).threshold()
        if calibrate.wanted(options.keep):
            say(calibrate.keep_here(scorer.model, threshold))
            return 0
    say(calibrate.how_to_keep(threshold))
    return 0


def _release(options: argparse.Namespace) -> int:
    from focuscam.preview.client import join
    from focuscam.preview.release import program_at, release, run_beside

    if options.program and options.seconds:
        raise UsageError("--for is for a release without a program: with one, it lasts as long as the program runs.")
    program = [program_at(options.program[0]), *options.program[1:]] if options.program else None
    link = join(_places())
    if link is None:
        log.info("No focuscam is running here that could hold the camera.")
    with link or nullcontext():
        if program:
            return run_beside(link, program)
        if link is not None:
            release(link, options.seconds)
            say("Other programs may have the camera; `focuscam resume` takes it back.")
    return 0


def _resume(options: argparse.Namespace) -> int:  # noqa: ARG001 - the shape of a command
    from focuscam.preview.client import running
    from focuscam.preview.release import resume

    with running(_places()) as link:
        resume(link)
    return 0


def _capture(options: argparse.Namespace) -> int:
    from focuscam.preview.client import join
    from focuscam.snapshot import take_here, take_there

    own = any(option is not None for option in (options.source, options.region, options.config))
    link = None if own else join(_places())
    if link is not None:
        with link:
            say(take_there(link))
        return 0
    from focuscam import stages

    settings = _settings(options)
    scorer = stages.scorer(settings)
    camera = stages.camera(options.source or "auto", options.fps, settings)
    threshold = settings.focus.threshold_for(scorer.model.sha256)
    # The one who asks is told by the command.
    taking = stages.capture(settings, alone=False, tell=lambda sentence: None)  # noqa: ARG005
    say(take_here(camera, scorer, threshold, taking))
    return 0


def _demo(options: argparse.Namespace) -> int:
    from focuscam.indicators import demo
    from focuscam.preview.client import join

    link = join(_places())
    if link is not None:
        with link:
            link.order("demo")
            demo.tell(say, time.sleep)
        return 0
    from focuscam.indicators import fitting

    settings = _settings(options)
    if settings.led.pin is None and settings.buzzer.pin is None:
        raise ConfigurationError("There is nothing to play on: set [led] pin or [buzzer] pin in the settings.")
    indicators, failed = fitting.indicators(settings.led, settings.buzzer)
    with indicators:
        if failed is not None:
            raise failed
        indicators.pulse()
        indicators.demonstrate(time.monotonic())
        demo.tell(say, time.sleep)
    return 0


def _autofocus(options: argparse.Namespace) -> int:
    from focuscam import autofocus, stages
    from focuscam.daemon.loop import Loop
    from focuscam.indicators import Indicators
    from focuscam.preview.client import join

    own = options.source or options.region or options.config
    link = None if own else join(_places())
    if link is not None:
        with link:
            autofocus.through(link, options.continuous)
        return 0
    settings = _settings(options)
    camera = stages.camera(options.source or "auto", None, settings)
    with autofocus.motor(settings.lens) as turns:
        loop = Loop(camera, settings, stages.scorer(settings), Indicators(None, None), motor=turns)
        autofocus.alone(loop, options.continuous)
    return 0


def _places() -> list[Path]:
    """Where a running daemon's socket may be."""
    from focuscam.config import load
    from focuscam.preview.paths import to_look_at

    try:
        configured = load().socket.path
    except ConfigurationError:  # the daemon's own business; it may have started before it was wrong
        configured = None
    return to_look_at(configured)


def _score(options: argparse.Namespace) -> int:
    from focuscam import stages
    from focuscam.photos import score_photos, show_json, show_table

    # The seed counts a picture as in focus when at least one subject is: hence `best`, unless asked otherwise.
    settings = _settings(options, region=options.region or "best")
    scorer = stages.scorer(settings)
    wanted = settings.focus.threshold_for(scorer.model.sha256)
    threshold = scorer.model.threshold if wanted is None else wanted
    results = score_photos(options.paths, scorer, threshold)
    return 0 if (show_json if options.json else show_table)(results) else 1


def _lens_report(options: argparse.Namespace) -> int:
    from focuscam.lens_report import report

    return 0 if report(options.paths, options.json, options.html) else 1


def _doctor(options: argparse.Namespace) -> int:
    from focuscam.doctor import examine

    return 0 if examine(lambda: _settings(options)) else 1


def _settings(options: argparse.Namespace, region: str | None = None) -> Settings:
    from focuscam.config import load

    settings = load(options.config)
    region = region or options.region
    if region is None:
        return settings
    try:
        return settings.with_changes("--region", focus={"region": region})
    except ConfigurationError:
        raise UsageError(
            f'--region "{region}" is none; it must be spot, whole, best or x,y,w,h in fractions.'
        ) from None


def _replay(options: argparse.Namespace, commands: queue.SimpleQueue[Command]) -> Replay | None:
    """The recording that is to be played, for the loop with this queue; None where the source is none."""
    from focuscam.recorder.replay import Replay, is_recording

    if options.source is None or not is_recording(Path(options.source)):
        return None
    if options.fps is not None:
        raise UsageError(f"--fps is for files; {options.source} is a recording, whose frames have times of their own.")
    return Replay(Path(options.source), region_too=options.region is None, commands=commands)


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
    "doctor": _doctor,
    "indicators": _demo,
}
"""By name, "" for what runs without one."""
