"""What the documents say: links that lead somewhere, and commands that do what they are said to do.

A block of commands is marked `sh`. Those of the README and the guide are run as they stand, but for the blocks "On the
Pi", which want a camera or root: of these each focuscam command has to be one, and the rest is seen on the virtual Pi.
"""

import doctest
import importlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from focuscam.cli import COMMANDS
from focuscam.cli.arguments import parser

REPOSITORY = Path(__file__).resolve().parents[1]
README = REPOSITORY / "README.md"
GUIDE = sorted((REPOSITORY / "docs/guide").glob("*.md"))
DOCUMENTS = [*sorted(REPOSITORY.glob("*.md")), *sorted((REPOSITORY / "docs").rglob("*.md")),
             REPOSITORY / "deploy/README.md", REPOSITORY / "models/README.md"]  # fmt: skip

BLOCK = re.compile(r'^```sh( title="On the Pi")?\n(.*?)^```', re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")

GENERATED = {"commands.md", "settings.md", "messages.md", "model-card.md", "index.md",
             "contributing.md", "changelog.md", "security.md", "first-pi.md"}  # fmt: skip
"""Pages that are there once the site is built; tools/docs fails where one of them is not."""

ELSEWHERE = {
    "tools/run": ".ci/run",
    "tools/run --page": "tests/page/test_command.py",
    "tools/test": ".ci/run",
    "sudo deploy/install.sh": "tests/virtual_pi/virtual_pi.py",
}
"""Commands of the README that are run by another part of CI, where they have the machine for it."""


def commands(document, on_the_pi=False):
    """The lines of its blocks, without the remarks behind them."""
    blocks = [text for title, text in BLOCK.findall(document.read_text()) if bool(title) == on_the_pi]
    return [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]


def parsed(command):
    """What the parser makes of a focuscam command in a line of a shell. Raises UsageError where it is none."""
    line = re.sub(r"^cp \$\((.*)\) \.$", r"\1", re.split(r" && | \| ", command)[0])
    return parser(COMMANDS).parse_args(shlex.split(line)[1:])


@pytest.fixture(scope="module")
def place(sweep, tmp_path_factory):
    """A folder as somebody has it who reads on: photos, a sweep, a page, and a clone's tools."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "photos").mkdir()
    for name in ("2", "10", "18"):
        Image.open(sweep / f"{name}.png").convert("RGB").save(folder / f"photos/{name}.jpg", quality=95)
    shutil.copytree(sweep, folder / "my-sweep")
    rows = "".join(f"{step}.png,{step}\n" for step in range(21))
    (folder / "my-sweep/sweep.csv").write_text("file,position\n" + rows)
    cells = np.random.default_rng(5).integers(0, 2, (60, 80)).astype(np.uint8)
    page = cv2.GaussianBlur(cv2.resize(cells * 200, (960, 720), interpolation=cv2.INTER_NEAREST), (0, 0), 1)
    paper = (page[..., None] * np.array([1.0, 0.9, 0.75])).astype(np.uint8)
    Image.fromarray(paper).save(folder / "page.jpg", quality=97)
    (folder / "tools").mkdir()
    (folder / ".venv").symlink_to(REPOSITORY / ".venv")
    for name in ("run", "test"):
        (folder / "tools" / name).write_text(f'#!/bin/sh\nexec {REPOSITORY}/tools/{name} "$@"\n')
        (folder / "tools" / name).chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def environment(place):
    """With focuscam on the PATH, pins that are none, and no other daemon."""
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHON": getattr(sys, "_base_executable", sys.executable),
        "XDG_RUNTIME_DIR": str(place),
        "XDG_STATE_HOME": str(place),
        "GPIOZERO_PIN_FACTORY": "mock",
        "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin",
    }


@pytest.fixture(scope="module")
def newcomer(place, environment):
    """As `environment`, where tools/run has set up what it needs."""
    first = subprocess.run(
        ["tools/run", "status", "--help"], cwd=place, env=environment, capture_output=True, text=True
    )  # fmt: skip
    if "Could not install" in first.stderr:
        pytest.skip("tools/run can't set up its environment here: the package index can't be reached")
    assert first.returncode == 0, first.stderr
    return environment


def run(command, folder, environment, enough=None):
    """Type it; enough: press Ctrl-C once this is true of what was printed. Returns the status and what was printed."""
    said = folder / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            ["bash", "-o", "pipefail", "-c", command], cwd=folder, env=environment, stdout=out,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    deadline = time.monotonic() + 120
    try:
        while process.poll() is None and time.monotonic() < deadline:
            if enough is not None and enough(said.read_text()):
                os.killpg(process.pid, signal.SIGINT)
                enough = None
            time.sleep(0.1)
        assert process.poll() is not None, f"{command} does not end: {said.read_text()}"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, said.read_text()


@pytest.mark.parametrize("module", ["commands", "region", "coach", "focus.scorer"])
def test_the_examples_of_docstrings_say_what_comes(module):
    found = doctest.testmod(importlib.import_module(f"focuscam.{module}"))
    assert found.attempted > 0
    assert found.failed == 0


def test_the_readme_is_short():
    assert len(README.read_text().split()) <= 900


def test_its_picture_is_small_enough_for_a_slow_line():
    """`tools/moving_picture.py` makes it anew."""
    assert (REPOSITORY / "docs/images/view.gif").stat().st_size < 1_000_000


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_every_link_leads_to_a_file_or_to_a_page_that_the_site_has(document):
    for to, _ in LINK.findall(document.read_text()):
        if "://" in to:
            continue
        target = document.parent / to
        generated = document.is_relative_to(REPOSITORY / "docs") and target.name in GENERATED
        assert generated or target.exists(), f"{to} in {document.relative_to(REPOSITORY)}"


@pytest.mark.parametrize("document", [README, *GUIDE], ids=lambda file: file.stem)
def test_every_focuscam_command_is_one(document):
    for command in [*commands(document), *commands(document, on_the_pi=True)]:
        if re.match(r"(cp \$\()?focuscam\b", command) and "--help" not in command:
            assert parsed(command).run in COMMANDS.values()


def test_what_the_readme_has_a_pi_or_a_newcomer_do_is_run_by_the_rest_of_ci():
    for command, where in ELSEWHERE.items():
        assert command in commands(README)
        assert command.removeprefix("sudo ") in (REPOSITORY / where).read_text()


def test_the_other_commands_of_the_readme_do_what_they_say(place, newcomer):
    wanted = {
        "tools/run score photos/*.jpg": "10.jpg",
        "focuscam doctor": "Settings in force",
        "focuscam --preview": "fps",
        "focuscam status": "score",
        "focuscam capture": ".jpg",
        "focuscam --help": "focuscam lens-report",
    }
    typed = [command for command in commands(README) if command not in ELSEWHERE]
    assert [command for command in typed if command not in wanted and command != "tools/docs"] == []
    with subprocess.Popen(
        ["focuscam", "--source", "sim"], cwd=place, env=newcomer, stderr=subprocess.PIPE, text=True
    ) as daemon:  # fmt: skip
        try:
            deadline = time.monotonic() + 60
            while run("focuscam status", place, newcomer)[0] != 0:
                assert time.monotonic() < deadline
            for command, said in wanted.items():
                enough = (lambda text: "fps" in text) if command == "focuscam --preview" else None
                status, text = run(command, place, newcomer, enough)
                assert said in text
                # The doctor misses a service here, and says so.
                assert status == 0 or command == "focuscam doctor", text
        finally:
            daemon.terminate()


@pytest.mark.parametrize("document", GUIDE, ids=lambda file: file.stem)
def test_the_commands_of_the_guide_do_what_they_say(document, place, request):
    typed = commands(document)
    if not typed:
        pytest.skip("this page has no commands for a machine without a camera")
    environment = request.getfixturevalue("newcomer" if any("tools/run" in each for each in typed) else "environment")
    for command in typed:
        enough = None
        if command == "tools/run":
            enough = lambda text: "fps" in text  # noqa: E731
        if "--record run" in command:
            shutil.rmtree(place / "run", ignore_errors=True)
            kept = place / "run/recording.jsonl"
            enough = lambda _, kept=kept: kept.exists() and len(kept.read_text().splitlines()) > 8  # noqa: E731
        status, text = run(command, place, environment, enough)
        assert status == 0, f"{command}: {text}"
