"""The Debian package on the Pi's own architecture: what it says there is what it says here."""

import json
import shutil
import subprocess

import pytest

from focuscam.cli.score import score_photos
from focuscam.focus.model import FocusModel
from focuscam.focus.runtime import installed
from focuscam.focus.scorer import Scorer
from focuscam.region import parse

CORTEX_A53 = "cortex-a53"
"""The core of a Pi 3 and a Zero 2 W."""

CLOSE = 0.001
"""Scores this far apart are the same."""


@pytest.fixture(scope="session")
def here(pi, pictures):
    """Each photo as it is scored on this machine, by its name."""
    if pi.runtime not in installed():
        pytest.skip(f"this machine has no {pi.runtime} to compare with: start tests/arm64/run with Python 3.11")
    model = FocusModel(None, 1, pi.runtime)
    found = score_photos([pictures], Scorer(model, parse("best")), model.threshold)
    return {each["file"].rsplit("/", 1)[1]: each for each in found}


def compare(there, here):
    """No other verdict, and scores within 0.001.

    One in fifty may be further away: OpenCV scales a photo down with other roundings on x86, and where two patches are
    nearly as telling as each other that may choose the other one. A camera gives both scales itself.
    """
    apart = []
    for each in there:
        expected = here[each["file"].rsplit("/", 1)[1]]
        assert each["in_focus"] == expected["in_focus"], each
        assert (each["score"] is None) == (expected["score"] is None), each
        apart.append(0 if each["score"] is None else abs(each["score"] - expected["score"]))
    apart.sort()
    further = sum(each > CLOSE for each in apart)
    print(f"{len(apart)} photos, {apart[-1]:.4f} apart at most, {further} by more than {CLOSE}")
    assert apart[-1] <= 5 * CLOSE
    assert further <= len(apart) / 50


def test_photos_score_as_they_do_here(pi, here):
    there = pi.scores("/srv/photos")
    assert len(there) == len(here)
    compare(there, here)


def test_on_the_core_of_a_pi_3_they_do_as_well(pi, here):
    (pi.root / "srv/few").mkdir(exist_ok=True)
    for number in (0, 3):
        name = f"simulated-{number}.png"
        (pi.root / "srv/few" / name).write_bytes((pi.root / "srv/photos" / name).read_bytes())
    compare(pi.scores("/srv/few", cpu=CORTEX_A53), here)


def test_a_simulated_lens_is_followed_to_its_focus(pi):
    line = "focuscam --source sim --region whole --json | head --lines=8"
    events = [json.loads(line) for line in pi.packaged("bash", "-o", "pipefail", "-c", line).splitlines()]
    assert len(events) == 8
    assert [each["frame"] for each in events] == sorted(each["frame"] for each in events)
    assert {"score", "in_focus", "led", "contrast"} <= events[0].keys()


def test_the_systems_python_finds_focuscam_and_nothing_else_of_the_environment(pi):
    said = pi.packaged(
        "python3", "-c", "import focuscam, importlib.util as u; print(focuscam.__file__, u.find_spec('cv2'))"
    )
    assert said.split() == ["/usr/lib/python3/dist-packages/focuscam/__init__.py", "None"]


def test_what_turns_the_pins_off_runs_there(pi):
    pi.packaged("/opt/focuscam/bin/python", "-m", "focuscam.lights_out")


@pytest.mark.skipif(
    shutil.which("lintian") is None, reason="lintian is not here to be asked, and apt could not install it"
)
def test_lintian_has_no_errors(pi):
    done = subprocess.run(["lintian", "--fail-on", "error", "--allow-root", pi.package], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
