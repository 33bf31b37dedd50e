"""A running daemon, recorded from outside: real processes and a real socket."""

import json
import threading
import time

import pytest

from focuscam.recorder.folder import INDEX
from focuscam.recorder.joined import _Beginning
from focuscam.recorder.script import Script

DECIDED = ("frame", "in_focus", "light", "threshold", "hint", "blur", "reason")


def lines(folder, kind):
    return [each for each in map(json.loads, (folder / INDEX).read_text().splitlines()) if each["type"] == kind]


def test_a_recorded_daemon_is_played_to_the_same_decisions_with_the_commands_of_others(live, tmp_path):
    live.start()
    folder = tmp_path / "run"

    def others():
        time.sleep(3.5)
        for do, value in (("region", "spot"), ("threshold", 0.3), ("forget", None), ("threshold", None)):
            live.ask(do, value=value)
            time.sleep(0.3)

    wishing = threading.Thread(target=others)
    wishing.start()
    status, out, err = live.run("--record", folder, stop_after=6)
    wishing.join()
    assert (status, out) == (0, ""), err
    assert "plays them" in err
    was = lines(folder, "scored")
    commands = [command["do"] for each in was[1:] for command in each["commands"]]
    assert commands == ["region", "threshold", "forget", "threshold"]
    assert was[0]["commands"][-1]["do"] == "forget", "it begins as a replay does"
    assert [each["seq"] for each in was] == list(range(was[0]["seq"], was[0]["seq"] + len(was))), "none is lost"
    assert len(lines(folder, "picture")) > 10
    status, out, err = live.run("--source", folder, "--json")
    assert status == 0, err
    played = [json.loads(line) for line in out.splitlines()]
    assert [[each[name] for name in DECIDED] for each in played] == [[each[name] for name in DECIDED] for each in was]
    assert any(each["in_focus"] for each in played)
    assert not all(each["in_focus"] for each in played)


def test_what_is_recorded_can_be_read_on_stdout_meanwhile(live, tmp_path):
    live.start()
    status, out, _ = live.run("--record", tmp_path / "run", "--json", stop_after=4)
    assert status == 0
    told = [json.loads(line) for line in out.splitlines()]
    assert [each["frame"] for each in told] == [each["frame"] for each in lines(tmp_path / "run", "scored")]
    assert {"name", "time", "score", "certainty", "in_focus", "blur", "contrast", "closeness", "hint", "led"} <= set(
        told[0]
    )


def test_a_daemon_that_goes_ends_the_recording_with_1_and_nothing_is_lost(live, tmp_path):
    live.start()
    ending = threading.Timer(4, live.stop)
    ending.start()
    status, _, err = live.run("--record", tmp_path / "run")
    ending.join()
    assert status == 1
    assert "daemon has" in err
    assert "Traceback" not in err
    assert Script(tmp_path / "run").frames > 10
    assert len(lines(tmp_path / "run", "end")) == 1


def test_a_daemon_that_takes_no_commands_is_recorded_with_a_warning(live, tmp_path):
    (live.folder / "settings.toml").write_text("[socket]\ncommands = false")
    live.start("--config", live.folder / "settings.toml")
    status, _, err = live.run("--record", tmp_path / "run", stop_after=4)
    assert status == 0
    assert "begins in the middle" in err
    assert Script(tmp_path / "run").frames > 10


def test_a_folder_with_something_in_it_is_refused(live, tmp_path):
    live.start()
    (tmp_path / "letter.txt").write_text("mine")
    status, _, err = live.run("--record", tmp_path)
    assert status == 2
    assert len(err.splitlines()) == 1


class Asked:
    """A link that only remembers what was sent."""

    def __init__(self):
        self.sent = []

    def send(self, do):
        self.sent.append(do)


def scored(time, light="off", *commands):
    return {"time": time, "light": light, "commands": [{"do": do, "value": None} for do in commands]}


def test_a_recording_does_not_begin_just_after_the_light_has_switched():
    link = Asked()
    beginning = _Beginning(link, 0.3, may_forget=True)
    at = iter(range(1000))
    while not link.sent:
        assert not beginning.reached(scored(next(at) / 30, "on"))
    now = next(at) / 30
    assert not beginning.reached(scored(now, "off")), "it switched while the wish was on its way"
    assert not beginning.reached(scored(now + 0.1, "off", "forget"))
    link.sent.clear()
    while not link.sent:
        now += 1 / 30
        assert not beginning.reached(scored(now, "off"))
    assert beginning.reached(scored(now + 1 / 30, "on", "forget"))
    assert beginning.light == "off", "what it said before"


@pytest.mark.parametrize("frames", [300])
def test_under_a_light_that_never_rests_it_begins_all_the_same(frames):
    beginning = _Beginning(Asked(), 0.3, may_forget=True)
    begun = [beginning.reached(scored(n / 5, "on" if n % 2 else "off", "forget")) for n in range(frames)]
    assert any(begun)
