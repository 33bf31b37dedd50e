from PIL import Image

from focuscam.config import BuzzerSettings, LedSettings
from lab.timing_diagram import PIN, SOUND, played


def test_a_light_that_is_bright_has_more_levels_than_on_and_off(pins):
    _, plain = played(LedSettings(), BuzzerSettings(), PIN)
    _, bright = played(LedSettings(mode="bright"), BuzzerSettings(), PIN)
    assert set(plain) == {0.0, 1.0}
    assert len(set(bright)) > 3


def test_of_a_tone_the_frequency_is_drawn(pins):
    _, levels = played(LedSettings(pin=None), BuzzerSettings(pin=SOUND, mode="tone"), SOUND)
    assert max(levels) > 0.3


def test_the_script_writes_a_picture(tool, pins, tmp_path):
    assert tool("timing_diagram")([str(tmp_path / "a.png")]) == 0
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width > 1000
