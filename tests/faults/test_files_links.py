"""Links that others put where focuscam writes: none leads it to anything of theirs or anybody's."""

import itertools
import json
import subprocess
import sys
import time

import numpy as np
import pytest

from focuscam.capture import Capture, Store
from focuscam.capture import store as room
from focuscam.config import keep
from focuscam.errors import FocuscamError
from focuscam.lens_report import _write
from focuscam.messages import Frame, Light, Status, Still
from focuscam.recorder.folder import Enough, Folder
from focuscam.tui.save import save

LUMA = np.random.default_rng(0).integers(0, 256, (480, 640), np.uint8)


@pytest.fixture
def victim(tmp_path):
    """Somebody's file, which is never to change."""
    file = tmp_path / "elsewhere" / "settings.toml"
    file.parent.mkdir()
    file.write_bytes(b"theirs")
    yield file
    assert file.read_bytes() == b"theirs"
    assert [each.name for each in file.parent.iterdir()] == [file.name]


SWAP_FOR_EVER = """
import os, sys
folder, victim = sys.argv[1:]
while True:
    for name in os.listdir(folder):
        if name.startswith("."):
            try:
                os.unlink(f"{folder}/{name}")
                os.symlink(victim, f"{folder}/{name}")
            except OSError:
                pass
"""
"""Whoever may write into a folder puts a link in place of whatever is being written there."""


class Camera:
    still_delay = 0.0

    def still(self, frame, finer=True, raw=False):
        return Still(LUMA, taken=time.monotonic())


def test_a_link_that_is_swapped_in_for_a_draft_leads_no_still_anywhere(tmp_path, victim, reading, monkeypatch):
    monkeypatch.setattr(room, "SPARE_BYTES", 0)
    folder = tmp_path / "stills"
    folder.mkdir()
    attacker = subprocess.Popen([sys.executable, "-c", SWAP_FOR_EVER, folder, victim])
    try:
        with Capture(Store(folder, 1000, 10**9, ours=False), tell=lambda sentence: None) as capture:
            for number in range(200):
                frame = Frame(number, number / 30, LUMA, LUMA, taken=time.monotonic())
                capture.want()
                capture.look(frame, Status(reading(number), Light.ON, 0.5, 1.0, 0.9), Camera(), None)
                while capture.facts["asked"] <= number:
                    time.sleep(0.0005)
    finally:
        attacker.kill()
        attacker.wait()
    for file in folder.glob("focuscam-*.jpg"):
        assert not file.is_symlink()
        assert file.read_bytes().startswith(b"\xff\xd8")


def test_a_link_at_the_name_of_a_draft_leads_no_recorded_picture_anywhere(tmp_path, victim):
    folder = Folder(tmp_path / "run")
    for name in ".000003.png.part", "000003.png":
        (tmp_path / "run" / name).symlink_to(victim)
    folder.picture(3, b"fine", 1, None, None)
    folder.end("")
    assert (tmp_path / "run" / "000003.png").read_bytes() == b"fine"
    assert not (tmp_path / "run" / "000003.png").is_symlink()


def test_a_link_in_place_of_the_folder_of_coarse_pictures_leads_nowhere(tmp_path, victim):
    folder = Folder(tmp_path / "run")
    (tmp_path / "run" / "coarse").symlink_to(victim.parent)
    with pytest.raises(Enough, match="File exists"):
        folder.picture(3, b"fine", 1, b"coarse", 1)
    folder.end("")


def test_a_link_in_place_of_the_folder_of_the_recording_leads_nowhere(tmp_path, victim):
    folder = Folder(tmp_path / "run")
    folder.picture(3, b"fine", 1, b"coarse", 1)
    (tmp_path / "run").rename(tmp_path / "moved")
    (tmp_path / "run").symlink_to(victim.parent)
    folder.picture(4, b"fine", 1, b"coarse", 1)
    folder.end("")
    assert (tmp_path / "moved" / "coarse" / "000004.png").read_bytes() == b"coarse"


@pytest.mark.parametrize("name", ["settings.new", "settings.toml"])
def test_a_link_where_settings_are_kept_leads_nowhere(tmp_path, victim, monkeypatch, name):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    (tmp_path / name).symlink_to(victim)
    assert "0.5" in keep({"focus": {"threshold": 0.5}}).read_text()
    assert not (tmp_path / "settings.toml").is_symlink()


def test_a_link_at_the_name_of_a_page_leads_nowhere(tmp_path, victim):
    (tmp_path / "page.html").symlink_to(victim)
    with pytest.raises(FocuscamError, match="since it is a link: choose another place"):
        _write(tmp_path / "page.html", "<p>")


@pytest.mark.parametrize("suffix", [".jpg", ".json"])
def test_links_at_the_names_of_what_the_view_saves_lead_nowhere(tmp_path, victim, monkeypatch, suffix):
    monkeypatch.setattr(time, "strftime", lambda *_: "focuscam-20260101-000000")
    place = tmp_path / "here"
    place.mkdir()
    for count in itertools.chain([""], (f"-{number}" for number in range(2, 5))):
        (place / f"focuscam-20260101-000000{count}{suffix}").symlink_to(victim)
    assert "Saved focuscam-20260101-000000-5.jpg" in save({"jpeg": "AAAA"}, {"type": "reading", "score": 0.5}, place)
    assert json.loads((place / "focuscam-20260101-000000-5.json").read_text()) == {"score": 0.5}
