"""A count of instructions is no timing: it repeats to a per cent, and so a step that has grown is seen."""

from pathlib import Path

from lab.benchmark.jobs import frame_of_a_camera
from lab.pi import report
from tests.arm64.conftest import FOLDER

RELEASE = "trixie"
"""One of them: writing down all that is done takes minutes. `tools/benchmark.py --pi` counts both and all parts."""


def test_no_step_takes_notably_more_than_is_kept():
    found = report.counted(Path(FOLDER), frame_of_a_camera(), [RELEASE], report.STEPS)
    print(report.table(found))
    assert report.grown(found) == []
