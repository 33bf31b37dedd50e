import base64
import json
import struct

import pytest

from focuscam.indicators.buzzer import HIGHEST_HZ, LOWEST_HZ
from focuscam.page import telling
from focuscam.page.wishes import MAY

READING = {
    "light": "off", "score": 0.25, "closeness": 0.5, "threshold": 0.5, "phase": "climbing", "in_focus": False,
    "frame_s": 0.05, "lens": None,
}  # fmt: skip


def test_the_words_are_those_of_the_view_in_a_terminal():
    assert telling.reading(READING)["words"] == "getting better: go on"


def test_it_sounds_as_the_buzzer_does():
    told = telling.reading(READING)
    assert told["beeps"] == pytest.approx(1 + 7 * 0.25**2, abs=0.01)
    assert LOWEST_HZ < told["tone"] < HIGHEST_HZ
    assert telling.reading(READING | {"light": "on"})["beeps"] is None
    assert telling.reading(READING | {"light": "on"})["tone"] == HIGHEST_HZ
    assert telling.reading(READING | {"score": None, "light": "can't tell"})["beeps"] is None


def test_a_long_exposure_lasts_longer():
    assert telling.reading(READING)["lasts"] == 1.5
    assert telling.reading(READING | {"frame_s": 10.0})["lasts"] == 15.0


def test_what_the_daemon_forbids_is_told_with_its_reason():
    status = {"commands": True, "can": dict.fromkeys(MAY) | {"autofocus": "There is no motor."}}
    assert telling.may(status, None) == status["can"]
    assert set(telling.may(status, "A window.").values()) == {"A window."}
    assert "Looking only" in telling.may(status | {"commands": False}, None)["forget"]
    assert "older" in telling.may({}, None)["capture"]


def test_a_picture_travels_as_bytes():
    sent = {"box": [0, 0, 1, 1], "frame": 7, "jpeg": base64.b64encode(b"a jpeg").decode()}
    data = telling.picture(sent)
    [length] = struct.unpack_from("<H", data)
    assert json.loads(data[2 : 2 + length]) == {"box": [0, 0, 1, 1], "frame": 7}
    assert data[2 + length :] == b"a jpeg"
