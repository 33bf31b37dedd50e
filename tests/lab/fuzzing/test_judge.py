import os
import sys
from pathlib import Path

import pytest

from lab.fuzzing.judge import Case, Outcome, faults, run


def ended(status=0, seconds=0.1, mib=60, out=b"", err=b""):
    return Outcome(status, seconds, mib, out, err)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (ended(), ""),
        (ended(2, err=b"focuscam: a does not exist: check the path.\n"), ""),
        (ended(1, out=b"       failed    a.jpg: a.jpg is damaged\n"), ""),
        (ended(78, err=b"focuscam: a.toml: is not TOML.\n"), "its status is 78"),
        (ended(-9, err=b""), "its status is -9"),
        (ended(2), "it failed without a word"),
        (ended(seconds=31), "it took 31 s"),
        (ended(mib=1100), "it took 1100 MiB"),
        (ended(1, err=b"Traceback (most recent call last):\n"), "it wrote 'Traceback"),
        (ended(1, err=b"focuscam: \x1b[2J is damaged\n"), "it wrote"),
        (ended(1, err=b"focuscam: " + b"x" * 5000), "a line of 5010 characters"),
        (ended(out=b"a\x1b[2J\n"), "it printed"),
        (ended(err=b"libpng error: bad\n"), "it wrote 'libpng"),
    ],
)
def test_what_is_not_as_it_should_be_is_named(outcome, words):
    found = "; ".join(faults(Case(statuses=frozenset({0, 1, 2})), outcome))
    assert words in found
    assert bool(found) == bool(words)


def test_lines_that_are_no_json_are_named_where_they_should_be():
    assert faults(Case(as_json=True), ended(out=b'{"a": 1}\n')) == []
    assert "no JSON" in faults(Case(as_json=True), ended(out=b"a\n"))[0]


def test_a_case_runs_in_a_process_of_its_own(tmp_path):
    def program():
        print(Path.cwd().name, os.environ["MARK"])
        print("said", file=sys.stderr)
        raise KeyError("own")

    outcome = run(Case(program=program, environment={"MARK": "here"}), tmp_path)
    assert outcome.out.decode() == f"{tmp_path.name} here\n"
    assert outcome.err.startswith(b"said\nTraceback")
    assert outcome.status == 70
    assert "MARK" not in os.environ
