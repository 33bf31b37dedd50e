"""`focuscam page` and `tools/run --page`, as somebody types them."""

import http.client
import os
import re
import signal
import subprocess
import sys

import pytest

from focuscam.cli import main
from focuscam.page import service
from tests.page.npm import REPOSITORY


@pytest.fixture
def started(tmp_path):
    """Start a command line; it is ended after the test."""
    processes = []

    def start(*command):
        environment = os.environ | {"XDG_STATE_HOME": str(tmp_path), "STATE_DIRECTORY": str(tmp_path)}
        environment |= {"XDG_RUNTIME_DIR": str(tmp_path), "PYTHON": sys.executable}
        environment |= {"GPIOZERO_PIN_FACTORY": "mock", "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin"}
        (tmp_path / "settings.toml").write_text("[page]\nport = 18019\n")
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY)
        processes.append(process)
        said = ""
        while not (found := re.search(r"http://localhost:(\d+)/", said)):
            line = process.stderr.readline()
            assert line, said
            said += line
        return process, int(found[1])

    yield start
    for each in processes:
        if each.poll() is None:
            each.send_signal(signal.SIGTERM)
        each.communicate(timeout=30)


def status_at(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    return connection.getresponse().status


def test_it_waits_for_a_daemon_and_ends_when_it_is_told(started):
    process, port = started(sys.executable, "-m", "focuscam", "page")
    assert status_at(port) == 401
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_tools_run_has_the_simulated_lens_and_the_page_in_one_command(started):
    process, port = started(*["tools/run", "--page"])
    assert status_at(port) == 401
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_a_port_that_another_program_has_is_named(started, capfd, monkeypatch, tmp_path):
    started(sys.executable, "-m", "focuscam", "page")
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    assert main(["page"]) == 1
    assert "Another program listens at 127.0.0.1, port 18019: choose another [page] port." in capfd.readouterr().err


def test_without_systemd_or_rights_turning_it_on_says_what_to_do(capfd, monkeypatch):
    def fails(*command, **how):
        return subprocess.CompletedProcess(command, 1, "", "Access denied.\nmore\n")

    monkeypatch.setattr(service.subprocess, "run", fails)
    assert main(["page", "--enable"]) == 1
    assert "Access denied" in (said := capfd.readouterr().err)
    assert "put `sudo` before the command" in said
    monkeypatch.setattr(service.subprocess, "run", lambda *command, **how: (_ for _ in ()).throw(FileNotFoundError()))
    assert main(["page", "--disable"]) == 1
    assert "There is no systemd here" in capfd.readouterr().err


def test_on_and_off_at_once_is_wrong_usage(capfd):
    assert main(["page", "--enable", "--disable"]) == 2
    assert "not both" in capfd.readouterr().err
