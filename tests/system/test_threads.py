"""A part that gets no thread goes without, says so, and the rest goes on."""

import logging
import os
import queue
import socket
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from focuscam.capture import Capture, Store
from focuscam.capture import store as room
from focuscam.capture.writer import Writer
from focuscam.errors import FocuscamError
from focuscam.ipc.pictures import Darkroom, Order
from focuscam.ipc.report import scored
from focuscam.ipc.server import Server
from focuscam.lens.stepper import Stepper
from focuscam.messages import Event, Frame, Light, Status, Still
from focuscam.recorder.folder import Enough
from focuscam.recorder.source import Begin, Pictured, Scored
from focuscam.recorder.writing import Recorder
from focuscam.session import Seen
from focuscam.system.threads import NoThreadError, started

LUMA = np.zeros((48, 64), np.uint8)
FRAME = Frame(0, 0.0, LUMA, LUMA, taken=0.0)


@pytest.fixture
def short(monkeypatch):
    """A system that gives no thread; calling it makes it well again."""

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    return monkeypatch.undo


def test_a_thread_that_is_handed_out_runs():
    done = threading.Event()
    started(done.set, "test").join(10)
    assert done.is_set()


def test_where_there_is_none_it_is_said_what_to_do(short):
    with pytest.raises(NoThreadError, match=r"no more threads \(can't start new thread\): end other programs"):
        started(print, "test")


LEAVING = """
import atexit, time
import cv2, numpy
from focuscam.system.threads import leave, started

luma = numpy.zeros((1520, 2028), numpy.uint8)

def shrink():
    while BUSY:
        cv2.resize(luma, (640, 480), interpolation=cv2.INTER_AREA)

BUSY = %r
started(shrink, "in C++")
time.sleep(0.2)
atexit.register(print, "put in order")
leave(3)
"""


@pytest.mark.parametrize("busy", [True, False])
def test_a_process_ends_in_order_and_with_its_status_even_while_a_thread_is_busy_in_a_library(busy):
    # Without `leave` nearly every process with a busy one was aborted.
    done = subprocess.run(
        [sys.executable, "-c", LEAVING % busy], capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (3, "put in order\n", "")


def test_the_writer_of_stills_goes_on_when_there_is_one_again(short):
    with Writer() as writer:
        with pytest.raises(NoThreadError):
            writer.do(print)
        short()
        done = threading.Event()
        assert writer.do(done.set)
        assert done.wait(10)


def test_the_writer_ends_without_ever_having_had_one(short):
    with Writer() as writer, pytest.raises(NoThreadError):
        writer.do(print)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_writer_takes_another_one_where_one_has_ended():
    def die():
        raise SystemExit

    with Writer() as writer:
        writer.do(die)
        for thread in threading.enumerate():
            if thread.name == "stills":
                thread.join(10)
        done = threading.Event()
        writer.do(done.set)
        assert done.wait(10)


class Camera:
    still_delay = 0.0
    wrong = None

    def still(self, frame, finer=True, raw=False):
        if self.wrong:
            raise self.wrong
        return Still(LUMA)


def test_a_still_without_a_thread_or_without_memory_costs_that_still(short, tmp_path, reading, monkeypatch):
    told = []
    capture = Capture(Store(tmp_path, 10, 10**9, ours=False), tell=told.append)
    camera = Camera()
    status = Status(reading(), Light.ON, 0.5, 1.0, 0.9)
    with capture:
        capture.want()
        capture.look(FRAME, status, camera, None)
        assert capture.facts["asked"] == 1
        assert told == [capture.facts["why"]]
        assert told[0].startswith("A still is left out. The system gives no more threads")
        short()
        monkeypatch.setattr(room, "SPARE_BYTES", 0)
        camera.wrong = MemoryError()
        capture.want()
        capture.look(FRAME, status, camera, None)
        assert told[1] == "No still can be taken (MemoryError)."
        camera.wrong = None
        capture.want()
        capture.look(FRAME, status, camera, None)
    assert capture.facts["file"] is not None


class Coils:
    description = "a motor"

    def step(self, up):
        pass

    def rest(self):
        pass

    def close(self):
        pass


def test_a_motor_without_a_thread_says_so_and_moves_when_there_is_one(short):
    lens = Stepper(Coils(), 200, 10, 2000.0, False)
    lens.move(60)
    assert not lens.busy
    assert lens.see(FRAME).startswith("The motor of the lens can't be moved. The system gives no more threads")
    short()
    lens.move(60)
    assert lens.see(FRAME) is None
    end = time.monotonic() + 10
    while lens.busy and time.monotonic() < end:
        time.sleep(0.01)
    assert lens.position == 60
    lens.close()


def make_server(listener):
    return Server(listener, commands=queue.SimpleQueue(), rules=dict, facts=dict, open_maps=print)


def test_a_daemon_goes_on_without_its_preview(short, tmp_path, caplog, reading):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()
        with make_server(listener) as server:
            server.show(Event(1, FRAME, Status(reading(), Light.ON, 0.5, 1.0, 0.9), 1.0, {}))
            with socket.socket(socket.AF_UNIX) as knock, pytest.raises(ConnectionRefusedError):
                knock.connect(str(tmp_path / "socket"))
    assert "Nobody can look through the preview: The system gives no more threads" in caplog.text


def test_a_view_of_an_own_loop_is_nothing_without_one(short):
    with pytest.raises(NoThreadError), make_server(None):
        pass


def test_a_picture_that_can_not_be_made_for_want_of_a_thread_or_memory_does_not_stop_the_loop(
    short, monkeypatch, caplog
):
    made = []
    room = Darkroom(lambda order, line: made.append(line), print)
    room.take(Order("whole"), FRAME)
    short()
    monkeypatch.setattr("focuscam.ipc.pictures.job", lambda *_: (_ for _ in ()).throw(MemoryError))
    room.take(Order("whole"), FRAME)
    monkeypatch.undo()
    room.take(Order("whole"), FRAME)
    room.close()
    assert made[:2] == [None, None]
    assert b'"whole"' in made[2]
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2


@pytest.mark.filterwarnings("ignore:tqdm")
def test_a_recording_without_one_ends_with_what_it_has(short, tmp_path, reading):
    status = Status(reading(region=(0.0, 0.0, 1.0, 1.0)), Light.ON, 0.5, 1.0, 0.9)
    event = Event(1, FRAME, status, 1.0, {"region_name": "whole"})

    def record():
        with Recorder(tmp_path / "run") as it:
            it.take(Begin("off", "whole", 0.5, {"camera": "c", "model": {}, "hold_s": 0.3}))
            it.take(Scored(scored(event), Seen({}, event)))
            with pytest.raises(Enough):
                it.take(Pictured(0, lambda: (b"", 0, None, None)))
            it.take(Pictured(0, lambda: (b"", 0, None, None)))

    with pytest.raises(FocuscamError, match="the system gives no thread to write with"):
        record()
    assert (tmp_path / "run" / "recording.jsonl").read_text().count("\n") >= 2
