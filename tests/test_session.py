"""A session, the same in this process and over a socket: each test asks both."""

import socket
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest

from focuscam.cameras import Fixed, grey
from focuscam.capture import Capture, Store
from focuscam.capture import store as disk
from focuscam.commands import Forget, Keep, LockExposure, SetRegion, SetThreshold, TakeStill
from focuscam.config import Settings
from focuscam.daemon.loop import Loop
from focuscam.daemon.notices import Notices
from focuscam.errors import FocuscamError, ImpossibleError, RefusedError
from focuscam.indicators import Indicators
from focuscam.ipc.client import Link
from focuscam.ipc.protocol import Rules
from focuscam.ipc.server import Server
from focuscam.messages import Event, Frame
from focuscam.region import parse
from focuscam.session import LocalSession, RemoteSession

LUMA = np.zeros((48, 64), np.uint8)


class Camera(Fixed):
    """Frames for ever, or so many; it can't do anything else."""

    live = False
    description = "a camera"

    def __init__(self, frames=10**9, pause_s=0.0):
        self.frames, self.pause_s, self.number = frames, pause_s, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def newest(self):
        time.sleep(self.pause_s)
        if self.number >= self.frames:
            return None
        self.number += 1
        return Frame(self.number - 1, (self.number - 1) / 30, LUMA, LUMA, taken=time.monotonic())

    def still(self, frame, finer=True, raw=False):
        return grey(frame)


class Scorer:
    model = type("Model", (), {"threshold": 0.5, "sha256": "0" * 64})()

    def __init__(self, reading):
        self.region = parse("spot")
        self.score = lambda frame: reading(frame.number, region=self.region.box)


@pytest.fixture
def loop(reading, tmp_path, monkeypatch):
    """Make a loop that takes stills into tmp_path."""
    monkeypatch.setattr(disk, "SPARE_BYTES", 0)

    def make(camera):
        told = Notices()
        capture = Capture(Store(tmp_path, 10, 10**9, ours=False), tell=told)
        return Loop(camera, Settings(), Scorer(reading), Indicators(None, None), capture=capture, notices=told), capture

    return make


@contextmanager
def local(loop, **camera):
    made, capture = loop(Camera(**camera))
    with capture, LocalSession(made, served) as session:
        yield session


def served(loop):
    return Server(
        None, commands=loop.commands, rules=lambda: Rules(True, loop.can), facts=lambda: loop.facts, open_maps=None
    )


@contextmanager
def remote(loop, **camera):
    camera = Camera(**({"pause_s": 0.002} | camera))
    made, capture = loop(camera)
    theirs, ours = socket.socketpair()
    with capture, served(made) as server:
        server.adopt(theirs, own=True)

        def run():
            for event in made:
                for sentence in event.said:
                    server.announce(sentence)
                if isinstance(event, Event):
                    server.show(event)

        thread = threading.Thread(target=run)
        thread.start()
        while not camera.number:
            time.sleep(0.002)
        try:
            with RemoteSession(Link(ours)) as session:
                yield session
        finally:
            camera.frames = 0
            thread.join(10)


@pytest.fixture(params=[local, remote], ids=["local", "remote"])
def session(request, loop):
    with request.param(loop) as made:
        yield made


def test_each_frame_is_told_with_what_holds_for_it(session):
    for number, seen in enumerate(session.events()):
        assert seen.told["region_name"] == "spot"
        assert seen.told["light"] == "on"
        assert (seen.event is None) is isinstance(session, RemoteSession)
        if number == 5:
            break


def test_what_is_ordered_holds_afterwards(session):
    session.order(SetRegion(parse("whole")))
    session.order(SetThreshold(0.4))
    for number, seen in enumerate(session.events()):
        if seen.told["threshold"] == 0.4 and seen.told["region_name"] == "whole":
            break
        assert number < 100


def test_a_still_is_waited_for_and_its_path_is_what_comes_of_it(session, tmp_path):
    paths = {session.order(TakeStill()) for _ in range(2)}
    assert len(paths) == 2
    assert paths == {str(file) for file in tmp_path.glob("*.jpg")}


def test_what_can_not_be_done_is_refused_with_the_reason(session):
    with pytest.raises(RefusedError, match="no exposure that could be locked") as raised:
        session.order(LockExposure(True))
    assert isinstance(raised.value, ImpossibleError) is isinstance(session, LocalSession)


def test_what_is_kept_is_told_in_a_sentence(session, tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    session.order(Forget())
    assert session.order(Keep()).startswith(f"Kept in {tmp_path}")


def test_who_looks_asks_for_readings_and_pictures_over_the_link_of_either(session):
    link, looked = session.link, {}
    link.ask("watch", readings=True, pictures=15, width=64)
    link.order("threshold", value=0.4)
    events = iter([]) if session.joined else session.events()
    deadline = time.monotonic() + 10
    while not {"reading", "picture"} <= looked.keys() or looked["reading"]["threshold"] != 0.4:
        assert time.monotonic() < deadline
        next(events, None)
        looked |= {message["type"]: message for message in link.receive(0.01)}
    assert looked["picture"]["width"] == 64


def test_a_suspended_view_finds_a_loop_of_its_own_where_it_was_and_a_daemon_that_went_is_missed(session):
    link, stood = session.link, []
    if session.joined:
        with pytest.raises(FocuscamError, match="gone meanwhile"):
            session.suspend(lambda: stood.append(1))
    else:
        session.suspend(lambda: stood.append(1))
        assert session.link is link
    assert stood == [1]


def test_an_own_loop_passes_no_frame_over_and_ends_with_its_source(loop):
    with local(loop, frames=50) as session:
        assert [seen.event.frame.number for seen in session.events()] == list(range(50))
        session.order(SetThreshold(0.3))
        assert session.state["region_name"] == "spot", "it can still be asked"


def test_of_files_the_still_is_the_first_and_without_any_there_is_none(loop):
    with local(loop, frames=1) as session:
        assert session.order(TakeStill())
    with local(loop, frames=0) as session, pytest.raises(FocuscamError, match="no frame"):
        session.order(TakeStill())


def test_a_daemon_that_is_older_is_told_so(loop):
    with remote(loop) as session:
        session.link.hello["can"].pop("capture")
        with pytest.raises(RefusedError, match="older"):
            session.order(TakeStill())


def test_a_daemon_without_frames_is_an_error_for_who_does_not_wait_for_ever(loop):
    with remote(loop, frames=1) as session:
        session.silence_s = 0.2
        with pytest.raises(FocuscamError, match="no frames"):
            list(session.events())
