import shutil
import subprocess

import pytest

from lab.pi import machine


def test_without_what_an_emulated_pi_needs_it_is_named(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "mmdebstrap" else f"/usr/bin/{name}")
    with pytest.raises(machine.NoPi, match="needs mmdebstrap"):
        machine.check()


@pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no C compiler here")
def test_the_counter_sums_the_instructions_of_the_blocks_between_two_marks(tmp_path):
    counter = tmp_path / "counter"
    subprocess.run(["gcc", "-O2", "-o", counter, machine.HERE / "counter.c"], check=True)
    said = """IN: three of them
0x00001000:  d503201f  nop
0x00001004:  d503201f  nop
0x00001008:  d65f03c0  ret

Trace 0: 0x7f00 [00000000/0000000000001000/0/0] three
12 faccessat(-100,"/MARK/job",F_OK) = -1
Trace 0: 0x7f00 [00000000/0000000000001000/0/0] three
Trace 0: 0x7f00 [00000000/0000000000001000/0/0] three
12 faccessat(-100,"/MARK/between",F_OK) = -1
"""
    told = subprocess.run([counter], input=said, capture_output=True, text=True, check=True).stdout
    assert dict(line.split("\t") for line in told.splitlines()) == {"start": "3", "job": "6", "between": "0"}
