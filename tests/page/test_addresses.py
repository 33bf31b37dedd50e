import re
import socket

import cv2
import numpy as np
import pytest

from focuscam.cli.page import _invitation
from focuscam.config import PageSettings
from focuscam.page import addresses

KEY = "abcdefghjkmnpqrstuvwxyz2"


def test_its_names_are_its_own():
    own = socket.gethostname().split(".")[0]
    assert {"localhost", own, f"{own}.local"} == addresses.names()


def test_what_only_this_machine_reaches_has_no_address_for_others():
    assert addresses.reached_at("127.0.0.1") == []
    assert addresses.reached_at("::1") == []
    assert addresses.reached_at("10.0.0.7") == ["10.0.0.7"]
    for each in addresses.own():
        assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", each)
        assert not each.startswith("127.")


@pytest.mark.parametrize(("host", "shown"), [("10.0.0.7", "10.0.0.7"), ("fe80::1", "[fe80::1]")])
def test_a_key_stands_where_a_browser_tells_it_to_nobody(host, shown):
    assert addresses.link(host, 8017, KEY) == f"http://{shown}:8017/#{KEY}"


def test_a_phone_reads_the_address_from_the_terminal():
    lines = _invitation(PageSettings(listen="10.0.0.7"), 8017, KEY)
    wanted = f"http://10.0.0.7:8017/#{KEY}"
    assert any(wanted in line for line in lines)
    code = [line for line in lines if any(sign in line for sign in "█▀▄")]
    text = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(code)).split("\n")
    width = max(map(len, text))
    dots = np.array([[sign in half for sign in line.ljust(width)] for line in text for half in ("█▀", "█▄")], np.uint8)
    large = np.kron(np.pad(255 * dots, 4, constant_values=255), np.ones((8, 8), np.uint8))
    assert cv2.QRCodeDetector().detectAndDecode(large)[0] == wanted


def test_behind_a_tunnel_it_says_how_to_get_there():
    lines = "\n".join(_invitation(PageSettings(), 8017, KEY))
    assert "ssh -L 8017:localhost:8017" in lines
    assert f"http://localhost:8017/#{KEY}" in lines
