"""The real program on a terminal of its own: what it shows, what keys do, and how it leaves."""

import json
import os
import re
import shutil
import signal
import subprocess
import termios
import time
from pathlib import Path

import pytest

pytest.importorskip("pyte")

from lab.docs.emulator import ANSWERS, FOCUSCAM, KITTY, SIXEL, Emulator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("run") / "focuscam.sock"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def environment(place, home):
    return {"FOCUSCAM_SOCKET": str(place), "PYTHONPATH": str(ROOT), "HOME": str(home), "STATE_DIRECTORY": str(home)}


@pytest.fixture(scope="module")
def swinging(sweep, tmp_path_factory):
    """A folder that is focused to and fro for half an hour, with a rest at the top."""
    folder = tmp_path_factory.mktemp("swinging")
    for file in sweep.glob("*.png"):
        (folder / file.name).symlink_to(file)
    there = [*range(3, 18)]
    way = [step for step in [*there, *there[::-1]] for _ in range(30 if step == 10 else 3)]
    (folder / "sweep.csv").write_text("file,position\n" + "".join(f"{step}.png,{step}\n" for step in way * 300))
    return folder


@pytest.fixture(scope="module")
def daemon(swinging, place, environment):
    """A daemon whose lens is being focused."""
    process = subprocess.Popen(
        [*FOCUSCAM, "--source", str(swinging), "--region", "whole"],
        env=os.environ | environment, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not place.exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    assert place.exists()
    yield process
    process.terminate()
    assert process.wait(20) == 0


@pytest.fixture
def terminal(environment, home):
    made = []

    def start(*arguments, **options):
        made.append(Emulator([*FOCUSCAM, "--preview", *arguments], environment=environment, folder=home, **options))
        return made[-1]

    yield start
    for each in made:
        each.close()


def status(environment):
    done = subprocess.run(
        [*FOCUSCAM, "status", "--json"], env=os.environ | environment, capture_output=True, timeout=30
    )
    return json.loads(done.stdout)


def test_the_lens_is_seen_being_focused_and_the_light_goes_on(daemon, terminal):
    view = terminal()
    text = view.look(30, until="IN FOCUS")
    assert "daemon" in text
    assert "▀" in text
    assert "q quit" in text
    view.look(30, until="soft")
    view.type("q")
    assert view.end() == 0


def test_it_leaves_no_trace(daemon, terminal):
    view = terminal()
    before = termios.tcgetattr(view.fd)
    view.look(30, until="quit")
    assert not termios.tcgetattr(view.fd)[3] & termios.ICANON
    view.type("q")
    assert view.end() == 0
    assert termios.tcgetattr(view.fd) == before
    sent = bytes(view.sent)
    assert sent.rindex(b"\x1b[?1049l") > sent.rindex(b"\x1b[?1049h")
    assert sent.rindex(b"\x1b[?25h") > sent.rindex(b"\x1b[?25l")
    assert sent.rindex(b"\x1b[?7h") > sent.rindex(b"\x1b[?7l")
    assert sent.endswith(b"\x1b[?1049l")


def test_the_quit_key_of_the_terminal_does_not_leave_it_in_pieces(daemon, terminal):
    view = terminal()
    view.look(30, until="quit")
    view.type("\x1c")
    view.look(0.3)
    view.type("\x03")
    assert view.end() == 0
    assert bytes(view.sent).endswith(b"\x1b[?1049l")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_order(daemon, terminal, number):
    view = terminal()
    before = termios.tcgetattr(view.fd)
    view.look(30, until="quit")
    os.kill(view.pid, number)
    assert view.end() == 0
    assert termios.tcgetattr(view.fd) == before
    assert bytes(view.sent).endswith(b"\x1b[?1049l")


def test_keys_reach_the_daemon(daemon, terminal, environment, home):
    view = terminal()
    view.look(30, until="region whole")
    before = status(environment)
    view.type("+")
    view.look(10, until=f"on at {before['threshold'] + 0.02:.2f}")
    view.type("-")
    view.look(10, until=f"on at {before['threshold']:.2f}")
    view.type("\t\t\t\x1b[D")
    view.look(10, until="25% by 25%")
    deadline = time.monotonic() + 10
    while (region := status(environment)["region"]) != [0.3125, 0.375, 0.25, 0.25]:
        assert time.monotonic() < deadline, region
    view.type("z")
    view.look(10, until="magnified 2x")
    view.type("Z")
    view.look(10, until="no crop")
    view.type("e")
    view.look(10, until="no exposure")
    view.type("m")
    view.look(10, until=", map")
    view.type("?")
    view.look(10, until="Ctrl-Z suspends")
    view.type("x")
    view.look(10, until="magnified")
    view.type("w")
    view.look(10, until="y / n")
    view.type("y")
    view.look(10, until="Kept in")
    kept = (home / "settings.toml").read_text()
    assert 'region = "0.3125,0.375,0.25,0.25"' in kept
    view.type("s")
    view.look(10, until="Saved")
    assert len(list(home.glob("focuscam-*.jpg"))) == 1
    saved = json.loads(next(home.glob("focuscam-*.json")).read_text())
    assert saved["region_name"] == "0.3125,0.375,0.25,0.25"
    view.type("\x1b[Z" * 3)
    view.look(10, until="region whole")
    view.type("q")
    assert view.end() == 0
    (home / "settings.toml").unlink()


@pytest.mark.parametrize(("columns", "rows"), [(40, 12), (40, 60), (300, 100)])
def test_it_fits_any_size_and_follows_it(daemon, terminal, columns, rows):
    view = terminal(columns=80, rows=24)
    view.look(30, until="quit")
    view.resize(columns, rows)
    view.look(1.0)
    text = view.look(10, until="quit").split("\n")
    assert text[0].startswith("focuscam")
    assert text[-1].startswith("q quit")
    assert len(text) == rows
    view.type("q")
    assert view.end() == 0


@pytest.mark.parametrize("own", [False, True])
def test_suspended_and_resumed_it_is_there_again(daemon, terminal, swinging, own):
    view = terminal(*(["--source", str(swinging)] if own else []))
    before = termios.tcgetattr(view.fd)
    view.look(30, until="quit")
    os.kill(view.pid, signal.SIGTSTP)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{view.pid}/stat").read_text().split()[2] != "T":
        assert time.monotonic() < deadline
        view.look(0.05)
    view.look(0.3)
    assert termios.tcgetattr(view.fd) == before
    assert bytes(view.sent).endswith(b"\x1b[?1049l")
    view.screen.reset()
    os.kill(view.pid, signal.SIGCONT)
    view.look(20, until="quit")
    view.look(20, until="fps")
    view.type("q")
    assert view.end() == 0


def test_a_terminal_that_is_hung_up_ends_it_and_the_daemon_goes_on(daemon, terminal, environment):
    view = terminal()
    view.look(30, until="quit")
    os.close(view.fd)
    deadline = time.monotonic() + 10
    while os.waitpid(view.pid, os.WNOHANG)[0] == 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    view.status, view.fd = 0, os.open("/dev/null", os.O_RDWR)
    assert status(environment)["frame"] > 0


def test_a_terminal_that_never_answers_is_not_waited_for(daemon, terminal):
    view = terminal(answers={})
    assert "▀" in view.look(30, until="quit") or "▀" in view.look(10, until="▀")
    view.type("q")
    assert view.end() == 0


@pytest.mark.parametrize(
    ("answers", "sign"),
    [(ANSWERS | KITTY, rb"\x1b_Ga=T,f=100"), (ANSWERS | SIXEL, rb"\x1bP[\d;]*q\"1;1;"), (ANSWERS, rb"38;2;\d+;")],
    ids=["kitty", "sixel", "blocks"],
)
def test_the_picture_is_shown_as_well_as_the_terminal_can(daemon, terminal, answers, sign):
    if b"q" in sign:
        pytest.importorskip("chafa")
    view = terminal(answers=answers)
    deadline = time.monotonic() + 30
    while not re.search(sign, bytes(view.sent)):
        assert time.monotonic() < deadline
        view.look(0.1)
    view.type("q")
    assert view.end() == 0


def test_without_colours_none_are_sent(daemon, environment, home):
    view = Emulator([*FOCUSCAM, "--preview"], environment=environment | {"NO_COLOR": "1"}, folder=home)
    view.look(30, until="quit")
    view.look(1.0)
    codes = set(re.findall(rb"\x1b\[([\d;]*)m", bytes(view.sent))) - {b"48;2;1;2;3"}
    assert codes
    assert not any(re.search(rb"(^|;)([34][0-7]|[34]8)(;|$)", each) for each in codes)
    view.type("q")
    assert view.end() == 0
    view.close()


def test_without_a_terminal_it_prints_a_line_a_second(daemon, environment):
    with subprocess.Popen(
        [*FOCUSCAM, "--preview"], env=os.environ | environment | {"PYTHONIOENCODING": "utf-8"}, stdout=subprocess.PIPE
    ) as process:
        lines = [process.stdout.readline().decode() for _ in range(3)]
        process.terminate()
        assert process.wait(20) == 0
    assert all(" fps" in line and "LED" in line for line in lines)


def test_an_own_loop_is_shown_the_same_way_and_ends_with_its_source(terminal, sweep):
    view = terminal("--source", str(sweep), "--region", "whole", "--fps", "5")
    text = view.look(60, until="quit")
    assert "own loop" in text
    assert view.end(60) == 0
    assert bytes(view.sent).endswith(b"\x1b[?1049l")


def test_a_single_photo_stays_until_q(terminal, sweep):
    view = terminal("--source", str(sweep / "10.png"), "--region", "whole")
    view.look(60, until="▀")
    view.look(3.0)
    assert view.status is None
    assert "0." in view.text()
    view.type("q")
    assert view.end() == 0


def test_quitting_an_own_loop_ends_it_with_0(terminal, swinging):
    view = terminal("--source", str(swinging))
    view.look(60, until="quit")
    view.type("q")
    assert view.end(20) == 0
    assert bytes(view.sent).endswith(b"\x1b[?1049l")


def test_when_the_daemon_goes_the_view_says_so_and_ends_with_1(swinging, tmp_path, environment, home):
    environment = environment | {"FOCUSCAM_SOCKET": str(tmp_path / "s")}
    process = subprocess.Popen(
        [*FOCUSCAM, "--source", str(swinging)], env=os.environ | environment, stderr=subprocess.DEVNULL
    )
    while not (tmp_path / "s").exists():
        time.sleep(0.05)
    view = Emulator([*FOCUSCAM, "--preview"], environment=environment, folder=home)
    reader = subprocess.Popen([*FOCUSCAM, "--json"], env=os.environ | environment, stdout=subprocess.PIPE)
    reader.stdout.readline()
    view.look(30, until="quit")
    process.kill()
    process.wait()
    assert view.end(20) == 1
    assert "The daemon has gone" in bytes(view.sent).decode("utf-8", "replace").rsplit("1049l", 1)[1]
    view.close()
    # It may be waiting for room in the pipe; closing that would be a reader that has seen enough.
    reader.stdout.read()
    reader.stdout.close()
    assert reader.wait(20) == 1


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_in_tmux_keys_are_heard_and_the_screen_is_given_back(daemon, environment, tmp_path):
    server = str(tmp_path / "tmux")

    def tmux(*arguments):
        return subprocess.run(
            ["tmux", "-S", server, "-f", "/dev/null", *arguments], capture_output=True, text=True
        ).stdout

    def until(word, there=True):
        deadline = time.monotonic() + 30
        while (word in (text := tmux("capture-pane", "-p", "-t", "t"))) != there:
            assert time.monotonic() < deadline, text
            time.sleep(0.1)
        return text

    settings = [f"-e{name}={value}" for name, value in (environment | {"LANG": "C.UTF-8", "PS1": "$ "}).items()]
    tmux("new-session", "-d", "-s", "t", "-x", "80", "-y", "24", *settings, "sh")
    try:
        tmux("send-keys", "-t", "t", "echo before; " + " ".join(FOCUSCAM) + " --preview; echo status $?", "Enter")
        assert "▀" in until("fps")
        tmux("resize-window", "-t", "t", "-x", "120", "-y", "40")
        until("+- level")
        tmux("send-keys", "-t", "t", "?")
        until("Ctrl-Z suspends")
        tmux("send-keys", "-t", "t", "?")
        until("Ctrl-Z suspends", there=False)
        tmux("send-keys", "-t", "t", "q")
        text = until("status 0")
        assert "before" in text
        assert "quit" not in text
        assert "▀" not in text
    finally:
        tmux("kill-server")
