"""`focuscam indicators --demo`: all that the light can say, on the pins or through the daemon."""

import time

import pytest

from focuscam.cli import main
from focuscam.indicators import demo
from focuscam.ipc.client import running
from focuscam.messages import Light

SHORT = (demo.Scene("In focus.", Light.ON, 0.4), demo.Scene("Over.", Light.OFF, 0.2))


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(demo, "SCENES", SHORT)
    monkeypatch.setattr(demo, "LENGTH_S", 0.6)


@pytest.fixture
def nobody(monkeypatch, tmp_path):
    """No daemon runs here."""
    monkeypatch.setenv("FOCUSCAM_SOCKET", str(tmp_path / "none.sock"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def test_without_a_daemon_it_is_played_on_the_pins_and_told(nobody, pins, capsys):
    assert main(["indicators", "--demo"]) == 0
    assert capsys.readouterr().out.splitlines() == ["In focus.", "Over."]
    assert [state.state for state in pins.pin(17).states].count(True) == 1
    assert not pins.pin(17).state


def test_without_pins_there_is_nothing_to_play_on_and_it_says_what_to_set(nobody, tmp_path, capsys):
    (tmp_path / "own.toml").write_text('[led]\npin = "none"\n')
    assert main(["indicators", "--demo", "--config", str(tmp_path / "own.toml")]) == 78
    assert "nothing to play on: set [led] pin or [buzzer] pin" in capsys.readouterr().err


def test_pins_that_another_program_holds_are_said_not_to_be_had(nobody, pins, monkeypatch, capsys):
    def busy(*arguments, **options):
        raise OSError("GPIO busy")

    monkeypatch.setattr(pins, "pin", busy)
    assert main(["indicators", "--demo"]) == 78
    assert "another program or driver holds it" in capsys.readouterr().err


def test_where_a_daemon_runs_it_is_the_daemon_that_plays(live, monkeypatch, capsys):
    live.start()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(live.folder))
    monkeypatch.delenv("FOCUSCAM_SOCKET", raising=False)
    with running([live.socket]) as other:
        other.ask("watch", frames=1)
        assert main(["indicators", "--demo"]) == 0
        assert capsys.readouterr().out.splitlines() == ["In focus.", "Over."]
        deadline, obeyed = time.monotonic() + 30, set()
        while "demo" not in obeyed and time.monotonic() < deadline:
            scored = [message for message in other.receive(0.1) if message["type"] == "scored"]
            obeyed |= {command["do"] for message in scored for command in message["commands"]}
    assert "demo" in obeyed
