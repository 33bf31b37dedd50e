"""Daemons that do not keep to docs/reference/protocol.md: whoever asks them ends with one sentence, and soon."""

import base64
import io
import json
import logging
import socket
import threading
import time
from contextlib import suppress

import pytest
from PIL import Image

from focuscam.cli import main
from focuscam.doctor.daemons import look
from focuscam.errors import FocuscamError
from focuscam.ipc.client import Link, join
from focuscam.ipc.expected import KINDS, understood
from focuscam.sensor import FocusSensor
from focuscam.tui.picture import Seen
from focuscam.tui.save import save


def jpeg():
    out = io.BytesIO()
    Image.new("L", (64, 48), 100).save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


READING = {
    "frame": 5, "name": None, "time": 0.2, "score": 0.9, "certainty": 1.0, "in_focus": True, "blur": "none",
    "contrast": 0.5, "closeness": 0.9, "phase": "at the top", "scene": 1, "rested": 0.7, "top": 0.5, "blur_px": 1.1,
    "blur_error": 0.3, "hint": "best", "led": 1.0, "light": "on", "reason": None, "threshold": 0.5,
    "region": [0.4, 0.4, 0.2, 0.2], "region_name": "spot", "best": 0.6, "fps": 30.0, "age": 0.03, "exposure": 0.01,
    "gain": 1.0, "source": "bench", "zoom": 1.0, "locked": False, "released": True, "indicators": ["led"],
    "lens": {
        "position": 5, "range": [0, 10], "searching": False, "continuous": False, "searches": 1, "looks": 3,
        "looked_at": 4, "found": "focus", "said": "In focus.",
    },
    "stills": {"asked": 1, "file": "/stills/x.jpg", "why": None, "saved": 1},
}  # fmt: skip

TRUTH = {
    "hello": {
        "protocol": 1, "focuscam": "1", "commands": True, "since": 1.7e9,
        "can": dict.fromkeys(("forget", "keep", "release", "resume", "capture", "autofocus", "threshold")),
    },
    "answer": {
        "ok": True, "why": None, **READING, "focuscam": "1", "pid": 7, "since": 1.7e9,
        "recording": {"camera": "bench", "model": {"sha256": "0" * 64, "threshold": 0.5}, "hold_s": 0.3},
    },
    "reading": READING,
    "picture": {
        "frame": 5, "time": 0.2, "name": None, "box": [0, 0, 1, 1], "width": 64, "height": 48, "taken": 1.0,
        "jpeg": jpeg(),
    },
    "scored": {
        **{name: value for name, value in READING.items() if name in KINDS["scored"]},
        "seq": 5, "commands": [{"do": "hold", "value": 0.3}, {"do": "forget", "value": None}], "camera": {"Gain": 1.0},
        "thumbnail": "00",
    },
    "pixels": {"seq": 5, "frame": 5, "fine": "AAAA", "coarse": None, "fine_crc": 1, "coarse_crc": None},
    "map": {"frame": 5, "score": [[0.5, None], [0.1, 0.2]]},
    "notice": {"text": "The camera is back."},
}  # fmt: skip
TRUTH["whole"] = TRUTH["picture"]

LIES = ["text", "x" * 5000, None, [], {}, -1, 1e300, True, [[]], "absent"]
"""In place of a value; the last takes the field away."""


class Liar:
    """A daemon that answers with what it is given, a few lines of each kind, and goes."""

    def __init__(self, path):
        self.says = TRUTH
        self.place = path
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(50)
        threading.Thread(target=self._serve, daemon=True).start()

    def lying(self, kind, name, lie):
        said = {**TRUTH[kind], name: lie}
        if lie == "absent":
            del said[name]
        self.says = {**TRUTH, kind: said}

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self):
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        def say(kind, **more):
            connection.sendall(json.dumps({"type": kind, **more, **self.says[kind]}).encode() + b"\n")

        with suppress(OSError, ValueError), connection, connection.makefile("rb") as lines:
            say("hello")
            asked = 0
            for line in lines:
                request = json.loads(line)
                asked += request["do"] == "capture"
                answer = {"type": "answer", "id": request["id"]} | self.says["answer"]
                if answer.get("stills") == READING["stills"]:
                    answer["stills"] = {**READING["stills"], "asked": asked}
                connection.sendall(json.dumps(answer).encode() + b"\n")
                if request["do"] == "watch":
                    for _ in range(3):
                        for kind in ("reading", "scored", "pixels", "notice"):
                            say(kind)
                    return


@pytest.fixture
def liar(tmp_path, monkeypatch):
    made = Liar(tmp_path / "s")
    monkeypatch.setenv("FOCUSCAM_SOCKET", str(made.place))
    monkeypatch.setattr(time, "sleep", lambda _: None)  # nobody needs to wait for a daemon that answers at once
    yield made
    made.close()


def lies(*kinds):
    return [(kind, name, lie) for kind in kinds for name in TRUTH[kind] for lie in LIES]


def test_what_is_true_passes():
    for kind, fields in TRUTH.items():
        assert understood(json.dumps({"type": kind, **fields}).encode()) == {"type": kind, **fields}


def test_every_field_that_is_told_is_checked():
    for kind, fields in TRUTH.items():
        assert set(fields) - set(KINDS[kind]) <= {"protocol"}, kind


@pytest.mark.parametrize("text", [b"", b"[]", b"7", b"nonsense", b"\xff", b"[" * 100_000, b'{"a": ' + b"9" * 9000])
def test_what_is_no_object_is_a_sentence(text):
    with pytest.raises(FocuscamError, match="no focuscam, or a damaged one"):
        understood(text)


def test_the_sentence_names_the_field():
    with pytest.raises(FocuscamError, match=r"\(\"exposure\" of its answer is 'long'\): check \$FOCUSCAM_SOCKET"):
        understood(b'{"type": "answer", "exposure": "long"}')
    with pytest.raises(FocuscamError, match=r'it does not tell "score"'):
        understood(b'{"type": "reading"}')["score"]


COMMANDS = {
    "status": (["status"], ("hello", "answer")),
    "release": (["release"], ("hello", "answer")),
    "resume": (["resume"], ("hello", "answer")),
    "capture": (["capture"], ("hello", "answer")),
    "autofocus": (["autofocus"], ("hello", "answer", "reading")),
    "calibrate": (["calibrate"], ("hello", "answer", "reading")),
    "json": (["--json"], ("hello", "answer", "reading")),
    "lines": (["--preview"], ("hello", "answer", "reading")),
    "record": (["--record"], ("hello", "answer", "scored", "pixels")),
}


LATE = ("in time", "does not let go", "no frames")
"""Of the sentences of those who waited until their patience ended."""


@pytest.mark.parametrize("name", COMMANDS)
def test_whoever_asks_a_liar_ends_with_a_sentence_and_soon(liar, name, tmp_path, caplog, capsys, monkeypatch):
    monkeypatch.setattr("focuscam.cli.log_to_the_right_place", lambda: None)
    arguments, kinds = COMMANDS[name]
    for number, (kind, field, lie) in enumerate(lies(*kinds)):
        liar.lying(kind, field, lie)
        caplog.clear()
        status = main([*arguments, str(tmp_path / str(number))] if name == "record" else arguments)
        told = f"{kind} {field} {lie!r}: {status}, {caplog.messages}"
        assert len(caplog.messages[-1] if caplog.messages else "") < 4096
        assert not any(sentence in told for sentence in LATE), told
        assert status in (0, 1), told
        assert status == 0 or caplog.records[-1].levelno == logging.ERROR, told
        assert "\n" not in caplog.text.strip() or len(caplog.messages) > 1, told


def test_the_doctor_tells_of_liars(liar):
    for kind, field, lie in lies("hello", "answer"):
        liar.lying(kind, field, lie)
        for daemon in look(None):
            assert daemon.hindrance is not None or daemon.status


def test_a_sensor_tells_of_liars_and_never_has_a_value_that_is_none(liar):
    for kind, field, lie in lies("reading"):
        liar.lying(kind, field, lie)
        with suppress(FocuscamError):
            sensor = FocusSensor(socket=liar.place)
            assert 0 <= sensor.value <= 1
            sensor.close()


def test_a_picture_that_is_none_is_passed_over_or_said(liar, tmp_path):
    for lie in ("", "AAAA", "A", "!!", "ä"):
        assert Seen.from_message({**TRUTH["picture"], "jpeg": lie}) is None
    assert "no picture" in save({**TRUTH["picture"], "jpeg": "A"}, {}, tmp_path)
    assert "no picture" in save({}, {}, tmp_path)


def test_a_link_tells_the_truth_of_those_who_tell_it(liar):
    with join([liar.place]) as link:
        assert link.ask("status")["lens"]["said"] == "In focus."
    assert isinstance(link, Link)
