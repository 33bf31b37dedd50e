"""All that focuscam writes for people, but for the full screen: each line made so that it can steer no terminal.

Names of files, of the camera and of what a daemon sends come from elsewhere. A line break in one would forge a line,
an escape code would move the cursor or worse, and a byte that is no UTF-8 would end the program. All are written out.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO

from focuscam.errors import FocuscamError

_PLAIN = str.maketrans({"±": "+/-", "×": "x", "·": ".", "→": "->", "–": "-", "−": "-"})
"""Our own signs, for terminals that have no more than ASCII."""


def printable(text: str) -> str:
    r"""Text as one line that shows what it holds: control codes, line breaks, signs that turn the direction of writing,
    and bytes that are no UTF-8 become \x1b, \n, \u202e, \xff.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _written_out(each) for each in text)


def _written_out(each: str) -> str:
    if "\udc80" <= each <= "\udcff":  # how Python keeps a byte of a name that it can't decode
        return f"\\x{ord(each) - 0xDC00:02x}"
    return each.encode("unicode_escape").decode("ascii")


def shortened(text: str, most: int = 120) -> str:
    """Text for a sentence: of one that is very long the beginning and the end."""
    return text if len(text) <= most else f"{text[: most // 2]}...{text[-most // 3 :]}"


def say(*lines: str, to: TextIO | None = None, end: str = "\n") -> None:
    """Write lines for people, at once; to: stdout, unless it says otherwise. end: after the last.

    Raises FocuscamError where nothing can be written there, BrokenPipeError where the reader has seen enough.
    """
    stream = sys.stdout if to is None else to
    _write(stream, "\n".join(map(printable, lines)) + end)


def redraw(line: str) -> None:
    """Write a line in the place of the last one, on a terminal; `say` without a line goes on below it."""
    _write(sys.stdout, f"\r{printable(line)}\x1b[K")


def say_json(text: str) -> None:
    """Write one line of JSON, which has everything that is no ASCII written out already. Raises as `say` does."""
    _write(sys.stdout, text + "\n")


class Formatter(logging.Formatter):
    """A record as one line, printable; an error that nobody expected has its lines below."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: D102 - the name that logging wants
        return printable(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, D102
        return "\n".join(map(printable, super().formatException(ei).split("\n")))


class Handler(logging.StreamHandler[TextIO]):
    """Writes the log to stderr. What can't be written there is lost: nobody is left who could be told."""

    def emit(self, record: logging.LogRecord) -> None:  # noqa: D102
        try:
            _write(self.stream, self.format(record) + self.terminator)
        except (FocuscamError, OSError, ValueError):
            return
        except Exception:
            self.handleError(record)


def open_what_is_closed() -> None:
    """Give stdin, stdout and stderr something to be where the program was started without them.

    Otherwise the next file or socket that is opened would be taken for one of them, and be written to. Reading gives
    the end at once, and writing to stdout fails, as it should where there is none.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            how = os.O_WRONLY if name == "stderr" else os.O_RDONLY
            opened = os.open(os.devnull, how)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if name == "stdin" else "w", closefd=False))  # noqa: SIM115


def leave_quietly() -> None:
    """Let what could not be written be forgotten: at exit it would be tried again, with a complaint."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)


def unwritable(error: OSError) -> FocuscamError:
    """What to say where stdout takes nothing."""
    why = "it is closed" if error.errno == errno.EBADF else error.strerror or str(error)
    return FocuscamError(f"Nothing can be written to stdout ({why}): make room, or send the output elsewhere.")


@contextlib.contextmanager
def others_quiet() -> Iterator[None]:
    """Keep what libraries write to stderr from C, past Python, off it: what goes wrong arrives as an exception."""
    try:
        kept = os.dup(2)
    except OSError:  # stderr is closed
        yield
        return
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    try:
        with _beside_a_bar(stream):
            stream.write(text)
            stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(error) from None


@contextlib.contextmanager
def _beside_a_bar(stream: TextIO) -> Iterator[None]:
    """Take a progress bar off the terminal meanwhile, where there is one."""
    bars = getattr(sys.modules.get("tqdm"), "tqdm", None)
    if bars is None or not getattr(bars, "_instances", None):
        yield
        return
    with bars.external_write_mode(file=stream):
        yield
