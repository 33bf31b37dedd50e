"""The machine is shut down by systemd, and what came of it is said."""

import pytest

from focuscam.daemon.power import power_off


@pytest.fixture
def systemctl(tmp_path, monkeypatch):
    """A systemctl that does this, and nothing else on the PATH."""

    def does(program):
        (tmp_path / "systemctl").write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / "systemctl").chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    return does


def test_it_asks_systemd(systemctl, tmp_path):
    systemctl(f'echo "$@" > {tmp_path}/asked')
    assert power_off().startswith("The machine is shutting down")
    assert (tmp_path / "asked").read_text() == "poweroff\n"


def test_what_systemd_refuses_is_told_with_its_last_words(systemctl):
    systemctl("echo 'Call failed.' >&2; echo 'Interactive authentication required.' >&2; exit 1")
    assert power_off() == (
        "The machine could not be shut down (Interactive authentication required.): run `sudo poweroff`."
    )


def test_where_there_is_no_systemd_it_says_what_to_type(systemctl):
    said = power_off()
    assert "could not be shut down" in said
    assert "sudo poweroff" in said
