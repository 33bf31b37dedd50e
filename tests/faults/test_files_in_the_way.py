"""What others put in the way of a real process: it says so in a sentence, and never waits for it."""

import os
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from focuscam.daemon.keeper import PAUSE_S
from focuscam.focus.model import SHIPPED
from focuscam.ipc.client import join

TROUBLED = textwrap.dedent("""
    import os, threading, time
    real_time, real_start = time.time, threading.Thread.start
    time.time = lambda: real_time() + float(os.environ.get("CLOCK_OFF", 0))
    def start(thread):
        if thread.name == "stills" and os.path.exists(os.environ.get("NO_THREADS", "")):
            raise RuntimeError("can't start new thread")
        real_start(thread)
    threading.Thread.start = start
""")
"""A system whose clock is wrong, and that gives no thread while there is a certain file."""


def focuscam(*arguments, **environment):
    """Run it to its end; what it says on stderr, its exit status. One that waits for ever fails the test."""
    done = subprocess.run(
        [sys.executable, "-m", "focuscam", *map(str, arguments)],
        env=os.environ | {"GPIOZERO_PIN_FACTORY": "mock", **environment},
        capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.stderr, done.returncode


def settings(folder):
    os.mkfifo(folder / "focuscam.toml")
    return ["--config", folder / "focuscam.toml", "--json"]


def model(folder, suffix=".tflite"):
    for each in (".tflite", ".json"):
        if each == suffix:
            os.mkfifo(folder / f"focus{each}")
        else:
            (folder / f"focus{each}").write_bytes(SHIPPED.with_suffix(each).read_bytes())
    (folder / "focuscam.toml").write_text(f"[focus]\nmodel = '{folder}/focus.tflite'\n")
    return ["--config", folder / "focuscam.toml", "--json"]


def card(folder):
    return model(folder, ".json")


def recording(folder):
    os.mkfifo(folder / "recording.jsonl")
    return ["--source", folder, "--json"]


@pytest.mark.parametrize(
    ("place", "said", "status"),
    [
        (settings, "cannot be read (it is a pipe, not a file)", 78),
        (model, "cannot be read (it is a pipe, not a file)", 78),
        (card, "cannot be read (it is a pipe, not a file)", 78),
        (recording, "has no image", 2),
    ],
)
def test_a_pipe_in_place_of_a_file_is_told_and_not_waited_for(tmp_path, place, said, status):
    err, code = focuscam(*place(tmp_path))
    assert said in err
    assert code == status


@pytest.fixture
def troubled(live, tmp_path):
    """A daemon with a state directory, stills of its own in it, and a system that is not well."""
    (tmp_path / "sitecustomize.py").write_text(TROUBLED)
    state = tmp_path / "state"
    state.mkdir()
    live.environment |= {"STATE_DIRECTORY": str(state), "PYTHONPATH": str(tmp_path)}
    live.state = state
    return live


def stills_of(daemon):
    return daemon.ask("status")["stills"]


def asked_for(daemon):
    """What came of a still that is asked for."""
    before = stills_of(daemon)["asked"]
    assert daemon.ask("capture")["ok"]
    end = time.monotonic() + 60
    while stills_of(daemon)["asked"] == before:
        assert time.monotonic() < end, "no word of it; does the daemon live?"
        time.sleep(0.05)
    return stills_of(daemon)


def test_a_daemon_takes_its_stills_whatever_lies_in_their_folder_and_whatever_the_clock_says(troubled, tmp_path):
    stills = troubled.state / "stills"
    stills.mkdir()
    os.mkfifo(stills / ".writing-focuscam-x")
    for name in ("99999999T999999Z-9999", "99991231T235959Z-9999", "20260230T000000Z-9999"):
        (stills / f"focuscam-{name}.jpg").write_bytes(b"")
    (stills / "focuscam-20990101T000000Z-0000.jpg").symlink_to("focuscam-20990101T000000Z-0000.jpg")
    (troubled.state / "settings.toml").write_text("[focus\n")
    short = tmp_path / "no-threads"
    short.touch()
    troubled.environment |= {"NO_THREADS": str(short), "CLOCK_OFF": str((12_000 - 2026) * 31_556_952)}
    troubled.start()
    assert (troubled.state / "settings.toml.unreadable").read_text() == "[focus\n"
    assert "gives no more threads" in asked_for(troubled)["why"]
    assert "gives no more threads" in asked_for(troubled)["why"]
    short.unlink()
    files = [Path(asked_for(troubled)["file"]) for _ in range(3)]
    assert len(set(files)) == 3
    assert all(file.read_bytes().startswith(b"\xff\xd8") for file in files)
    assert (stills / ".writing-focuscam-x").is_fifo()


def test_whoever_floods_a_daemon_with_keep_does_not_wear_out_its_card_nor_fill_its_log(troubled):
    troubled.start()
    own = troubled.state / "settings.toml"
    written, said = set(), []
    threading.Thread(target=lambda: said.extend(troubled.process.stderr), daemon=True).start()
    began = time.monotonic()
    with join([troubled.socket]) as link:
        for count in range(1000):
            link.send("threshold", value=count / 1000)
            link.send("keep")
            if count % 20 == 0:
                link.receive(0.1)
            if own.exists():
                written.add(own.stat().st_ino)
        for do, value in (("threshold", 0.999), ("keep", None)):
            while not link.ask(do, value=value)["ok"]:  # too many wait for the next frame
                time.sleep(0.05)
        frame = link.ask("status")["frame"]
        while link.ask("status")["frame"] < frame + 2:
            time.sleep(0.05)
        took = time.monotonic() - began
    troubled.process.terminate()
    troubled.process.wait(60)
    assert 1 <= len(written) <= took / PAUSE_S + 2
    assert sum("Kept in" in line for line in said) <= took / PAUSE_S + 3
    assert "threshold = 0.999" in own.read_text(), "the last word is the one that holds"


def test_a_daemon_at_whose_socket_many_knock_is_not_taken_for_none(live):
    live.start()
    knocking = """
    import socket, sys, time
    while True:
        with socket.socket(socket.AF_UNIX) as knock:
            knock.settimeout(1)
            try:
                knock.connect(sys.argv[1])
            except OSError:
                time.sleep(0.0005)
    """
    command = [sys.executable, "-c", textwrap.dedent(knocking), str(live.socket)]
    others = [subprocess.Popen(command) for _ in range(3)]
    try:
        for _ in range(3):
            status, out, err = live.run("status", seconds=120)
            assert "not running" not in err
            assert status == 0, err
            assert "light" in out
    finally:
        for other in others:
            other.kill()
            other.wait()
