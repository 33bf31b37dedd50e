"""Stills: as the sweep passes focus, when somebody asks, and whatever happens to the disk or the process."""

import json
import random
import re
import time

import numpy as np
import pytest
from PIL import ExifTags, Image

from tests.virtual_pi.virtual_pi import until

STILLS = "/var/lib/focuscam/stills"
PYTHON = "/opt/focuscam/bin/python"
FOR_EVER = """
import time
from focuscam import session
from focuscam.commands import TakeStill
from focuscam.errors import FocuscamError
from focuscam.ipc.client import running
from focuscam.ipc.paths import to_look_at
session.LOOK_S = 0.005
while True:
    try:
        with session.RemoteSession(running(to_look_at(None))) as daemon:
            while True:
                daemon.order(TakeStill())
    except FocuscamError:
        time.sleep(0.1)
"""
ONE_A_FRAME = """
import sys, time
from pathlib import Path
from focuscam.ipc.client import running
from focuscam.ipc.paths import to_look_at
folder, count = Path(sys.argv[1]), int(sys.argv[2])
with running(to_look_at(None)) as link:
    status = link.ask("status")
    enough = status["stills"]["saved"] + count
    while status["stills"]["saved"] < enough:
        link.order("capture")
        frame = status["frame"]
        while status["frame"] == frame:
            time.sleep(0.005)
            status = link.ask("status")
        for file in folder.glob("focuscam-*[1-9].jpg"):
            file.unlink()
"""


@pytest.fixture
def capturing(pi):
    """Start the service with a table [capture]; the stills are taken away afterwards."""

    def start(text):
        pi.settings(f"[capture]\n{text}\n")
        pi.run("systemctl restart focuscam")
        pi.wait_for("active")
        return time.monotonic()

    yield start
    pi.run(f"systemctl stop focuscam; rm -rf {STILLS}", check=False)


def stills(pi, kind="jpg"):
    return sorted((pi.disk / STILLS[1:]).glob(f"focuscam-*.{kind}"))


def facts(file):
    with Image.open(file) as image:
        image.load()
        return json.loads(image.getexif().get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment][8:])


@pytest.mark.parametrize("trap", ["light", "sharpest"])
def test_the_service_saves_stills_as_the_sweep_passes_focus(pi, capturing, trap):
    capturing(f'trap = "{trap}"\ninterval_s = 1')
    until(lambda: len(stills(pi)) >= 3, 60, "three stills", pi.journal)
    shown = []
    for file in stills(pi)[:3]:
        with Image.open(file) as image:
            image.load()
            assert image.size == (1296, 972)
            tags = image.getexif()
            luma = np.asarray(image.convert("L"), int)
        assert tags[ExifTags.Base.Software].startswith("focuscam")
        told = facts(file)
        assert told["by"] == trap
        assert told["score"] >= told["threshold"]
        words = "in focus" if trap == "light" or told["in_focus"] else "as it came into focus"
        assert tags[ExifTags.Base.ImageDescription].startswith(f"{words}, score {told['score']:.2f}")
        # Which picture of the sweep is it? Its grey levels are others: the virtual camera gives the full range of 0 to
        # 255, and calls it BT.709's limited one, whatever it is asked for.
        likeness = []
        for number in range(len(pi.blur)):
            with Image.open(pi.disk / f"srv/sweep/{number}.jpg") as original:
                likeness.append(np.corrcoef(np.asarray(original.convert("L"), float).ravel(), luma.ravel())[0, 1])
        shown.append(int(np.argmax(likeness)))
        assert max(likeness) > 0.99, f"the still is none of the pictures of the sweep: {max(likeness):.3f}"
    blurs = [pi.blur[number] for number in shown]
    print(f"{trap}: stills of images {shown}, blur {[round(blur, 1) for blur in blurs]} px")
    assert max(blurs) <= 4, "a still of a soft picture"


def test_its_group_may_look_and_copy_and_others_may_not(pi, capturing):
    capturing("")
    file = pi.run("focuscam capture", user="ada").strip()
    assert file.startswith(STILLS)
    assert (
        pi.run(f"cp {file} ~/x.jpg && stat -c %s ~/x.jpg", user="ada").strip() == pi.run(f"stat -c %s {file}").strip()
    )
    assert pi.ended(f"cp {file} ~/x.jpg", user="bob")[0] != 0
    pi.run(f"rm {file}", user="ada")


def test_a_full_and_a_read_only_disk_are_said_once_and_the_light_goes_on(pi, capturing):
    capturing("")
    pi.run("systemctl stop focuscam")
    pi.run(f"install -d -o focuscam -g focuscam {STILLS}; mount -t tmpfs -o size=20M tmpfs {STILLS}")
    pi.run(f"chown focuscam: {STILLS}")
    try:
        began = capturing('trap = "light"\ninterval_s = 1')
        until(lambda: "disk is full" in pi.journal(began), 30, "the full disk is said", pi.journal)
        assert pi.green_again(time.monotonic())
        assert pi.green_again(time.monotonic())
        assert pi.journal(began).count("disk is full") == 1
        pi.run(f"mount -o remount,ro {STILLS}")
        until(lambda: "read-only" in pi.journal(began), 30, "the read-only disk is said", pi.journal)
        assert stills(pi) == []
    finally:
        pi.run(f"umount {STILLS}")
    until(lambda: stills(pi), 30, "it saves again", pi.journal)
    assert "Traceback" not in pi.journal(began)


def test_killed_at_random_moments_it_leaves_no_broken_file(pi, capturing):
    began = capturing("most = 100000\nmost_mb = 100000")
    (pi.disk / "var/tmp/ask.py").write_text(FOR_EVER)
    pi.run(f"systemd-run --quiet --unit shutter {PYTHON} /var/tmp/ask.py")
    kills = 0
    try:
        for _ in range(6):
            saved = len(stills(pi))
            until(lambda saved=saved: len(stills(pi)) > saved + 5, 40, "stills are saved", pi.journal)
            time.sleep(random.uniform(0, 0.2))
            pi.run("systemctl kill --signal KILL focuscam")
            kills += 1
            until(lambda: pi.main_pid() == 0, 10, "it was killed")
            for file in stills(pi)[-3:]:
                facts(file)
            pi.run("systemctl start focuscam")
    finally:
        pi.run("systemctl stop shutter; systemctl reset-failed shutter", check=False)
    pi.wait_for("active")
    time.sleep(1)
    for file in stills(pi):
        facts(file)
    left = [file.name for file in (pi.disk / STILLS[1:]).iterdir() if not re.match(r"focuscam-.*\.jpg", file.name)]
    print(f"{len(stills(pi))} stills, {kills} kills; cleared: {pi.journal(began).count('Cleared')} times")
    assert left == []


def test_nothing_is_left_over_of_a_thousand_stills(pi, capturing):
    capturing("most = 100000\nmost_mb = 100000")
    pid = pi.main_pid()

    def take(count):
        (pi.disk / "var/tmp/ask.py").write_text(ONE_A_FRAME)
        pi.run(f"{PYTHON} /var/tmp/ask.py {STILLS} {count}", timeout=600)
        return pi.footprint(pid)

    before = pi.footprint(pid)
    first = take(100)
    last = take(1000)
    print(f"{before.memory_kb} kB of memory, {first.memory_kb} kB after 100 stills, {last.memory_kb} kB after 1,100")
    assert pi.main_pid() == pid
    assert last.threads <= first.threads
    assert len(last.files) <= len(first.files), f"{first.files} {last.files}"
    assert last.memory_kb - first.memory_kb < 10_000


def test_uninstalling_keeps_the_stills_and_says_where(pi, capturing):
    capturing("")
    file = pi.run("focuscam capture", user="ada").strip()
    said = pi.install("--uninstall")
    assert f"kept in {STILLS}" in said
    assert pi.run(f"stat -c %U {file}").strip() == "root"
    pi.run("rm -rf /var/lib/focuscam")
