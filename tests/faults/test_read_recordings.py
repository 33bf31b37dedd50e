"""Recordings that were changed: one sentence says what is wrong, what came before is played, and nothing hangs."""

import json
import math
import shutil
import subprocess
import sys
import time

import pytest

from focuscam.cli import main
from focuscam.region import parse

SCORED = {
    "seq": [None, -1, 1.5, "1", [], 1e999, 2**64, True],
    "frame": [None, -1, "1", 1e999, {}],
    "time": [None, "0", [], 1e999, -1e999, math.nan, 1e300, True],
    "name": [5, [], {"a": 1}, "x" * 5000, "\x1b[2J\n"],
    "score": ["0.5", [], 2, math.nan, True],
    "certainty": [None, 1e999],
    "blur": [None, [], {}, "sharp"],
    "blur_px": [-1, "1", 1e999, math.nan, []],
    "blur_error": [None, -1, "1", 1e999, True],
    "contrast": [None, -1, 1e999, 1e300, "1"],
    "region": [None, [], [0, 0, 0, 0], [0, 0, 1], [0.9, 0.9, 0.5, 0.5], ["0", 0, 1, 1], {}, 5, [1e999] * 4],
    "thumbnail": [None, 5, "zz", "00", "00" * 5000, []],
    "commands": [
        None,
        5,
        [5],
        [{}],
        [{"do": "region"}],
        [{"do": "region", "value": 5}],
        [{"do": "hold", "value": "1"}],
    ],
    "camera": [None, 5, [], {"ExposureTime": "1"}, {"ExposureTime": None}, {"ExposureTime": 1e999}],
}
FIRST = {
    "type": [None, [], "scored"],
    "format": [None, "a", 1e999, [], 2],
    "light": [None, [], {}, "red"],
    "region": [None, 5, [], {}, "nowhere", "x" * 5000],
    "hold_s": [None, -1, 1e999, "1", math.nan],
    "threshold": [None, "0.5", 5, math.nan],
    "model": [None, 5, [], {}, {"sha256": None}],
    "camera": [5, [], "x" * 5000, "\x1b[2J"],
}
PICTURE = {"seq": [None, "1", -1, 1e999, []], "crc": [None, "1", 1e999], "coarse_crc": ["1", [], 1e999]}


@pytest.fixture(scope="module")
def whole(sweep, tmp_path_factory):
    """A recording of the sweep."""
    folder = tmp_path_factory.mktemp("recorded") / "whole"
    # In a process of its own: for longer than a test nobody gives back the signals and the log as they were.
    command = [sys.executable, "-m", "focuscam", "--source", sweep, "--region", "whole", "--record", folder]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def changed(whole, tmp_path, capsys):
    """Change one field of the first line of a kind, and play it: (status, frames that were played, what was said)."""

    def change(kind, key, value):
        shutil.copytree(whole, tmp_path / "r", dirs_exist_ok=True)
        index = tmp_path / "r" / "recording.jsonl"
        lines = [json.loads(line) for line in index.read_text().splitlines()]
        line = [each for each in lines if each["type"] == kind][0 if kind == "recording" else 3]
        line[key] = value
        index.write_text("".join(json.dumps(each) + "\n" for each in lines))
        status = main(["--json", "--source", str(tmp_path / "r")])
        out, err = capsys.readouterr()
        said = err.splitlines()
        assert all(each.startswith("focuscam: ") and each.isprintable() and len(each) < 1000 for each in said), err
        return status, [json.loads(each) for each in out.splitlines()], said

    return change


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in SCORED.items() for value in values])
def test_a_frame_whose_fields_make_no_sense_ends_what_is_played(changed, key, value):
    status, frames, said = changed("scored", key, value)
    assert status == 0
    assert key == "name" or len(frames) == 3
    assert key == "name" or any("is damaged in line" in each for each in said)


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in FIRST.items() for value in values])
def test_a_beginning_that_makes_no_sense_is_no_recording(changed, key, value):
    status, frames, _ = changed("recording", key, value)
    assert (status, bool(frames)) == ((0, True) if key == "camera" else (2, False))


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in PICTURE.items() for value in values])
def test_a_picture_whose_fields_make_no_sense_ends_what_is_played(changed, key, value):
    status, frames, said = changed("picture", key, value)
    assert status == 0
    assert frames
    assert any("is damaged in line" in each for each in said)


@pytest.mark.parametrize(
    "line",
    [
        b"x" * 100_000,
        b"[" * 100_000,
        b"5",
        b"null",
        b"[]",
        b'{"type": ["scored"]}',
        b"\xff",
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_line_that_is_none_ends_what_is_played(whole, tmp_path, capsys, line):
    shutil.copytree(whole, tmp_path / "r")
    index = tmp_path / "r" / "recording.jsonl"
    lines = index.read_bytes().splitlines()
    index.write_bytes(b"\n".join([*lines[:5], line, *lines[5:]]))
    assert main(["--json", "--source", str(tmp_path / "r")]) == 0
    assert all(each.startswith("focuscam: ") for each in capsys.readouterr().err.splitlines())


def test_a_gap_of_years_is_not_waited_for(whole, tmp_path, monkeypatch, capsys):
    shutil.copytree(whole, tmp_path / "r")
    index = tmp_path / "r" / "recording.jsonl"
    lines = [json.loads(line) for line in index.read_text().splitlines()]
    for each in lines:
        if each["type"] == "scored":
            each["time"] = each["frame"] * 4e7
    index.write_text("".join(json.dumps(each) + "\n" for each in lines))
    now, slept = [0.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    assert main(["--preview", "--source", str(tmp_path / "r")]) == 0
    assert len(slept) > 10
    assert max(slept) <= 10.0


def test_a_region_that_is_no_text_is_named_shortly():
    with pytest.raises(ValueError, match="is no region") as caught:
        parse("x" * 5000)
    assert len(str(caught.value)) < 400
