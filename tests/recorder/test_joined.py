"""A running daemon, recorded from outside: real processes and a real socket."""

import json
import threading
import time

import pytest

from focuscam.recorder.folder import INDEX
from focuscam.recorder.script import Script
from focuscam.recorder.source import Beginning

DECIDED = ("frame", "in_focus", "light", "threshold", "hint", "blur", "reason")


def lines(folder, kind):
    """What is written so far; the last line may be half of one."""
    index = folder / INDEX
    whole = index.read_text().rpartition("\n")[0].splitlines() if index.exists() else []
    return [each for each in map(json.loads, whole) if each["type"] == kind]


def has(folder, kind, count):
    return lambda: len(lines(folder, kind)) > count


def test_a_recorded_daemon_is_played_to_the_same_decisions_with_the_commands_of_others(live, tmp_path):
    live.start()
    folder = tmp_path / "run"
    wishes = iter([("region", "spot"), ("threshold", 0.3), ("forget", None), ("threshold", None)])

    def seen_enough():
        """Once it records the others wish; then it goes on until both lights and some pictures were seen."""
        if not has(folder, "picture", 3)():
            return False
        wish = next(wishes, None)
        if wish is not None:
            live.ask(wish[0], value=wish[1])
            return False
        seen = {each["in_focus"] for each in lines(folder, "scored")}
        return seen == {True, False} and has(folder, "picture", 10)()

    status, out, err = live.run("--record", folder, stop_when=seen_enough)
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
    folder = tmp_path / "run"
    status, out, _ = live.run("--record", folder, "--json", stop_when=has(folder, "scored", 30))
    assert status == 0
    told = [json.loads(line) for line in out.splitlines()]
    assert [each["frame"] for each in told] == [each["frame"] for each in lines(folder, "scored")]
    assert {"name", "time", "score", "certainty", "in_focus", "blur", "contrast", "closeness", "hint", "led"} <= set(
        told[0]
    )


def test_a_daemon_that_goes_ends_the_recording_with_1_and_nothing_is_lost(live, tmp_path):
    live.start()
    ended = threading.Event()

    def end_the_daemon():
        while not has(tmp_path / "run", "picture", 10)():
            time.sleep(0.1)
        live.stop()
        ended.set()

    threading.Thread(target=end_the_daemon, daemon=True).start()
    status, _, err = live.run("--record", tmp_path / "run")
    assert ended.wait(10)
    assert status == 1
    assert "daemon has" in err
    assert "Traceback" not in err
    assert Script(tmp_path / "run").frames > 10
    assert len(lines(tmp_path / "run", "end")) == 1


def test_a_daemon_that_takes_no_commands_is_recorded_with_a_warning(live, tmp_path):
    (live.folder / "settings.toml").write_text("[socket]\ncommands = false")
    live.start("--config", live.folder / "settings.toml")
    status, _, err = live.run("--record", tmp_path / "run", stop_when=has(tmp_path / "run", "picture", 10))
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
    beginning = Beginning(link, 0.3, may_forget=True)
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
    beginning = Beginning(Asked(), 0.3, may_forget=True)
    begun = [beginning.reached(scored(n / 5, "on" if n % 2 else "off", "forget")) for n in range(frames)]
    assert any(begun)
