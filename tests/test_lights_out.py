"""What turns the pins off after the program is gone, from whatever is left of its settings."""

import os

import pytest

from focuscam import config, lights_out

USER = "[led]\npin = 22\nactive_high = false\n[buzzer]\npin = 27\n"
RESULTS = ["watchdog", "signal", "core-dump", "timeout", "oom-kill"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The user's file, with the service's directories beside it."""
    for name in ("STATE_DIRECTORY", "RUNTIME_DIRECTORY"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.delenv("SERVICE_RESULT", raising=False)
    user = tmp_path / "focuscam.toml"
    monkeypatch.setattr(lights_out.of_settings, "__defaults__", (user,))
    return user


def test_the_users_file_is_where_the_settings_look_for_it():
    assert lights_out.USER_FILE == config.USER_FILE


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("own", ["[led]\npin", "[led]\npin = 'seventeen'\n", "\0\0", "", "led = 3\n", "a" * 100_000])
def test_the_users_pins_are_turned_off_whatever_is_in_its_own_settings(place, pins, monkeypatch, own, result):
    monkeypatch.setenv("SERVICE_RESULT", result)
    place.write_text(USER)
    place.with_name("STATE_DIRECTORY").joinpath("settings.toml").write_text(own)
    expected = [(22, 1), (27, 0)]
    assert lights_out.left_on() == [each for each in expected if each[0] != 22 or "seventeen" not in own]
    lights_out.main([])
    assert any(state.state for state in pins.pin(22).states) == ("seventeen" not in own)


def test_of_a_broken_file_every_line_counts_that_can_be_understood(place):
    place.write_text(
        "[camera\nfps = = 3\n[led]\npin = 22\nmode = bright\nactive_high = false\n[buzzer]\npin = 27 # here\n"
    )
    assert lights_out.of_settings() == [(22, 1), (27, 0)]


def test_without_any_settings_it_is_the_default_pin(place):
    assert lights_out.of_settings() == [(17, 0)]
    place.mkdir()
    assert lights_out.of_settings() == [(17, 0)]


def test_a_pipe_in_place_of_the_settings_does_not_hold_it_up(place):
    os.mkfifo(place)
    assert lights_out.of_settings() == [(17, 0)]


def test_no_pin_is_no_pin(place):
    place.write_text("[led]\npin = 'none'\n")
    assert lights_out.of_settings() == []


def test_both_colours_and_the_coils_of_a_motor_count(place):
    place.write_text("[led]\nred = 18\n[lens]\ndriver = 'stepdir'\npins = [5, 6, 13]\n")
    assert lights_out.of_settings() == [(17, 0), (18, 0), (5, 0), (6, 0), (13, 1)]


def test_what_was_taken_counts_whatever_the_settings_have_become(place, monkeypatch):
    monkeypatch.setenv("SERVICE_RESULT", "watchdog")
    lights_out.note_taken([(22, 1), (27, 0)])
    place.write_text("[led]\npin = 5\n")
    assert lights_out.left_on() == [(22, 1), (27, 0)]


@pytest.mark.parametrize("result", ["success", "exit-code"])
def test_what_ended_by_itself_is_left_alone_unless_it_left_pins_behind(place, monkeypatch, result):
    monkeypatch.setenv("SERVICE_RESULT", result)
    lights_out.note_taken([(22, 1)])
    assert lights_out.left_on() == [(22, 1)]
    lights_out.note_taken([])
    assert lights_out.left_on() is None


def test_a_pin_that_can_not_be_had_does_not_keep_the_next_one_lit(place, pins, capsys):
    lights_out.put_out([(99, 0), (17, 1)])
    assert any(state.state for state in pins.pin(17).states)
    assert "GPIO 99 could not be turned off" in capsys.readouterr().err
