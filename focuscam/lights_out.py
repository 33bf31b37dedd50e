"""`python -m focuscam.lights_out`: turn the pins off after focuscam ended and could not do it itself.

systemd runs this as ExecStopPost=; with `--guard` it is the process that watches over the light while focuscam runs.
It has to work when nothing else does, so it imports the standard library, and gpiozero once there is a pin to turn off.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import sys
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

USER_FILE = Path("/etc/focuscam/focuscam.toml")
"""The user's settings."""

HUNG_S = 3.0
"""A light that is lit and of which nothing is heard for so long, s, belongs to a program that hangs. Longer than any
call that holds the interpreter's lock for good reason, such as those that start a camera."""

GONE_S = 5.0
"""How long a killed process may take to be gone, s."""

LIT, DARK = b"1", b"0"
"""What the guard is told, a byte each time."""

Off = tuple[int, int]
"""A pin (BCM), and the level, 0 or 1, at which what is connected to it is off."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Turn off what is left on; with --guard PID PIN=LEVEL..., once that process hangs or dies while it is lit."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["--guard"]:
        guard(int(arguments[1]), [_off(word) for word in arguments[2:]])
        return
    if (pins := left_on()) is not None:
        put_out(pins)


def left_on() -> list[Off] | None:
    """What may still be on: the pins that were taken and not given back, else those of the settings.

    None where it ended by itself, and so gave them back. SERVICE_RESULT: systemd.exec(5).
    """
    note = _note()
    with contextlib.suppress(OSError, ValueError):
        if note is not None:
            return [_off(word) for word in note.read_text().split()]
    if os.environ.get("SERVICE_RESULT") in ("success", "exit-code"):
        return None
    return of_settings()


def note_taken(pins: Iterable[Off]) -> None:
    """Write down that these pins are taken, whatever becomes of the settings meanwhile; none: all were given back."""
    note = _note()
    if note is None:
        return
    words = " ".join(f"{pin}={off}" for pin, off in pins)
    with contextlib.suppress(OSError):  # the settings have to do, then
        if words:
            note.write_text(words + "\n")
        else:
            note.unlink()


def _note() -> Path | None:
    """Where it is written down; None where there is no runtime directory: only the service has one."""
    folder = os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    return Path(folder) / "pins" if folder else None


def _off(word: str) -> Off:
    pin, level = word.split("=")
    return int(pin), int(level)


def of_settings(user_file: Path = USER_FILE) -> list[Off]:
    """The pins of the settings, of each file as much as can be read: one that is broken must not hide another."""
    files = [user_file]
    if state := os.environ.get("STATE_DIRECTORY"):
        files.append(Path(state.split(":")[0]) / "settings.toml")
    tables: dict[str, dict[str, Any]] = {"led": {"pin": 17}, "buzzer": {}, "lens": {}}
    for file in files:
        read = _read(file)
        for name, keys in tables.items():
            found = read.get(name)
            keys.update(found if isinstance(found, Mapping) else {})
    led, buzzer, lens = tables["led"], tables["buzzer"], tables["lens"]
    pins = [
        *((led.get(key), int(led.get("active_high") is False)) for key in ("pin", "red")),
        (buzzer.get("pin"), int(buzzer.get("active_high") is False)),
    ]
    coils = lens.get("pins")
    if lens.get("driver") in ("uln2003", "stepdir") and isinstance(coils, list):
        # STEP, DIR and ENABLE: the last is on when it is low.
        pins += [(pin, int(lens["driver"] == "stepdir" and at == 2)) for at, pin in enumerate(coils)]
    return [(pin, level) for pin, level in pins if isinstance(pin, int) and not isinstance(pin, bool)]


def _read(file: Path) -> Mapping[str, Any]:
    """The tables of a file of settings; of a broken one those lines that can be understood alone."""
    try:
        # What others may have put there instead of a file must not hold us up.
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, encoding="utf-8", errors="replace") as text:
            words = text.read(1_000_000)
    except (OSError, ValueError):
        return {}
    try:
        return tomllib.loads(words)
    except (tomllib.TOMLDecodeError, RecursionError):
        pass
    tables: dict[str, dict[str, Any]] = {}
    table = ""
    for line in words.splitlines():
        if header := re.match(r"\s*\[\s*(\w+)\s*\]", line):
            table = header[1]
        elif re.match(r"\s*\w+\s*=", line):
            with contextlib.suppress(tomllib.TOMLDecodeError, RecursionError):
                tables.setdefault(table, {}).update(tomllib.loads(line))
    return tables


def put_out(pins: Iterable[Off]) -> None:
    """Turn each pin off and give it back; says which could not be."""
    for pin, level in pins:
        try:
            # On the way, gpiozero warns of each back end that it tries in vain.
            import warnings

            from focuscam.system.lgpio import load_lgpio

            load_lgpio()
            import gpiozero

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # Its level is set as it is taken, and the kernel keeps it or lets the pin float: both are dark.
                gpiozero.DigitalOutputDevice(pin, initial_value=bool(level)).close()
        except Exception as error:  # each pin back end has errors of its own, and the next pin its own chance
            say(f"GPIO {pin} could not be turned off: {error}.")


def guard(pid: int, pins: Sequence[Off]) -> None:
    """Watch over the light of our parent process, which tells on stdin whether it is lit.

    Nothing heard for HUNG_S while it is lit: the parent hangs, and is ended. The pins are turned off once it is gone,
    since they are its own before.
    """
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # it is the parent that ends us, by its end
    lit = False
    while True:
        if not select.select([0], [], [], HUNG_S if lit else None)[0]:
            break
        told = os.read(0, 4096)
        if not told:
            if lit:
                _wait_for_the_end(pid)
                put_out(pins)
            return
        lit = told[-1:] == LIT
    say(f"focuscam hung for {HUNG_S:g} s while its light was lit: it is ended, and its light turned off.")
    if os.getppid() == pid:  # else it is gone, and the number may be another's
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _wait_for_the_end(pid)
    put_out(pins)


def _wait_for_the_end(pid: int) -> None:
    end = time.monotonic() + GONE_S
    while os.getppid() == pid and time.monotonic() < end:
        time.sleep(0.01)


def say(sentence: str) -> None:
    """Write one line, whatever is in the sentence: to the journal as an error."""
    # systemd takes a leading <3> for the level "error" (sd-daemon(3)); a person does without it.
    level = "<3>" if os.environ.get("JOURNAL_STREAM") else "focuscam: "
    # As focuscam.system.saying does it, of which nothing is needed here but this.
    shown = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in sentence)
    with contextlib.suppress(OSError, ValueError):
        print(f"{level}{shown}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
