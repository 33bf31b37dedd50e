"""What is written for people: one line stays one line, steers no terminal, and never ends the program."""

import ast
import io
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import focuscam
from focuscam.errors import FocuscamError
from focuscam.system.saying import Formatter, Handler, printable, redraw, say


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Möwe 1.jpg", "Möwe 1.jpg"),
        ("a\x1b[31mred", r"a\x1b[31mred"),
        ("two\nlines\r", r"two\nlines\r"),
        ("a\udcff.jpg", r"a\xff.jpg"),
        ("gpj\u202e.exe", r"gpj\u202e.exe"),
        ("\x9b2J", r"\x9b2J"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_is_no_letter_is_written_out(name, shown):
    assert printable(name) == shown


@given(st.text(st.characters()))
def test_whatever_a_text_holds_it_is_one_printable_line(text):
    assert printable(text).isprintable()


def written(encoding, *lines):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    say(*lines, to=stream)
    return raw.getvalue()


def test_a_terminal_with_ascii_only_gets_our_signs_in_its_own_way():
    assert written("ascii", "2.0 ± 0.1 px × f-number", "Möwe") == b"2.0 +/- 0.1 px x f-number\nM\\xf6we\n"


def test_lines_of_their_own_are_lines():
    assert written("utf-8", "a", "", "b\n") == b"a\n\nb\\n\n"


class Full(io.TextIOBase):
    encoding = "utf-8"

    def write(self, text):
        raise OSError(28, "No space left on device")


def test_a_stdout_that_takes_nothing_is_one_sentence():
    with pytest.raises(FocuscamError, match=r"Nothing can be written to stdout \(No space left on device\)") as caught:
        say("a", to=Full())
    assert caught.value.status == 1


def test_a_log_that_takes_nothing_is_no_reason_to_end(capsys):
    log = logging.Logger("alone")
    log.addHandler(Handler(Full()))
    log.error("nobody hears this")
    assert capsys.readouterr().err == ""


def test_the_log_keeps_one_line_a_record_and_an_error_its_lines(capsys):
    stream = io.StringIO()
    log, handler = logging.Logger("alone"), Handler(stream)
    handler.setFormatter(Formatter("focuscam: %(message)s"))
    log.addHandler(handler)
    log.error("%s is damaged", "a\n\x1b[2J")
    try:
        raise ValueError("b\x1b[2J")
    except ValueError:
        log.exception("Going on")
    lines = stream.getvalue().splitlines()
    assert lines[0] == r"focuscam: a\n\x1b[2J is damaged"
    assert lines[1:3] == ["focuscam: Going on", "Traceback (most recent call last):"]
    assert lines[-1] == r"ValueError: b\x1b[2J"


def test_a_line_in_place_of_the_last_one_moves_the_cursor_by_our_codes_alone(capsys):
    redraw("a\r\x1b[9Ab")
    assert capsys.readouterr().out == "\ra\\r\\x1b[9Ab\x1b[K"


def test_what_turns_the_light_off_writes_one_line_too(capsys, monkeypatch):
    from focuscam import lights_out

    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    lights_out.say("GPIO 17 could not be turned off: a\n\x1b[2J.")
    assert capsys.readouterr().err == "focuscam: GPIO 17 could not be turned off: a\\n\\x1b[2J.\n"


SPEAKERS = {
    "system/saying.py": "all of it",
    "lights_out.py": "imports nothing that it can do without; its sentence is made printable there",
    "tui/terminal.py": "the full screen, whose cells are made printable one by one",
    "tui/interrupts.py": "what was held back while the full screen was shown",
}
"""Where a stream of the process may be touched at all, and why."""


def writes(tree):
    """The lines that could write to a terminal past `focuscam.system.saying`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in ("print", "tqdm.write", "os.write") or called.endswith(
            ("stdout.write", "stderr.write", "logging.StreamHandler", "logging.Formatter", "stdout.flush")
        ):
            yield node.lineno, called


def test_nothing_else_writes_to_a_terminal():
    package = Path(focuscam.__file__).parent
    found = [
        f"{path.relative_to(package)}:{line} {called}"
        for path in package.rglob("*.py")
        if str(path.relative_to(package)) not in SPEAKERS
        for line, called in writes(ast.parse(path.read_text(encoding="utf-8")))
    ]
    # A recording writes its own file by its descriptor, and the light tells its guard through a pipe.
    assert [each for each in found if not each.startswith(("recorder/folder.py", "indicators/guard.py"))] == []
