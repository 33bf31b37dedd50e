import subprocess
import sys
from pathlib import Path

FUZZ = Path(__file__).resolve().parents[3] / "tools" / "fuzz.py"


def test_twenty_cases_end_as_they_should():
    done = subprocess.run(
        [sys.executable, FUZZ, "--count", "20", "--seed", "7"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout
    assert "seed 7: 0 of 20 cases did not end as they should" in done.stdout
