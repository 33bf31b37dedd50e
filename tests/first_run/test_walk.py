"""The checklist on a terminal, with the simulated lens in the place of a camera."""

import json
import os
import subprocess
import sys
import tarfile

import pytest

pytest.importorskip("pyte")

from lab.docs.emulator import FOCUSCAM, Emulator

READY = "Enter when you are ready"
ASKED = "y, n, or s to skip"


@pytest.fixture
def environment(tmp_path):
    return {"FOCUSCAM_SOCKET": str(tmp_path / "no.sock"), "PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.fixture
def walk(tmp_path, environment):
    """Types the command into a terminal of its own, in the same folder each time."""
    made = []

    def start():
        words = [*FOCUSCAM, "doctor", "--first-run", "--source", "sim"]
        made.append(Emulator(words, columns=160, rows=60, environment=environment, folder=tmp_path))
        return made[-1]

    yield start
    for each in made:
        each.close()


def answers(folder):
    return json.loads((folder / "focuscam-first-run/notes.json").read_text())["answers"]


def test_ctrl_c_keeps_what_was_answered_and_the_same_command_goes_on_to_the_archive(walk, tmp_path):
    first = walk()
    first.look(30, until="1 of 8, cable")
    first.look(5, until=READY)
    first.type("\r")
    first.look(60, until=ASKED)
    assert "simulated 16 mm" in first.text()
    first.type("maybe\r")
    first.look(5, until="Please begin with y, n or s")
    first.type("y it is simulated\r")
    first.look(5, until="2 of 8, light")
    first.type("\x03")
    first.look(10, until="1 of 8 answers are kept")
    assert first.end() == 0
    assert answers(tmp_path)["cable"]["words"] == "it is simulated"
    assert answers(tmp_path)["cable"]["seen"]["frames"] > 0

    again = walk()
    for number, name in enumerate(("light", "cap", "wall", "ring"), 2):
        again.look(30, until=f"{number} of 8, {name}")
        again.type("s\r")
    again.look(10, until="6 of 8, release")
    again.type("\r")
    again.look(60, until="with --source there is none")
    for number, name in ((7, "kill"), (8, "sweep")):
        again.look(10, until=f"{number} of 8, {name}")
        again.type("s\r")
    again.look(60, until="Done: please send")
    assert again.end() == 0
    assert answers(tmp_path)["release"]["answer"] == "failed"
    with tarfile.open(tmp_path / "focuscam-first-run.tar.gz") as archive:
        told = json.load(archive.extractfile("focuscam-first-run/notes.json"))
    assert told["answers"].keys() == {"cable", "light", "cap", "wall", "ring", "release", "kill", "sweep"}


@pytest.fixture
def typed(tmp_path, environment):
    """(status, what is said) of the command without a terminal."""

    def run(*more):
        done = subprocess.run(
            [*FOCUSCAM, "doctor", "--first-run", *more],
            env=os.environ | environment,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stderr.strip()

    return run


def test_without_a_terminal_it_is_one_sentence(typed, tmp_path):
    status, said = typed()
    assert status == 2
    assert said == "focuscam: The checklist asks questions: type `sudo focuscam doctor --first-run` in a terminal."
    assert not (tmp_path / "focuscam-first-run").exists()


def test_without_a_service_it_is_one_sentence(tmp_path, environment):
    if os.geteuid() != 0:
        pytest.skip("asks for root first")
    terminal = Emulator([*FOCUSCAM, "doctor", "--first-run"], columns=160, environment=environment, folder=tmp_path)
    terminal.look(30, until="sudo systemctl start focuscam")
    assert terminal.end() == 1
    terminal.close()
    assert not (tmp_path / "focuscam-first-run").exists()
