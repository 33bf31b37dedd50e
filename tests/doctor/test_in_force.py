"""Which settings are in force, and where they come from."""

import os

import pytest

KEPT = "var/lib/focuscam/settings.toml"


def test_what_the_service_keeps_itself_is_over_the_users_file(machine):
    machine.has_the_service()
    file = machine.file(KEPT, '[focus]\nregion = "best"\n')
    assert f"focus.region best ({file})" in machine.examined().settings


def test_what_the_command_line_says_is_over_what_the_service_keeps(machine):
    machine.has_the_service()
    machine.file(KEPT, '[focus]\nregion = "best"\nthreshold = 0.7\n')
    machine.settings = machine.settings.with_changes("--region", focus={"region": "whole"})
    seen = machine.examined()
    assert "focus.region whole (--region)" in seen.settings
    assert "focus.threshold 0.7 " in seen.settings


def test_without_the_service_its_old_file_means_nothing(machine):
    machine.file(KEPT, '[focus]\nregion = "best"\n')
    assert "focus.region spot (default)" in machine.examined().settings


@pytest.mark.parametrize("text", ['[focus]\nregion = "moon"', "not toml", "focus = 3"])
def test_a_kept_file_that_is_wrong_is_told_with_its_cure(machine, text):
    machine.has_the_service()
    file = machine.file(KEPT, text)
    seen = machine.examined()
    assert seen["kept settings"].startswith("FAILED")
    assert f"`sudo rm {file}`" in seen["kept settings"]
    assert "Settings in force" in seen.text


def test_kept_settings_that_were_set_aside_are_spoken_of_until_they_are_gone(machine):
    machine.has_the_service()
    aside = machine.file(f"{KEPT}.unreadable", "[focus")
    for _ in range(2):
        assert (
            f"was set aside: keep anew what it held, then type `sudo rm {aside}`" in machine.examined()["kept settings"]
        )
        machine.file(KEPT, '[focus]\nregion = "best"\n')
    assert "focus.region best" in machine.examined().settings


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_kept_file_that_may_not_be_read_is_spoken_of(machine):
    machine.has_the_service()
    machine.file(KEPT).chmod(0)
    assert "`sudo focuscam doctor` shows it" in machine.examined()["kept settings"]
