import subprocess
import sys

HELD = """
import os
from lab.soak.processor import hold_to_one_processor
hold_to_one_processor()
import numpy
masks = {open(f"/proc/self/task/{task}/status").read().partition("Cpus_allowed_list:")[2].split()[0]
         for task in os.listdir("/proc/self/task")}
print(*masks)
"""


def test_every_thread_is_held_to_the_one_processor(tmp_path):
    program = tmp_path / "held.py"
    program.write_text(HELD)
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    (mask,) = done.stdout.split()
    assert mask.isdigit()
