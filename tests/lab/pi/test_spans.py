import subprocess
import sys

PROGRAM = """
import os
from lab.pi import spans
seen = []
spans.os.access = lambda path, mode: seen.append(path)
spans.forget = lambda: None
os.dup2(1, spans.COUNTED)
runs = []
spans.count({"one": lambda: runs.append(1), "two": lambda: runs.append(2)})
print(runs, *seen)
"""


def test_each_job_runs_once_unseen_and_once_between_its_marks():
    # In a process of its own: the descriptor that the counter listens to may be one of pytest's.
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split("] ")[0] == "[1, 1, 2, 2"
    assert done.stdout.split("] ")[1].split() == ["/MARK/one", "/MARK/between", "/MARK/two", "/MARK/between"]
