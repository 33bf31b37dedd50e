"""Ten recordings that were made before the loop was rebuilt come to the same decisions, frame by frame."""

import gzip
import json
from pathlib import Path

import pytest

from focuscam.cli import main

RUNS = sorted((Path(__file__).parent / "runs").glob("*.jsonl.gz"))

DECIDED = (
    "frame", "time", "name", "region_name", "region", "score", "certainty", "blur", "blur_px", "blur_error", "contrast",
    "reason", "thumbnail", "threshold", "in_focus", "light", "phase", "hint", "camera",
)  # fmt: skip
"""All of a scored frame but its number in the recording, the commands, and the level of an LED that blinks by the clock
where the camera was live."""
COUNTED = {"closeness": 1e-9, "best": 1e-9, "rested": 1e-6, "top": 1e-9}
"""Sums over the frames before, which a daemon began earlier than its recording: alike but for the last bits, or for
what a clock is off that did not count in ticks then."""
ROUNDED = ("score", "certainty", "blur_px", "blur_error", "time")
AS_THEY_ARE = ("frame", "in_focus", "blur", "phase", "hint", "light", "reason", "threshold")
BY_A_HAIR = {"joined-other-model": {472}, "joined-stills": {91, 102, 149}}
"""Frames at which the last bits of a clock that did not count in ticks decided whether the light might switch or had to
wait for one frame more."""
SWITCHED = {"light", "in_focus", "hint", "phase"}
DECIDING = ("region", "threshold", "hold", "forget")


@pytest.fixture(params=RUNS, ids=lambda file: file.name.removesuffix(".jsonl.gz"))
def run(request, tmp_path):
    """A recording as a folder, its scored frames, and which of them were decided by a hair."""
    folder = tmp_path / "run"
    folder.mkdir()
    text = gzip.decompress(request.param.read_bytes()).decode()
    (folder / "recording.jsonl").write_text(text)
    return folder, scored(text), BY_A_HAIR.get(request.param.name.removesuffix(".jsonl.gz"), set())


def scored(text):
    return [each for each in map(json.loads, text.splitlines()) if each["type"] == "scored"]


def test_there_are_ten_of_them():
    assert len(RUNS) == 10


def test_it_is_played_to_the_same_decisions_and_commands(run, tmp_path):
    folder, was, by_a_hair = run
    assert main(["--source", str(folder), "--record", str(tmp_path / "again")]) == 0
    again = scored((tmp_path / "again" / "recording.jsonl").read_text())
    assert len(again) == len(was)
    for before, now in zip(was, again, strict=True):
        differ = {name for name in DECIDED if now[name] != before[name]}
        assert differ <= (SWITCHED if before["frame"] in by_a_hair else set()), before["frame"]
        assert now["scene"] - again[0]["scene"] == before["scene"] - was[0]["scene"]
        for name, off in COUNTED.items():
            assert now[name] == (None if before[name] is None else pytest.approx(before[name], rel=off)), name
        assert now["commands"] == [each for each in before["commands"] if each["do"] in DECIDING]


def test_json_tells_of_it_what_was_recorded(run, capsys):
    folder, was, by_a_hair = run
    assert main(["--source", str(folder), "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(told) == len(was)
    for before, now in zip(was, told, strict=True):
        differ = {name for name in AS_THEY_ARE if now[name] != before[name]}
        assert differ <= (SWITCHED if before["frame"] in by_a_hair else set()), before["frame"]
        for name in ROUNDED:
            assert now[name] == (None if before[name] is None else round(before[name], 4)), name
