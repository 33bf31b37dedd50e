"""lgpio is loaded in a folder of its own; here one of a few lines that does with folders what the real one does."""

import os
import subprocess
import sys

import pytest

LGPIO = """
import os
if "LG_WD" in os.environ:
    os.chdir(os.environ["LG_WD"])
os.mkfifo(".lgd-nfy0")
pipe = os.open(".lgd-nfy0", os.O_RDWR)
"""
USE = """
import os
from focuscam.system.lgpio import load_lgpio
load_lgpio()
import lgpio
print(os.getcwd(), os.environ.get("LG_WD"), os.write(lgpio.pipe, b"!"))
"""


@pytest.fixture
def used(tmp_path, monkeypatch):
    """What is said by a program that is started in a folder, and whose lgpio is loaded."""
    (tmp_path / "lgpio.py").write_text(LGPIO)

    def run(folder, **environment):
        paths = os.pathsep.join([str(tmp_path), *sys.path])
        for name in ("GPIOZERO_PIN_FACTORY", "LG_WD"):
            monkeypatch.delenv(name, raising=False)
        done = subprocess.run(
            [sys.executable, "-c", USE],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": paths, "TMPDIR": str(tmp_path / "tmp"), **environment},
            capture_output=True,
            text=True,
        )
        return done.stdout.split() or done.stderr

    (tmp_path / "tmp").mkdir()
    return run


def test_a_command_stays_where_it_was_typed_and_leaves_no_pipe_there(used, tmp_path):
    (tmp_path / "here").mkdir()
    assert used(tmp_path / "here") == [str(tmp_path / "here"), "None", "1"]
    assert list((tmp_path / "here").iterdir()) == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_in_a_folder_that_nobody_can_write_to_it_is_loaded_all_the_same(used):
    assert used("/proc/self")[1:] == ["None", "1"]


def test_a_folder_that_was_chosen_for_it_is_kept(used, tmp_path):
    assert used("/", LG_WD=str(tmp_path))[:2] == [str(tmp_path), str(tmp_path)]
