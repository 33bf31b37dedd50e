import importlib.util
import subprocess
import sys

import numpy as np

from focuscam.focus import runtime
from lab.benchmark.jobs import picture
from lab.pi import report

PROGRAM = """
import runpy, sys
from pathlib import Path
from lab import places
from lab.pi import spans
places.REPOSITORY = Path(sys.argv[1])
spans.count = lambda jobs: print(*sorted(jobs), sep="|", flush=True)
sys.argv = ["steps", sys.argv[2]]
runpy.run_module("lab.pi.steps", run_name="__main__")
"""


def test_the_steps_of_the_emulated_pi_are_those_of_the_benchmark(tmp_path):
    assert importlib.util.find_spec("lab.pi.steps") is not None
    np.savez(tmp_path / report.FRAME, fine=picture(480, 640), coarse=picture(240, 320))
    command = [sys.executable, "-c", PROGRAM, tmp_path, runtime.installed()[0]]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert {*report.STEPS, "  network"} <= set(done.stdout.strip().split("|"))
