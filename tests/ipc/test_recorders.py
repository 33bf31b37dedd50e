"""Readers that record: nothing rounded, nothing lost, pixel for pixel."""

import base64
import json
import socket
import threading
import time

import numpy as np
import pytest

from focuscam.commands import Forget, SetThreshold
from focuscam.errors import FocuscamError
from focuscam.ipc.client import Link
from focuscam.system.png import checksum, from_png


@pytest.fixture
def recorder(bench, talker):
    made = talker()
    made.say(id=1, do="watch", frames=10)
    made.answer = made.hear("answer")
    return made


def show(bench, reading, frames, **rest):
    for _ in range(frames):
        bench.show(reading, **rest)
        time.sleep(0.002)


def test_one_is_told_what_a_recording_begins_with(recorder):
    assert recorder.answer["recording"] == {"camera": "bench", "model": {}, "hold_s": 0.3}


def test_every_scored_frame_comes_with_nothing_rounded_and_the_commands_before_it(bench, recorder, reading):
    score = 0.123456789012345
    bench.show(reading, score=score, thumbnail=b"\x01\xff")
    bench.show(reading, commands=(SetThreshold(0.3), Forget()))
    first, second = recorder.hear("scored"), recorder.hear("scored")
    assert first["score"] == score
    assert first["thumbnail"] == "01ff"
    assert second["seq"] == first["seq"] + 1
    assert second["commands"] == [{"do": "threshold", "value": 0.3}, {"do": "forget", "value": None}]


def test_its_frames_are_the_pixels_themselves(bench, recorder, reading):
    deadline = time.monotonic() + 10
    while not bench.server.orders:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    bench.show(reading)
    pixels = recorder.hear("pixels")
    luma = from_png(base64.b64decode(pixels["fine"]))
    assert (luma == bench.luma).all()
    assert pixels["fine_crc"] == checksum(bench.luma)
    assert pixels["coarse"] is None, "it is the same"


def test_no_scored_frame_is_lost_while_pixels_are_on_their_way(bench, recorder, reading):
    bench.luma = np.random.default_rng(1).integers(0, 256, (1520, 2028), np.uint8)
    heard = []

    def listen():
        while not {"pixels", "scored"} <= {each["type"] for each in heard} or len(heard) < 110:
            heard.append(recorder.hear())

    listening = threading.Thread(target=listen)
    listening.start()
    show(bench, reading, 200)
    listening.join(20)
    sequence = [each["seq"] for each in heard if each["type"] == "scored"]
    assert sequence == list(range(sequence[0], sequence[0] + len(sequence)))
    assert any(each["type"] == "pixels" for each in heard)


def test_who_does_not_record_is_not_bothered(bench, recorder, talker, reading):
    looking = talker()
    looking.say(id=1, do="watch", readings=True)
    looking.hear("answer")
    show(bench, reading, 5)
    assert {looking.hear()["type"] for _ in range(5)} == {"reading"}


def test_commands_cost_nothing_while_nobody_records(bench, talker, reading):
    for _ in range(1000):
        bench.show(reading, commands=(Forget(),))
    late = talker()
    late.say(id=1, do="watch", frames=10)
    late.hear("answer")
    bench.show(reading)
    assert late.hear("scored")["commands"] == [], "what nobody heard was not kept"


@pytest.mark.parametrize("says", [b"HTTP/1.1 400 Bad Request\r\n", b"3\n", b"\xff\xfe\n", b"[" * 5000 + b"\n"])
def test_a_socket_that_is_not_ours_is_told_in_a_sentence(says):
    theirs, ours = socket.socketpair()
    theirs.sendall(says)
    with pytest.raises(FocuscamError, match="no focuscam"):
        Link(ours)
    theirs.close()
    ours.close()


def test_a_daemon_of_another_version_is_told_with_its_version():
    theirs, ours = socket.socketpair()
    theirs.sendall(json.dumps({"type": "hello", "protocol": 2, "focuscam": "9.0"}).encode() + b"\n")
    with pytest.raises(FocuscamError, match=r"focuscam 9\.0 and speaks another version"):
        Link(ours)
    theirs.close()
    ours.close()
