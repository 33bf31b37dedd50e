import subprocess
import sys

from lab.fuzzing.campaign import KINDS, WEIGHTS, Tally
from lab.fuzzing.judge import Outcome
from lab.places import TOOLS


def test_twenty_cases_end_as_they_should():
    done = subprocess.run(
        [sys.executable, TOOLS / "fuzz.py", "--count", "20", "--seed", "7"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout
    assert "seed 7: 0 of 20 cases did not end as they should" in done.stdout


def test_the_slowest_and_the_largest_case_of_a_kind_are_told_and_how_all_ended():
    tally = Tally()
    for status, seconds, mib in ((0, 0.5, 60.0), (2, 3.0, 50.0)):
        tally.add("card", Outcome(status, seconds, mib, b"", b""))
    assert tally.told().splitlines()[1].split() == ["card", "2", "3.0", "s", "60", "MiB", "0:", "1,", "2:", "1"]


def test_a_weight_is_that_of_a_kind_there_is():
    assert set(WEIGHTS) <= set(KINDS)
