from pathlib import Path

import pytest

from focuscam.config import Settings, load
from focuscam.errors import ConfigurationError

SHIPPED = Path(__file__).resolve().parents[1] / "deploy" / "focuscam.toml"


@pytest.fixture
def load_text(tmp_path):
    def load_it(text):
        file = tmp_path / "focuscam.toml"
        file.write_text(text)
        return load(file)

    return load_it


@pytest.fixture
def complaint(load_text):
    def of(text):
        with pytest.raises(ConfigurationError) as raised:
            load_text(text)
        assert raised.value.status == 78
        return str(raised.value)

    return of


def test_an_empty_file_leaves_every_default(load_text):
    assert load_text("") == Settings()


def test_what_the_file_says_is_in_force_and_names_where_it_came_from(load_text, tmp_path):
    settings = load_text("[led]\npin = 22\n[focus]\nregion = '0.1,0.2,0.3,0.4'")
    assert settings.led.pin == 22
    assert settings.focus.region.name == "0.1,0.2,0.3,0.4"
    origins = {name: origin for name, _, origin in settings.each()}
    assert origins["led.pin"] == str(tmp_path / "focuscam.toml")
    assert origins["led.active_high"] == "default"


def test_no_pin_is_written_none(load_text):
    assert load_text('[led]\npin = "none"').led.pin is None


def test_what_the_program_keeps_is_read_over_the_users_file(load_text, tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    (tmp_path / "settings.toml").write_text("[focus]\nthreshold = 0.7")
    settings = load_text("[focus]\nthreshold = 0.4\nhold_s = 1")
    assert settings.focus.threshold == 0.7
    assert settings.focus.hold_s == 1.0


def test_an_unknown_key_names_its_nearest_neighbour(complaint):
    assert "[focus] thresold is not a setting; did you mean threshold?" in complaint("[focus]\nthresold = 0.5")


def test_an_unknown_table_names_its_nearest_neighbour(complaint):
    assert "did you mean led?" in complaint("[leds]\npin = 17")


def test_a_key_like_no_other_is_told_what_there_is(complaint):
    assert "there are pin, active_high" in complaint("[buzzer]\nxyzzy = 1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[focus]\nthreshold = 'high'", '[focus] threshold is "high", but must be a number from 0 to 1.'),
        ("[focus]\nthreshold = 1.5", "[focus] threshold is 1.5, but must be a number from 0 to 1."),
        ("[focus]\nthreshold = true", "[focus] threshold is true, but must be a number from 0 to 1."),
        ("[led]\npin = 99", '[led] pin is 99, but must be a GPIO number (BCM) from 0 to 27, or "none".'),
        ("[led]\nactive_high = 1", "[led] active_high is 1, but must be true or false."),
        ("[led]\nrequired = 'maybe'", '[led] required is "maybe", but must be "auto" or true or false.'),
        ("[camera]\nrotation = 90", "[camera] rotation is 90, but must be 0 or 180."),
        ("[camera]\nfps = nan", "[camera] fps is nan, but must be a number from 0.005 to 120 frames a second."),
        ("[focus]\nregion = 'middle'", '[focus] region is "middle", but must be '),
        ("led = 17", "led is 17, but must be a table: write [led]."),
    ],
)
def test_a_wrong_value_is_told_what_was_found_and_what_is_allowed(complaint, tmp_path, text, said):
    sentence = complaint(text)
    assert sentence.startswith(str(tmp_path / "focuscam.toml"))
    assert said in sentence


def test_broken_toml_is_named_with_its_line(complaint):
    assert "line 2" in complaint("[focus]\nthreshold = = 1")


def test_a_file_that_is_not_text_is_a_sentence_too(tmp_path):
    file = tmp_path / "focuscam.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="is not TOML"):
        load(file)


def test_a_file_that_is_absent_is_a_sentence_too(tmp_path):
    with pytest.raises(ConfigurationError, match="no such file"):
        load(tmp_path / "absent.toml")


def test_the_shipped_file_documents_every_setting_with_its_default(load_text):
    text = SHIPPED.read_text()
    assert load_text(text) == Settings()
    uncommented = "\n".join(
        line.removeprefix("#") if line.startswith("#") and line[1:2].isalpha() else line for line in text.splitlines()
    )
    shown = load_text(uncommented)
    for name, value, _ in Settings().each():
        assert name in shown.origins, f"{name} is not documented in deploy/focuscam.toml"
        if value is not None:
            assert {n: v for n, v, _ in shown.each()}[name] == value, f"{name}: another default is documented"


def test_a_pin_used_twice_is_refused_with_its_names(complaint):
    sentence = complaint("[buttons]\nmute = 17")
    assert "[buttons] mute = 17, but [led] pin uses that pin already" in sentence


def test_the_second_colour_of_an_led_that_is_not_there_uses_no_pin(load_text):
    assert load_text('[led]\npin = "none"\nred = 5\n[buzzer]\npin = 5').buzzer.pin == 5


def test_a_pin_of_the_lens_that_is_used_twice_is_refused(complaint, load_text):
    motor = 'driver = "uln2003"\ntravel = 1500\n'
    assert "[lens] pins = 17, but [led] pin uses that pin already" in complaint(f"[lens]\n{motor}pins = [5, 6, 13, 17]")
    assert "[lens] pins = 5, but [lens] pins uses that pin already" in complaint(f"[lens]\n{motor}pins = [5, 6, 13, 5]")
    assert load_text(f"[lens]\n{motor}pins = [5, 6, 13, 19]").lens.pins == (5, 6, 13, 19)


def test_pins_of_a_motor_that_is_not_there_are_free(load_text):
    assert load_text("[lens]\npins = [17]").lens.driver == "camera"


@pytest.mark.parametrize("wrong", ["17", "[]", "[5, 99]", "['5']", "[true]"])
def test_pins_of_the_lens_are_a_list_of_numbers(complaint, wrong):
    assert "must be GPIO numbers (BCM) from 0 to 27, such as [5, 6, 13, 19]" in complaint(f"[lens]\npins = {wrong}")
