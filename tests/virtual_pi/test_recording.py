"""What the service saw, through the real picamera2, comes out the same when it is played."""

import json

DECIDED = ("frame", "in_focus", "light", "threshold", "hint", "blur", "reason")


def scored(text):
    """What was decided at each frame of a recording.jsonl."""
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[0]["camera"] == "imx477 1296x972"
    assert lines[-1]["type"] == "end"
    frames = [each for each in lines if each["type"] == "scored"]
    assert [each["seq"] for each in frames] == list(range(frames[0]["seq"], frames[0]["seq"] + len(frames)))
    return [[each[name] for name in DECIDED] for each in frames]


def played(text):
    return [[each[name] for name in DECIDED] for each in map(json.loads, text.splitlines())]


def test_the_service_is_recorded_by_its_user_and_played_to_the_same_decisions(pi):
    pi.run("rm -rf run; timeout --preserve-status -s INT 10 focuscam --record run", user="ada")
    was = scored(pi.run("cat run/recording.jsonl", user="ada"))
    assert len(was) > 100
    assert {each[1] for each in was} == {True, False}
    assert played(pi.run("focuscam --source run --json 2>/dev/null", user="ada")) == was
    assert pi.service("ActiveState") == "active"
    pi.run("rm -r run", user="ada")


def test_a_loop_of_its_own_is_recorded_frame_by_frame(pi):
    pi.run("systemctl stop focuscam; rm -rf /tmp/own")
    pi.run(pi.as_the_service("--source picamera --record own & sleep 9; kill -TERM $!; wait $!"))
    was = scored(pi.run("cat /tmp/own/recording.jsonl"))
    assert len(was) > 20
    pictures = pi.run("ls /tmp/own/*.png").split()
    assert len(pictures) == len(was), "every frame has its picture"
    assert played(pi.run("focuscam --source /tmp/own --json 2>/dev/null")) == was
    pi.run("rm -r /tmp/own")
