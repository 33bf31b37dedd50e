"""The checklist on a Pi whose service runs: the camera is given away and taken back, and the service killed."""

import json

import pytest

pytest.importorskip("pyte")

from lab.docs.emulator import Emulator


def test_the_owner_of_the_first_pi_is_walked_through_release_and_kill_to_one_archive(pi):
    pi.run("rm -rf /home/ada/focuscam-first-run*")
    before = pi.main_pid()
    typed = "cd /home/ada; export TERM=xterm SUDO_UID=$(id -u ada) SUDO_GID=$(id -g ada); focuscam doctor --first-run"
    terminal = Emulator(pi.login(typed), columns=160, rows=60)
    try:
        terminal.look(30, until="1 of 8, cable")
        terminal.type("\r")
        terminal.look(60, until="y, n, or s to skip")
        terminal.type("y moves\r")
        for number, name in enumerate(("light", "cap", "wall", "ring"), 2):
            terminal.look(10, until=f"{number} of 8, {name}")
            terminal.type("s\r")
        for number, name, question in ((6, "release", "LED blip once"), (7, "kill", "LED go off at once")):
            terminal.look(10, until=f"{number} of 8, {name}")
            terminal.type("\r")
            terminal.look(90, until=question)
            terminal.type("y\r")
        terminal.look(10, until="8 of 8, sweep")
        terminal.type("s\r")
        terminal.look(90, until="Done: please send /home/ada/focuscam-first-run.tar.gz")
        assert terminal.end() == 0
    finally:
        terminal.close()
    answers = json.loads(pi.run("cat focuscam-first-run/notes.json", user="ada"))["answers"]
    assert answers["cable"]["seen"]["source"] == "imx477 1296x972"
    assert answers["cable"]["seen"]["age"][1] < 1.0
    assert answers["release"]["seen"]["rpicam-still"]
    assert answers["kill"]["seen"]["back with frames after, s"] < 60
    assert pi.main_pid() != before
    held = pi.run("tar tzf focuscam-first-run.tar.gz", user="ada").split()
    assert "focuscam-first-run/journal.txt" in held
    assert "Main process exited, code=killed" in pi.run(
        "tar xzOf focuscam-first-run.tar.gz focuscam-first-run/journal.txt", user="ada"
    )
