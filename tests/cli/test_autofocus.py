"""`focuscam autofocus`, alone and through a daemon, on a simulated lens of a small camera."""

import json
import os
import signal
import textwrap
import time

import pytest

from focuscam.cli import autofocus, main
from focuscam.errors import FocuscamError, RefusedError
from focuscam.session import RemoteSession
from focuscam.simulation import camera as simulated

SMALL = textwrap.dedent("""
    import sys
    from focuscam.simulation import camera as simulated
    simulated.Simulated.__init__.__defaults__ = (0, (640, 480), "hunt", 0.0, 1.0, 30.0, True)
    from focuscam.cli import autofocus, main
    sys.exit(main(sys.argv[1:]))
""")
"""A camera whose pictures are quickly made."""


@pytest.fixture
def start(spawn, tmp_path):
    environment = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path), "GPIOZERO_PIN_FACTORY": "mock"}
    return lambda *arguments: spawn(SMALL, *arguments, env=environment)


@pytest.fixture
def daemon(start, tmp_path):
    process = start("--source", "sim")
    deadline = time.monotonic() + 30
    while not (tmp_path / "focuscam.sock").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process


def best_position():
    """Of the lens in the middle of the scene, in the driver's 256 steps."""
    camera = simulated.Simulated(size=(640, 480))
    return 256 * camera.lens.dioptres(camera.best) / camera.lens.dioptres(1.0)


def test_alone_it_focuses_and_tells_each_look(start):
    process = start("autofocus", "--source", "sim")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    *looks, last = out.splitlines()
    assert last.startswith("In focus at ")
    assert 3 <= len(looks) <= 20
    position = int(last.split()[3].rstrip(","))
    # At 640 px a step of the driver is an eighth of a pixel of blur: nobody could see three of them.
    assert abs(position - best_position()) <= 8


def test_the_daemon_does_it_for_who_asks(start, daemon):
    process = start("autofocus")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.splitlines()[-1].startswith("In focus at ")
    status, _ = start("status", "--json").communicate(timeout=60)
    lens = json.loads(status)["lens"]
    assert lens["found"] == "focus"
    assert abs(lens["position"] - best_position()) <= 8


@pytest.mark.parametrize("joined", [True, False])
def test_an_interrupt_ends_following_and_leaves_the_lens(start, request, joined):
    if joined:
        request.getfixturevalue("daemon")
    process = start("autofocus", "--continuous", *([] if joined else ["--source", "sim"]))
    for line in process.stdout:
        if line.startswith("In focus"):
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    if joined:
        status, _ = start("status", "--json").communicate(timeout=60)
        assert json.loads(status)["lens"]["continuous"] is False


def test_a_camera_without_a_motor_is_a_sentence(capsys, sweep):
    assert main(["autofocus", "--source", str(sweep)]) == 78
    assert "There is no lens here that could be moved" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lens", "said"),
    [
        ('driver = "uln2003"', "needs pins = [...], four"),
        ('driver = "uln2003"\npins = [5, 6, 13, 19]', "needs travel"),
        ('driver = "stepdir"\npins = [5]\ntravel = 500', "two or three"),
        ('driver = "stepdir"\npins = [5, 6]\ntravel = 40', "more than backlash, which is 40"),
    ],
)
def test_settings_of_a_motor_that_are_not_enough_say_what_is_missing(capsys, pins, tmp_path, sweep, lens, said):
    file = tmp_path / "focuscam.toml"
    file.write_text(f"[lens]\n{lens}")
    assert main(["autofocus", "--source", str(sweep), "--config", str(file)]) == 78
    assert said in capsys.readouterr().err


class Link:
    """A daemon that can't."""

    def __init__(self, can):
        self.hello = {"can": can}
        self.notices = []

    def ask(self, do):
        return {"lens": None}

    def order(self, do, value):
        raise RefusedError(self.hello["can"][do])


@pytest.mark.parametrize(
    ("can", "said"), [({"autofocus": "There is no lens."}, "There is no lens."), ({}, "older and can't do that")]
)
def test_a_daemon_that_can_not_focus_says_why(can, said):
    with pytest.raises(FocuscamError, match=said):
        autofocus.run(RemoteSession(Link(can)), continuous=False)


def test_following_ends_where_the_driver_gives_up_and_not_where_nothing_was_found(capsys):
    lens = {"searches": 1, "searching": True, "continuous": True, "looks": 1, "looked_at": 30}
    teller = autofocus._Teller(0, continuous=True)
    assert not teller.tell(lens, 0.25)
    assert not teller.tell(lens | {"searching": False, "found": "nothing", "said": "Nothing here."}, 0.25)
    assert capsys.readouterr().out.split() == ["30", "0.25", "Nothing", "here."]
    gone = lens | {
        "searches": 2,
        "searching": False,
        "continuous": False,
        "found": "stuck",
        "said": "It does not obey.",
    }
    with pytest.raises(FocuscamError, match="does not obey"):
        teller.tell(lens | gone, None)
