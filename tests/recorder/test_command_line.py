"""Recordings as a user meets them: what is refused is one sentence and its exit status."""

import json

import pytest

from focuscam.recorder.folder import INDEX


@pytest.fixture
def recorded(live, sweep, tmp_path):
    """A recording that the command line made, and the readings that it wrote meanwhile."""
    status, out, err = live.run("--source", sweep, "--region", "whole", "--record", tmp_path / "run", "--json")
    assert status == 0, err
    return tmp_path / "run", [json.loads(line) for line in out.splitlines()]


def test_a_recording_is_played_as_it_was(live, recorded):
    folder, was = recorded
    status, out, err = live.run("--source", folder, "--json")
    assert status == 0, err
    assert [json.loads(line) for line in out.splitlines()] == was


def test_a_recording_is_a_folder_of_images_for_other_commands(live, recorded):
    status, out, _ = live.run("score", recorded[0], "--json")
    assert status == 0
    assert len(out.splitlines()) == 21


def test_a_recording_can_be_recorded_again(live, recorded, tmp_path):
    status, out, err = live.run("--source", recorded[0], "--record", tmp_path / "again", "--json")
    assert status == 0, err
    assert [json.loads(line) for line in out.splitlines()] == recorded[1]
    status, out, _ = live.run("--source", tmp_path / "again", "--json")
    assert [json.loads(line) for line in out.splitlines()] == recorded[1]


def newer(folder):
    first, *rest = (folder / INDEX).read_text().splitlines(keepends=True)
    (folder / INDEX).write_text(json.dumps(json.loads(first) | {"format": 9}) + "\n" + "".join(rest))


@pytest.mark.parametrize(
    ("harm", "arguments", "said"),
    [
        (newer, [], "newer focuscam"),
        (lambda folder: (folder / INDEX).write_text("hello\n"), [], "does not begin as a recording"),
        (lambda folder: (folder / INDEX).write_text(""), [], "does not begin as a recording"),
        (lambda folder: None, ["--fps", "10"], "times of their own"),
    ],
)
def test_what_can_not_be_played_is_a_sentence(live, recorded, harm, arguments, said):
    harm(recorded[0])
    status, out, err = live.run("--source", recorded[0], "--json", *arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_recording_in_place_of_another_is_refused_and_the_first_stays(live, recorded, sweep):
    before = (recorded[0] / INDEX).read_bytes()
    status, _, err = live.run("--source", sweep, "--record", recorded[0])
    assert status == 2
    assert "name a new folder" in err
    assert (recorded[0] / INDEX).read_bytes() == before


def test_where_there_is_no_camera_nothing_is_left_behind(live, tmp_path):
    (live.folder / "no-light.toml").write_text('[led]\npin = "none"')
    status, _, err = live.run(
        "--config", live.folder / "no-light.toml", "--source", "picamera", "--record", tmp_path / "run"
    )
    assert status == 69, err
    assert not (tmp_path / "run").exists()
