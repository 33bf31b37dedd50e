import base64
import contextlib
import json
import threading
import time

import cv2
import numpy as np

from focuscam.commands import Mute, SetRegion
from focuscam.ipc import pictures as darkroom
from focuscam.ipc import server as server_module
from focuscam.ipc.protocol import LONGEST_LINE
from focuscam.ipc.server import MOST_READERS
from focuscam.region import parse


def until(true, seconds=10.0):
    """Wait for something that another thread does."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


def test_a_reader_is_greeted_and_then_left_alone(bench, talker, reading):
    reader = talker()
    hello = reader.hear()
    assert (hello["type"], hello["protocol"], hello["commands"]) == ("hello", 1, True)
    for _ in range(5):
        bench.show(reading)
    reader.say(id=1, do="status")
    assert reader.hear()["type"] == "answer"


def test_every_reading_is_sent_to_those_who_want_them(bench, talker, reading):
    reader = talker()
    reader.say(id=1, do="watch", readings=True)
    assert reader.hear("answer")["ok"]
    for _ in range(20):
        bench.show(reading)
        time.sleep(0.002)
    assert [reader.hear("reading")["frame"] for _ in range(20)] == list(range(20))


def test_a_reading_carries_the_facts_of_its_frame_not_of_the_moment_it_is_sent(bench, talker, reading, monkeypatch):
    reader = talker()
    reader.say(id=1, do="watch", readings=True)
    reader.hear("answer")
    until(lambda: bench.server.wants_readings)
    monkeypatch.setattr(bench.server, "_hand_out", lambda: None)  # the socket's thread is late
    for name in ("spot", "whole", "best"):
        bench.facts = bench.facts | {"region_name": name}
        bench.show(reading)
    bench.facts = bench.facts | {"region_name": "0.1,0.1,0.2,0.2"}
    monkeypatch.undo()
    bench.server.announce("Go on.")
    assert [reader.hear("reading")["region_name"] for _ in range(3)] == ["spot", "whole", "best"]


def test_a_status_does_not_mix_the_region_of_one_moment_with_the_reading_of_another(bench, talker, reading):
    bench.facts = bench.facts | {"stills": {"asked": 0}}
    bench.show(reading)
    bench.facts = bench.facts | {"region_name": "whole", "stills": {"asked": 1}}
    reader = talker()
    reader.say(id=1, do="status")
    status = reader.hear("answer")
    assert status["region_name"] == "spot"
    assert status["stills"] == {"asked": 1}, "what no picture shows is as it is now"


def test_how_long_it_runs_does_not_depend_on_the_clock_on_the_wall(bench, talker, reading, monkeypatch):
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 200 * 86400)
    reader = talker()
    hello = reader.hear()
    bench.show(reading)
    reader.say(id=1, do="status")
    status = reader.hear("answer")
    for told in (hello, status):
        assert 0 <= told["running"] < 60
        assert abs(told["since"] + told["running"] - time.time()) < 5


def test_a_picture_is_the_frame_in_grey(bench, talker, reading):
    bench.luma = np.tile(np.linspace(0, 255, 640).astype(np.uint8), (480, 1))
    reader = talker()
    reader.say(do="watch", pictures=15, width=320)
    reader.hear("answer")
    until(lambda: bench.server.orders)
    bench.show(reading)
    picture = reader.hear("picture")
    luma = cv2.imdecode(np.frombuffer(base64.b64decode(picture["jpeg"]), np.uint8), cv2.IMREAD_UNCHANGED)
    assert luma.shape == (240, 320) == (picture["height"], picture["width"])
    assert np.abs(luma.astype(int) - bench.luma[::2, ::2]).max() < 8


def test_a_part_of_the_frame_can_be_looked_at_closer(bench, talker, reading):
    bench.luma[:] = 0
    bench.luma[:240, :320] = 200
    reader = talker()
    reader.say(do="watch", pictures=15, width=320, box=[0, 0, 0.5, 0.5])
    reader.hear("answer")
    until(lambda: bench.server.orders)
    bench.show(reading)
    picture = reader.hear("picture")
    luma = cv2.imdecode(np.frombuffer(base64.b64decode(picture["jpeg"]), np.uint8), cv2.IMREAD_UNCHANGED)
    assert luma.shape == (240, 320)
    assert luma.min() > 190


def test_the_map_says_where_it_can_not_tell(bench, talker, reading):
    reader = talker()
    reader.say(do="watch", map=True)
    reader.hear("answer")
    until(lambda: bench.server.orders)
    bench.show(reading)
    assert reader.hear("map")["score"] == [[0.5, None], [0.25, 1.0]]


def test_nothing_is_made_while_nobody_looks(bench, talker, reading, monkeypatch):
    monkeypatch.setattr(darkroom, "job", lambda *_: 1 / 0)
    monkeypatch.setattr(server_module, "reading_fields", lambda *_: 1 / 0)
    reader = talker()
    reader.say(do="watch")
    reader.hear("answer")
    for _ in range(30):
        bench.show(reading)
    assert bench.maps == 0


def test_whoever_stops_looking_is_sent_nothing_more(bench, talker, reading):
    reader = talker()
    reader.say(do="watch", readings=True, pictures=15, map=True)
    reader.hear("answer")
    reader.say(do="watch")
    reader.hear("answer")
    until(lambda: not bench.server.wants_readings)
    for _ in range(5):
        bench.show(reading)
        time.sleep(0.02)
    reader.say(id="end", do="status")
    late = [reader.hear()]
    while late[-1].get("id") != "end":
        late.append(reader.hear())
    # What was already being made when it asked may still come, once.
    assert [each["type"] for each in late].count("picture") <= 1
    assert "reading" not in [each["type"] for each in late]


def test_commands_come_out_in_the_order_in_which_they_were_said(bench, talker):
    reader = talker()
    for value in ("whole", "best", "spot"):
        reader.say(do="region", value=value)
    reader.say(do="mute", value=True)
    for _ in range(4):
        assert reader.hear("answer")["ok"]
    bench.obey()
    assert bench.commands == [*(SetRegion(parse(each)) for each in ("whole", "best", "spot")), Mute(True)]


def test_what_the_configuration_forbids_is_not_done(bench, talker):
    bench.allowed = False
    reader = talker()
    reader.say(do="forget")
    answer = reader.hear("answer")
    assert not answer["ok"]
    assert "commands = false" in answer["why"]
    assert bench.queue.empty()


def test_commands_do_not_pile_up_while_the_loop_waits_for_a_frame(bench, talker):
    reader = talker()
    for _ in range(500):
        reader.say(do="forget")
    answers = [reader.hear("answer") for _ in range(500)]
    assert [each["ok"] for each in answers[:16]] == [True] * 16
    assert "next frame" in answers[-1]["why"]
    assert bench.queue.qsize() == 16
    bench.obey()
    reader.say(do="forget")
    assert reader.hear("answer")["ok"]


def test_a_notice_reaches_everybody(bench, talker):
    readers = [talker(), talker()]
    for reader in readers:
        reader.hear("hello")
    bench.server.announce("The camera now shows more.")
    for reader in readers:
        assert reader.hear("notice")["text"] == "The camera now shows more."


def test_the_ninth_reader_is_told_so(talker):
    readers = [talker() for _ in range(MOST_READERS)]
    for reader in readers:
        assert reader.hear("hello")
    ninth = talker()
    assert "8 readers" in ninth.hear("end")["why"]
    assert ninth.hear() is None
    readers[3].close()
    again = talker()
    assert again.hear()["type"] in ("hello", "end")


def test_a_line_over_4_kib_is_answered_with_the_end(talker):
    reader = talker()
    reader.hear("hello")
    reader.connection.sendall(b"x" * (LONGEST_LINE + 1))
    assert "4096" in reader.hear("end")["why"]
    assert reader.hear() is None


def test_a_line_of_just_4_kib_is_answered_as_any_other(talker):
    reader = talker()
    text = b'{"do": "status"' + b" " * (LONGEST_LINE - 16) + b"}"
    assert len(text) == LONGEST_LINE
    reader.connection.sendall(text + b"\n")
    assert reader.hear("answer")["ok"]


def test_what_was_said_before_hanging_up_is_answered(talker):
    reader = talker()
    reader.connection.sendall(b'{"id": 1, "do": "status"}\n{"id": 2, "do": "status"}\n')
    reader.connection.shutdown(1)
    assert [reader.hear("answer")["id"] for _ in range(2)] == [1, 2]
    assert reader.hear() is None


def test_a_reader_that_takes_nothing_loses_frames_then_its_connection_and_costs_little_memory(
    bench, talker, reading, monkeypatch
):
    monkeypatch.setattr(server_module, "PATIENCE_S", 1.0)
    stopped, other = talker(), talker()
    for reader in (stopped, other):
        reader.say(do="watch", readings=True, pictures=15, width=640)
    until(lambda: len(bench.server.waiting) == 2)
    heard = []
    listening = threading.Thread(target=lambda: heard.extend(iter(other.hear, None)), daemon=True)
    listening.start()
    most = 0
    deadline = time.monotonic() + 30
    while len(bench.server.waiting) == 2:
        assert time.monotonic() < deadline
        bench.show(reading)
        most = max(most, *bench.server.waiting)
        time.sleep(0.005)
    assert most < 1_000_000
    other.say(id="still", do="status")
    until(lambda: any(each.get("id") == "still" for each in heard))
    assert sum(each["type"] == "reading" for each in heard) > 50


def test_a_reader_that_wants_nothing_loses_its_place(bench, talker, monkeypatch):
    monkeypatch.setattr(server_module, "PATIENCE_S", 0.2)
    reader = talker()
    reader.hear("hello")
    assert "Nothing was asked" in reader.hear("end")["why"]
    assert reader.hear() is None


def test_whoever_asks_without_taking_the_answers_is_not_listened_to(bench, talker):
    reader = talker()
    reader.hear("hello")
    reader.connection.settimeout(2)
    sent = 0
    try:
        while sent < 50_000_000:
            sent += reader.connection.send(b'{"do": "status"}\n' * 100)
    except TimeoutError:
        pass
    assert sent < 5_000_000, "the kernel's buffers, and no more"
    assert all(each < 200_000 for each in bench.server.waiting)


def test_the_loop_does_not_wait_for_a_reader_that_shouts(bench, talker, reading):
    reader = talker()
    reader.say(do="watch", readings=True, pictures=15, map=True)
    reader.connection.setblocking(False)
    held = []
    for _ in range(100):
        with contextlib.suppress(BlockingIOError):
            reader.connection.send(b"\n" * 4096)
        held.append(bench.show(reading))
        time.sleep(0.002)
    assert sorted(held)[50] < 0.01


def test_changing_ones_mind_does_not_pile_up_work(bench, talker, reading):
    reader = talker()
    for step in range(200):
        reader.say(do="watch", pictures=15, box=[step / 1000, 0, 0.1, 0.1])
    for _ in range(200):
        reader.hear("answer")
    assert len(bench.server.orders) <= 3


def test_a_picture_to_keep_has_the_full_size_and_is_made_once_at_a_time(bench, talker, reading):
    reader = talker()
    reader.say(id=1, do="picture")
    reader.say(id=2, do="picture")
    assert [reader.hear("answer")["ok"] for _ in range(2)] == [True, False]
    until(lambda: bench.server.orders)
    bench.show(reading)
    whole = reader.hear("whole")
    assert (whole["width"], whole["height"]) == (640, 480)


def test_the_end_of_the_daemon_is_told(bench, talker):
    reader = talker()
    reader.say(do="watch", readings=True)
    reader.hear("answer")
    bench.end()
    assert reader.hear("end")["why"] == "focuscam has ended."
    assert reader.hear() is None


def test_the_status_before_the_first_frame_says_that_there_is_none(talker):
    reader = talker()
    reader.say(do="status")
    answer = reader.hear("answer")
    assert answer["ok"]
    assert answer["light"] is None
    assert json.dumps(answer)
