"""What was recorded comes out the same when it is played."""

import dataclasses
import json
import os
import shutil

import cv2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from focuscam.commands import Forget, Keep, Reload, SetRegion, SetThreshold, Toggle, Zoom
from focuscam.config import Settings
from focuscam.errors import UsageError
from focuscam.focus.model import FocusModel
from focuscam.focus.runtime import installed
from focuscam.messages import Light
from focuscam.recorder.folder import INDEX
from focuscam.recorder.replay import Replay
from focuscam.recorder.script import Script
from focuscam.region import parse

REGIONS = st.sampled_from(["spot", "whole", "best", "0.1,0.2,0.35,0.4", "0.123456789,0.3,0.333333333,0.3"])
COMMANDS = st.one_of(
    st.builds(SetRegion, REGIONS.map(parse)),
    st.builds(SetThreshold, st.none() | st.floats(0, 1)),
    st.builds(Zoom, st.sampled_from([1.0, 1.5, 2.0, 4.0])),
    st.sampled_from([Forget(), Reload(), Toggle("lock"), Toggle("mute"), Keep()]),
)
FRAMES = st.lists(st.tuples(st.integers(0, 5), st.lists(COMMANDS, max_size=2)), min_size=1, max_size=25)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    frames=FRAMES,
    begun_with=st.tuples(REGIONS, st.floats(0, 1), st.floats(0, 2)),
    reread=st.tuples(REGIONS, st.floats(0, 1), st.floats(0, 2)),
    own_coarse=st.booleans(),
    fps=st.sampled_from([5.0, 30.0]),
)
def test_recording_and_playing_changes_no_decision(
    record, play, pictures, tmp_path_factory, frames, begun_with, reread, own_coarse, fps
):
    folder = tmp_path_factory.mktemp("runs") / "run"
    before, after = (
        Settings().with_changes("test", focus=dict(zip(("region", "threshold", "hold_s"), each, strict=True)))
        for each in (begun_with, reread)
    )
    script = [(pictures[picture], commands) for picture, commands in frames]
    seen = record(folder, script, before, lambda: after, own_coarse=own_coarse, fps=fps)
    assert len(seen) == len(frames)
    assert play(folder) == seen
    shutil.rmtree(folder)


@pytest.fixture
def run(record, turn_of, tmp_path):
    """A recorded turn, and what was decided."""
    folder = tmp_path / "run"
    script = turn_of()
    script[6] = (script[6][0], [SetRegion(parse("whole")), SetThreshold(0.3)])
    return folder, record(folder, script)


def lines(folder):
    return [json.loads(line) for line in (folder / INDEX).read_text().splitlines()]


def test_one_of_before_which_kept_no_blur_in_pixels_is_still_read(run):
    index = run[0] / "recording.jsonl"
    lines = [json.loads(line) for line in index.read_text().splitlines()]
    for fields in lines:
        fields.pop("blur_px", None), fields.pop("blur_error", None)
    index.write_text("".join(json.dumps(fields) + "\n" for fields in lines))
    scored = list(Script(run[0]))
    assert scored
    assert all((each.reading.blur_px, each.reading.blur_error) == (None, 1.0) for each in scored)


def test_its_pictures_are_ordinary_ones_and_lose_nothing(run, turn_of):
    folder, _ = run
    for number, (picture, _) in enumerate(turn_of()):
        assert (cv2.imread(str(folder / f"{number:06d}.png"), cv2.IMREAD_UNCHANGED) == picture).all()


def test_a_coarse_luma_that_the_camera_made_is_kept_and_one_that_follows_is_not(record, run, turn_of, tmp_path):
    assert not (run[0] / "coarse").exists()
    record(tmp_path / "other", turn_of(1), own_coarse=True)
    assert len(list((tmp_path / "other/coarse").iterdir())) == 9


def test_it_says_by_what_it_was_made_and_what_the_camera_was_set_to(run, model):
    first, *scored, last = lines(run[0])
    assert first["model"]["sha256"] == model.sha256
    assert first["region"] == "spot"
    assert scored[0]["camera"] == {"ExposureTime": 10_000.0, "AnalogueGain": 2.0}
    commands = [each["commands"] for each in scored if each["type"] == "scored"]
    assert commands[6] == [{"do": "region", "value": "whole"}, {"do": "threshold", "value": 0.3}]
    assert last == {"type": "end", "frames": 18, "why": "the source ended"}


def test_other_settings_of_the_machine_do_not_matter(run):
    other = Settings().with_changes("other", focus={"region": "best", "threshold": 0.9, "hold_s": 5.0})
    made = Replay(run[0]).settings(other)
    assert (made.focus.region.name, made.focus.threshold, made.focus.hold_s) == ("spot", None, 0.3)


def test_another_region_can_be_asked_for(run, play):
    folder, seen = run
    again = play(folder, region_too=False)
    assert [each[3] for each in again] == [(0.375, 0.375, 0.25, 0.25)] * len(seen)


def test_another_region_of_no_pictures_can_not_be(run):
    lines = [line for line in (run[0] / INDEX).read_text().splitlines() if '"picture"' not in line]
    (run[0] / INDEX).write_text("\n".join(lines) + "\n")
    assert Replay(run[0]).script.frames == 18, "but readings alone can be played"
    with pytest.raises(UsageError, match="leave out --region"):
        Replay(run[0], region_too=False)


@pytest.mark.parametrize("harm", ["gone", "another", "cut", "no picture", "a pipe"])
def test_a_picture_that_is_missing_or_changed_is_told_and_the_decision_stays(run, play, caplog, harm):
    folder, seen = run
    file = folder / "000008.png"
    match harm:
        case "gone":
            file.unlink()
        case "another":
            shutil.copy(folder / "000000.png", file)
        case "cut":
            file.write_bytes(file.read_bytes()[:2000])
        case "no picture":
            file.write_text("nothing")
        case "a pipe":
            file.unlink()
            os.mkfifo(file)
    assert play(folder) == seen
    [told] = caplog.messages[:1]
    assert "000008.png" in told
    assert "stands for it" in told


def test_a_picture_stored_anew_without_loss_is_still_the_same(run, play, caplog):
    folder, seen = run
    file = str(folder / "000008.png")
    cv2.imwrite(file, cv2.imread(file, cv2.IMREAD_UNCHANGED), [cv2.IMWRITE_PNG_COMPRESSION, 9])
    assert play(folder) == seen
    assert "changed" not in caplog.text


@pytest.mark.parametrize("end", [-2, -40, -2000])
def test_one_that_was_cut_off_is_played_as_far_as_it_goes(run, play, caplog, end):
    folder, seen = run
    index = folder / INDEX
    index.write_bytes(index.read_bytes()[:end])
    again = play(folder)
    assert len(again) >= len(seen) - 3
    assert again == seen[: len(again)]
    assert "cut off" in caplog.text


def test_one_of_before_that_tells_no_phase_and_no_blur_is_played_to_its_end(run, play):
    folder, seen = run
    first, *lines = (folder / INDEX).read_text().splitlines()
    new = ("phase", "scene", "rested", "top", "blur_px", "blur_error")
    old = [{name: value for name, value in json.loads(line).items() if name not in new} for line in lines]
    (folder / INDEX).write_text("\n".join([first, *map(json.dumps, old)]) + "\n")
    assert play(folder) == seen


def test_where_a_picture_is_missing_the_blur_that_was_recorded_counts(run):
    folder, _ = run
    kept = [json.loads(line) for line in (folder / INDEX).read_text().splitlines()]
    told = [(each["blur_px"], each["blur_error"]) for each in kept if each["type"] == "scored"]
    assert [(each.reading.blur_px, each.reading.blur_error) for each in Script(folder)] == told
    assert any(blur is not None for blur, _ in told)


def test_a_damaged_line_ends_it_with_its_number(run, play, caplog):
    folder, seen = run
    text = (folder / INDEX).read_text().splitlines(keepends=True)
    text[21] = text[21].replace("seq", "sea")
    (folder / INDEX).write_text("".join(text))
    assert play(folder) == seen[:10]
    assert "damaged in line 22" in caplog.text


def changed(folder, **fields):
    first, *rest = (folder / INDEX).read_text().splitlines(keepends=True)
    (folder / INDEX).write_text(json.dumps(json.loads(first) | fields) + "\n" + "".join(rest))


def test_one_of_a_newer_version_is_refused_with_its_version(run):
    changed(run[0], format=2, focuscam="0.9.0")
    with pytest.raises(UsageError, match=r"newer focuscam \(0\.9\.0\)"):
        Replay(run[0])


@pytest.mark.parametrize(
    "fields",
    [{"format": "x"}, {"type": "y"}, {"region": "nowhere"}, {"hold_s": None}, {"light": "blue"}, {"model": 3}],
)
def test_what_does_not_begin_as_a_recording_is_none(run, fields):
    changed(run[0], **fields)
    with pytest.raises(UsageError, match="does not begin as a recording"):
        Replay(run[0])


def test_one_without_a_frame_is_refused(run):
    first = (run[0] / INDEX).read_text().splitlines(keepends=True)[0]
    (run[0] / INDEX).write_text(first)
    with pytest.raises(UsageError, match="has no frame"):
        Replay(run[0])


def test_another_model_is_told(run, play, caplog):
    changed(run[0], model={"sha256": "0" * 64, "threshold": 0.45})
    play(run[0])
    assert "another model" in caplog.text


def test_frames_that_are_lacking_are_told(run, caplog):
    text = (run[0] / INDEX).read_text().splitlines(keepends=True)
    del text[11:15]
    (run[0] / INDEX).write_text("".join(text))
    Replay(run[0])
    assert "lacks 2 frames" in caplog.text


@pytest.mark.parametrize("do", ["shutdown", "zoom", "release", "something new"])
def test_commands_that_act_on_the_machine_are_not_given_again(run, do):
    command = json.dumps({"do": do, "value": None})
    text = (run[0] / INDEX).read_text().replace('"commands": []', f'"commands": [{command}]')
    (run[0] / INDEX).write_text(text)
    assert {command.do for each in Replay(run[0]).script for command in each.commands} == {"region", "threshold"}


def test_it_begins_with_the_light_that_there_was(run):
    changed(run[0], light="on")
    assert Replay(run[0]).script.light is Light.ON


def test_no_file_outside_of_the_folder_is_read(run, tmp_path, play):
    shutil.copy(run[0] / "000000.png", tmp_path / "secret.png")
    text = (run[0] / INDEX).read_text().replace('"file": "000003.png"', '"file": "../secret.png"')
    (run[0] / INDEX).write_text(text)
    assert play(run[0]) == run[1]


def test_settings_stay_those_of_the_machine_where_they_decide_nothing(run):
    own = Settings().with_changes("own", led={"pin": 22})
    made = Replay(run[0]).settings(own)
    assert made.led == own.led
    assert dataclasses.replace(made.focus, region=parse("spot"), threshold=None, hold_s=0.3) == Settings().focus


@pytest.mark.skipif(len(installed()) < 2, reason="only one of the two runtimes is here")
@pytest.mark.parametrize("recorded_on", installed())
def test_on_the_other_runtime_the_decisions_are_the_same(record, play, model, turn_of, tmp_path, recorded_on):
    [other] = [name for name in installed() if name != recorded_on]
    there_and_back = [*turn_of(8), *turn_of(8)]  # the light waits until the top was passed
    seen = record(tmp_path / "run", there_and_back, using=FocusModel(runtime=recorded_on))
    again = play(tmp_path / "run", using=FocusModel(runtime=other))
    decisions = slice(11, 13)  # in_focus, light
    assert [each[decisions] for each in again] == [each[decisions] for each in seen]
    assert {each[11] for each in seen} == {True, False}
    for one, two in zip(seen, again, strict=True):
        # Outputs of the network differ by up to 3 steps of 255 between runtimes.
        assert one[4] == pytest.approx(two[4], abs=0.03)
        assert one[7] == two[7], "the contrast is no network's"
