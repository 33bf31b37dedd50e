import json
import math
import random
import threading

import pytest

from focuscam.commands import Autofocus, Keep, SetRegion, SetThreshold, TakeStill, Zoom
from focuscam.ipc.protocol import LONGEST_LINE, Refusal, Request, Rules, Watch, line, understood
from focuscam.region import parse

CAN = dict.fromkeys(("region", "threshold", "forget", "mute", "lock", "zoom", "keep", "capture", "autofocus"))
RULES = Rules(True, CAN)

GOOD = [
    {"id": 1, "do": "status"},
    {"id": "a", "do": "watch", "readings": True},
    {"do": "watch", "pictures": 15, "box": [0.1, 0.2, 0.3, 0.4], "width": 320, "map": True},
    {"do": "picture"},
    {"do": "region", "value": "0.1,0.2,0.3,0.4"},
    {"do": "region", "value": "spot"},
    {"do": "threshold", "value": 0.4},
    {"do": "threshold", "value": None},
    {"do": "forget"},
    {"do": "mute", "value": True},
    {"do": "lock", "value": False},
    {"do": "zoom", "value": 2},
    {"do": "keep"},
    {"do": "capture"},
    {"do": "autofocus", "value": "once"},
]


def ask(rules=RULES, **message):
    return understood(json.dumps(message).encode(), rules)


@pytest.mark.parametrize("message", GOOD, ids=json.dumps)
def test_what_the_documentation_shows_is_understood(message):
    assert isinstance(ask(**message), Request)


def test_a_command_becomes_what_the_loop_takes():
    assert ask(do="region", value="best").do == SetRegion(parse("best"))
    assert ask(do="zoom", value=2).do == Zoom(2.0)
    assert ask(do="autofocus", value="stop").do == Autofocus("stop")
    assert ask(do="threshold").do == SetThreshold(None)
    assert ask(do="keep").do == Keep()
    assert ask(do="keep", value="threshold").do == Keep("threshold")
    assert ask(do="capture").do == TakeStill()


def test_a_watch_is_rounded_to_what_readers_can_share():
    request = ask(do="watch", pictures=3, box=[0.123456, 0, 0.5, 0.5], width=333)
    assert request.watch == Watch(pictures=3, box=(0.1235, 0, 0.5, 0.5), width=352)


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ({"do": "fly"}, "one of"),
        ({"do": ["region"]}, "one of"),
        ({"do": "reload"}, "one of"),
        ({"do": "region", "value": "1,1,1,1"}, "inside the frame"),
        ({"do": "region", "value": 3}, "x,y,w,h"),
        ({"do": "threshold", "value": 1.5}, "0 to 1"),
        ({"do": "threshold", "value": True}, "number"),
        ({"do": "zoom", "value": 1e9}, "from 1 to"),
        ({"do": "autofocus", "value": "now"}, '"once", "continuous" or "stop"'),
        ({"do": "mute", "value": "yes"}, "true or false"),
        ({"do": "watch", "pictures": 16}, "15"),
        ({"do": "watch", "frames": 11}, "10"),
        ({"do": "keep", "value": "all"}, "threshold"),
        ({"do": "watch", "box": [0, 0, 2, 1]}, "box"),
        ({"do": "watch", "box": [0.9, 0, 0.5, 1]}, "inside the frame"),
        ({"do": "watch", "width": -1}, "width"),
        ({"do": "status", "id": 1.5}, "id"),
        ({"do": "status", "id": "x" * 65}, "64"),
    ],
)
def test_what_can_not_be_done_is_refused_with_a_sentence_that_helps(message, word):
    refusal = ask(**message)
    assert isinstance(refusal, Refusal)
    assert word in refusal.why
    assert refusal.why.endswith(".")


@pytest.mark.parametrize("text", [b"", b"{", b"[" * 4000, b"\xff\xfe", b"3", b'"do"', b"NaN", b'{"do": NaN}', b"{}"])
def test_what_is_no_request_is_refused(text):
    assert isinstance(understood(text, RULES), Refusal)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "-1e-999", "9" * 400])
def test_numbers_that_are_none_do_not_get_through(value):
    made = understood(b'{"do": "threshold", "value": %s}' % value.encode(), RULES)
    assert isinstance(made, Refusal) or 0 <= made.do.score <= 1


def test_looking_only_means_that_no_command_gets_through():
    looking = Rules(False, CAN)
    for message in GOOD:
        made = ask(looking, **message)
        assert isinstance(made, Refusal) or message["do"] in ("watch", "status", "picture")


def test_what_this_camera_has_not_is_refused_in_its_own_words():
    assert ask(Rules(True, {"zoom": "It has no crop."}), do="zoom", value=2).why == "It has no crop."


def messages(count, seed):
    """Random and mutated lines, none of them longer than is allowed."""
    chance = random.Random(seed)
    values = [
        None,
        True,
        -1,
        0,
        0.5,
        1e308,
        10**30,
        "",
        "spot",
        "\ud800",
        [],
        {},
        [[]],
        "x" * 300,
        math.nan,
        "é\0\x1b[2J",
    ]
    for _ in range(count):
        match chance.randrange(5):
            case 0:
                yield bytes(chance.randrange(256) for _ in range(chance.randrange(80)))
            case 1:
                good = dict(chance.choice(GOOD))
                good[chance.choice([*good, "value", "id", "box", "extra"])] = chance.choice(values)
                yield json.dumps(good).encode()
            case 2:
                text = bytearray(json.dumps(chance.choice(GOOD)).encode())
                for _ in range(chance.randrange(1, 4)):
                    text[chance.randrange(len(text))] = chance.randrange(256)
                yield bytes(text)
            case 3:
                text = json.dumps(chance.choice(GOOD)).encode()
                start, end = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
                yield text[:start] + text[start:end] * chance.randrange(8) + text[end:]
            case 4:
                yield json.dumps(chance.choice(GOOD)).encode()


def test_20_000_random_and_mutated_messages_are_all_answered_and_leave_the_daemon_alive(bench, talker):
    lines = [text.replace(b"\n", b" ") for text in messages(20_000, seed=5)]
    assert all(len(text) <= LONGEST_LINE for text in lines)
    reader = talker()
    assert reader.hear()["type"] == "hello"

    def send():
        reader.connection.sendall(b"".join(text + b"\n" for text in lines))

    sending = threading.Thread(target=send, daemon=True)
    sending.start()
    for _ in lines:
        answer = reader.hear("answer")
        assert isinstance(answer["ok"], bool)
        assert answer["ok"] or answer["why"]
        bench.obey()
    reader.say(id="last", do="status")
    assert reader.hear("answer")["id"] == "last"
    assert bench.commands, "some of them were good"
    for command in bench.commands:
        assert command.do in CAN
        if isinstance(command, SetRegion):
            assert parse(command.region.text) == command.region
        elif isinstance(command, SetThreshold):
            assert command.score is None or 0 <= command.score <= 1


def test_a_line_is_one_line_whatever_is_in_it():
    made = line("notice", text="a\nb\u2028\ud800")
    assert made.count(b"\n") == 1
    assert json.loads(made)["text"] == "a\nb\u2028\ud800"
