"""Who logs in to look at the running service: ada, who installed it, and bob, whom nobody let in."""

import json

import pytest


def test_who_installed_it_sees_its_status(pi):
    said = pi.run("focuscam status", user="ada")
    assert "imx477 1296x972" in said
    assert f"process {pi.main_pid()}" in said


def test_who_installed_it_joins_the_frames_of_the_service(pi):
    lines = pi.run("focuscam --json 2>/dev/null | head -n 20", user="ada").splitlines()
    frames = [json.loads(line) for line in lines]
    assert len(frames) == 20
    numbers = [frame["frame"] for frame in frames]
    assert numbers == sorted(set(numbers))
    assert all(frame["source"] == "imx477 1296x972" for frame in frames)
    assert pi.service("ActiveState") == "active"


@pytest.mark.parametrize("command", ["status", "--json"])
def test_who_was_not_let_in_is_told_the_cure(pi, command):
    status, said = pi.ended(f"focuscam {command}", user="bob")
    assert status == 69
    assert "sudo usermod -aG focuscam" in said
    assert len(said.strip().splitlines()) == 1


def test_the_doctor_finds_nothing_wrong_for_who_installed_it(pi):
    status, said = pi.ended("focuscam doctor", user="ada")
    assert status == 0, said
    assert "FAILED" not in said
    assert f"answers, process {pi.main_pid()}, looking at imx477" in said
    assert "Settings in force" in said


def test_the_doctor_tells_who_was_not_let_in_the_cure(pi):
    status, said = pi.ended("focuscam doctor", user="bob")
    assert status == 1, said
    assert "sudo usermod -aG focuscam" in said
    assert "Settings in force" in said
    assert "Traceback" not in said
