"""Readers who look, and whether the light notices."""

import os
import subprocess
import sys
from pathlib import Path

import readers_soak
from readers_soak import Readers, Turns, told

HELD = """
import readers_soak, os, sys
readers_soak.hold_to_one_processor()
import numpy
masks = {open(f"/proc/self/task/{task}/status").read().partition("Cpus_allowed_list:")[2].split()[0]
         for task in os.listdir("/proc/self/task")}
print(*masks)
"""


def turns(later_s=0.0, maps=5):
    """Turns in which readers made the light so much later."""
    made = Turns(Readers(Path("nowhere")), 1)
    made.counts = {False: [300, 10.0], True: [300, 10.0]}
    made.delays = {False: [[0.004] * 300] * 3, True: [[0.004 + later_s] * 300] * 3}
    made.memory = {False: [100.0, 100.0], True: [100.0, 100.0]}
    made.maps = maps
    return made


def test_a_light_that_is_later_by_less_than_a_frame_has_not_noticed(capsys):
    assert told(turns(later_s=0.030))
    assert "+30.0" in capsys.readouterr().out


def test_a_light_that_is_later_by_a_frame_has_noticed():
    assert not told(turns(later_s=0.034))


def test_one_turn_that_another_program_spoiled_is_not_held_against_the_readers(capsys):
    spoiled = turns()
    spoiled.delays[True] = [[0.004] * 300, [0.4] * 300, [0.004] * 300]
    assert told(spoiled)
    spoiled.delays[True] = [[0.004] * 300, [0.4] * 300, [0.4] * 300]
    assert not told(spoiled)


def test_readers_for_whom_no_map_is_made_prove_nothing(capsys):
    assert not told(turns(maps=0))
    assert "no focus map was made" in capsys.readouterr().out


def test_maps_are_counted_as_they_are_made():
    seen = turns(maps=0)
    assert [seen.counting(str.upper)(each) for each in "ab"] == ["A", "B"]
    assert seen.maps == 2


def test_every_thread_is_held_to_the_one_processor(tmp_path):
    program = tmp_path / "held.py"
    program.write_text(HELD)
    path = {"PYTHONPATH": str(Path(readers_soak.__file__).parent)}
    done = subprocess.run([sys.executable, program], env=os.environ | path, capture_output=True, text=True, check=True)
    (mask,) = done.stdout.split()
    assert mask.isdigit()
