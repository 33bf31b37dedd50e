"""What is said to somebody who does not know what to type."""

import argparse

import pytest

from focuscam.cli import COMMANDS, main
from focuscam.cli.arguments import OVERVIEW, parser
from focuscam.errors import UsageError


def test_the_overview_fits_a_screen_and_leaves_a_line_for_the_prompt(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 23
    assert max(map(len, lines)) <= 80


def test_the_overview_names_every_command_and_option():
    names = [f"focuscam {name}".strip() for name in COMMANDS]
    names += [name for action in parser(COMMANDS)._actions for name in action.option_strings if name != "-h"]
    assert [name for name in names if name not in f"{OVERVIEW} --help"] == []


@pytest.mark.parametrize("name", [name for name in COMMANDS if name])
def test_the_help_of_a_command_says_what_it_is_for_and_has_an_example_that_can_be_typed(name, capsys):
    with pytest.raises(SystemExit):
        main([name, "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    example = shown.partition("For example: ")[2]
    assert f"focuscam {name}" in example
    words = example.replace("cp $(", "").replace(") .", "").partition(" && ")[0].split()[1:]
    options = parser(COMMANDS).parse_args(words)
    assert options.run is COMMANDS[name]
    assert shown.startswith(f"usage: focuscam {name}")


def test_every_option_has_a_line_of_help():
    for action in parser(COMMANDS)._actions:
        if not isinstance(action, argparse._SubParsersAction):
            assert action.help


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90.0), ("10m", 600.0), ("1.5h", 5400.0), ("20", 20.0)])
def test_a_time_is_seconds_minutes_or_hours(text, seconds):
    assert parser(COMMANDS).parse_args(["release", "--for", text]).seconds == seconds


@pytest.mark.parametrize("text", ["0s", "8000h", "m", "ten", "-5", ""])
def test_a_time_that_is_none_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match=r"such as 90s, 10m or 2h"):
        parser(COMMANDS).parse_args(["release", f"--for={text}"])


def test_a_way_to_show_pictures_is_one_of_those_that_there_are():
    assert parser(COMMANDS).parse_args(["--picture", "sixel"]).picture == "sixel"
    assert parser(COMMANDS).parse_args(["--picture", "auto"]).picture is None
    with pytest.raises(UsageError, match=r"one of auto, kitty, .*, none is wanted"):
        parser(COMMANDS).parse_args(["--picture", "oil"])


@pytest.mark.parametrize("text", ["0", "1001", "many", "nan"])
def test_a_rate_that_no_file_can_have_is_refused(text):
    with pytest.raises(UsageError, match=r"--fps"):
        parser(COMMANDS).parse_args(["--fps", text])
