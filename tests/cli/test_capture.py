"""`focuscam capture`, with files of our own and through a daemon; and what becomes of stills in the loop."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from focuscam.cameras import grey
from focuscam.capture import Capture, Store
from focuscam.capture import store as room
from focuscam.cli import main
from focuscam.commands import TakeStill
from focuscam.config import Settings
from focuscam.daemon.loop import Loop
from focuscam.daemon.notices import Notices
from focuscam.indicators import Indicators
from focuscam.ipc.client import join
from focuscam.messages import Frame
from focuscam.region import parse
from focuscam.session import RemoteSession


@pytest.fixture(autouse=True)
def room_for_more(monkeypatch):
    monkeypatch.setattr(room, "SPARE_BYTES", 0)


def test_without_a_daemon_it_is_taken_here_and_its_path_printed(sweep, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["capture", "--source", str(sweep / "10.png")]) == 0
    file = Path(capsys.readouterr().out.strip())
    assert file.parent == tmp_path
    with Image.open(file) as saved, Image.open(sweep / "10.png") as shown:
        assert saved.size == shown.size
        assert np.abs(np.asarray(saved, int) - np.asarray(shown, int)).mean() < 3


def test_where_it_can_not_be_saved_it_fails_with_one_sentence(sweep, tmp_path, capsys):
    settings = tmp_path / "focuscam.toml"
    settings.write_text('[capture]\nfolder = "/nowhere/at/all"\n')
    assert main(["capture", "--source", str(sweep / "10.png"), "--config", str(settings)]) == 1
    said = capsys.readouterr().err
    assert "there is no such folder" in said
    assert len(said.strip().splitlines()) == 1


def looks(place):
    """Whether a daemon there has seen a frame."""
    link = join([place])
    if link is None:
        return False
    with link:
        return link.ask("status").get("frame") is not None


@pytest.fixture
def daemon(sweep, tmp_path):
    """A daemon of its own process, which shows one sharp picture again and again; where its socket is."""
    frames = tmp_path / "frames"
    frames.mkdir()
    (frames / "sharp.png").write_bytes((sweep / "10.png").read_bytes())
    (frames / "sweep.csv").write_text("file,position\n" + "sharp.png,0\n" * 100_000)
    (tmp_path / "focuscam.toml").write_text(
        f'[capture]\nfolder = "{tmp_path}/stills"\ntrap = "light"\n[led]\npin = "none"\n[focus]\nregion = "whole"\n'
    )
    place = tmp_path / "focuscam.sock"
    command = [sys.executable, "-m", "focuscam", "--source", str(frames), "--config", str(tmp_path / "focuscam.toml")]
    process = subprocess.Popen(
        command, env=os.environ | {"FOCUSCAM_SOCKET": str(place)}, stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 30
    while not looks(place):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < end
        time.sleep(0.05)
    yield place
    process.terminate()
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert "Traceback" not in said


def test_a_daemon_takes_it_and_tells_where_it_is_or_why_not(daemon, capsys, monkeypatch):
    monkeypatch.setenv("FOCUSCAM_SOCKET", str(daemon))
    assert main(["capture"]) == 1
    assert "there is no such folder" in capsys.readouterr().err
    stills = daemon.with_name("stills")
    stills.mkdir()
    assert main(["capture"]) == 0
    file = Path(capsys.readouterr().out.strip())
    assert file.parent == stills
    with RemoteSession(join([daemon])) as session:
        files = {session.order(TakeStill()) for _ in range(3)}
        assert len(files) == 3
        assert session.state["stills"]["saved"] >= 4


class Camera:
    """A few frames; it counts what is asked of it."""

    live = False
    description = "a camera"
    deadline = 2.0
    frame_s = 1 / 30
    still_delay = 0.0

    def __init__(self):
        self.left = 10
        self.stills = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def controls(self):
        return {}

    def set(self, controls):
        return set(controls)

    def newest(self):
        self.left -= 1
        luma = np.full((48, 64), 10 * max(self.left, 0), np.uint8)
        return Frame(9 - self.left, 0.0, luma, luma, taken=0.0) if self.left >= 0 else None

    def still(self, frame, finer=True, raw=False):
        self.stills.append(frame.number)
        return grey(frame)


class Scorer:
    model = type("Model", (), {"threshold": 0.5})()

    def __init__(self, reading):
        self.region = parse("spot")
        self.score = lambda frame: reading(frame.number)


def test_the_command_takes_one_still_of_the_next_frame(reading, tmp_path):
    camera, told = Camera(), Notices()
    with Capture(Store(tmp_path, 10, 10**6, ours=False), tell=told) as capture:
        loop = Loop(camera, Settings(), Scorer(reading), Indicators(None, None), capture=capture)
        loop.commands.put(TakeStill())
        list(loop)
    assert camera.stills == [0]
    assert told.take()[0].startswith("Saved ")
    assert len(list(tmp_path.iterdir())) == 1
    assert loop.facts["stills"]["asked"] == 1
    assert "takes no stills" in loop.can["capture"]
