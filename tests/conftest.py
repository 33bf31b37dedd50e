"""What many tests share: real photos where they are, and pins that remember their history."""

from __future__ import annotations

import json
import logging
import math
import os
import queue
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin
from hypothesis import settings
from PIL import Image

from focuscam.ipc.protocol import Rules
from focuscam.ipc.server import Server
from focuscam.messages import Event, FocusMap, Frame, Light, Luma, Reading, Status

# Whoever is handed a submission wants to know whether it broke something; new examples are looked for at desks.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Real photos and focus sweeps, beside the checkout; they are not ours to ship."""


@pytest.fixture(scope="session")
def photos() -> Path:
    if not PHOTOS.is_dir():
        pytest.skip("the real photos and sweeps (shared/data beside the checkout) are not here")
    return PHOTOS


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """The command line sets up the log and the signals for its process; a test gives them back as they were."""
    handlers, level = logging.root.handlers[:], logging.root.level
    heard = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for each, before in heard.items():
        signal.signal(each, before)
    logging.root.handlers[:], logging.root.level = handlers, level
    logging.getLogger("focuscam").setLevel(logging.NOTSET)


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    """gpiozero on mock pins; `pins.pin(17).states` is the history of one."""
    before = Device.pin_factory
    Device.pin_factory = MockFactory(pin_class=MockPWMPin)
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = before


@pytest.fixture
def reading() -> Callable[..., Reading]:
    """Make a reading of frame n of 30 a second; what is not said is that of a plain sharp picture."""

    def make(frame: int = 0, score: float | None = 0.9, **rest: Any) -> Reading:
        told: dict[str, Any] = {
            "frame": frame,
            "time": frame / 30,
            "name": None,
            "certainty": 0.0 if score is None else 0.9,
            "blur": "unknown",
            "contrast": 1.0,
        }
        return Reading(score=score, **(told | rest))

    return make


@pytest.fixture(scope="session")
def leaves() -> Luma:
    """Dead leaves, 640x480: discs of every size and grey one over another, as sharp as pixels can be."""
    random = np.random.default_rng(1)
    canvas = np.full((960, 1280), 128, np.uint8)
    for _ in range(3000):
        radius = int(min(8 / (1 - random.random()), 200))
        centre = int(random.integers(1280)), int(random.integers(960))
        cv2.circle(canvas, centre, radius, int(random.integers(30, 226)), -1)
    return cv2.resize(canvas, (640, 480), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="session")
def sweep(leaves: Luma, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 21 images, in focus in the middle (number 10), a disc of 2 px more on each step away from it."""
    folder = tmp_path_factory.mktemp("sweep")
    for step in range(21):
        radius = 2 * abs(step - 10)
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)).astype(np.float32)
        Image.fromarray(cv2.filter2D(leaves, -1, disc / disc.sum())).save(folder / f"{step}.png")
    return folder


@pytest.fixture
def spawn() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a Python process with this program and these arguments; it is killed after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str, *arguments: object, **options: Any) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", program, *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


class LiveDaemon:
    """A real `focuscam` as a process, with its socket and mock pins; a hand turns its ring to and fro for ever."""

    def __init__(self, folder: Path, sweep: Path) -> None:
        self.folder = folder
        turn = [*range(21), *[20] * 8, *range(19, 9, -1), *[10] * 10, *range(9, -1, -1), *[0] * 8]
        self.turn = [(sweep / f"{step}.png", step) for _ in range(200) for step in turn]
        self.frames_a_step = 6
        """For so many each is shown, of 30 a second."""
        self.environment = os.environ | {
            "XDG_RUNTIME_DIR": str(folder),
            "GPIOZERO_PIN_FACTORY": "mock",
            "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin",
            "OMP_NUM_THREADS": "1",
        }
        self.environment.pop("FOCUSCAM_SOCKET", None)
        self.socket = folder / "focuscam.sock"
        self.process: subprocess.Popen[str] | None = None

    def command(self, *arguments: object) -> list[str]:
        """The command line of a focuscam that finds this daemon."""
        return [sys.executable, "-m", "focuscam", *map(str, arguments)]

    def start(self, *arguments: object) -> None:
        """Start it and wait for its first reading."""
        rows = "".join(f"{file},{step}\n" * self.frames_a_step for file, step in self.turn)
        (self.folder / "source").mkdir(exist_ok=True)
        (self.folder / "source" / "sweep.csv").write_text("file,position\n" + rows)
        self.process = subprocess.Popen(
            self.command("--source", self.folder / "source", "--region", "whole", *arguments),
            env=self.environment, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while self.ask("status").get("light") is None:
            assert time.monotonic() < deadline, "the daemon did not come up"
            time.sleep(0.05)

    def ask(self, do: str, **fields: object) -> dict[str, Any]:
        """The answer to a request; empty while nobody is there."""
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(str(self.socket))
            except OSError:
                return {}
            connection.sendall(json.dumps({"id": 1, "do": do, **fields}).encode() + b"\n")
            for line in connection.makefile("rb"):
                message: dict[str, Any] = json.loads(line)
                if message.get("type") == "answer":
                    return message
        return {}

    def run(
        self, *arguments: object, seconds: float = 60, stop_when: Callable[[], bool] | None = None
    ) -> tuple[int, str, str]:
        """Run a focuscam that finds it; status, stdout, stderr. stop_when: as by Ctrl-C, once this is true."""
        process = subprocess.Popen(
            self.command(*arguments), env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        if stop_when is not None:
            deadline = time.monotonic() + seconds
            while not stop_when() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.1)
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=seconds)
        return process.returncode, out, err

    def stop(self) -> None:
        """End it, as systemd would."""
        if self.process is not None:
            self.process.terminate()
            self.process.communicate(timeout=20)
            self.process = None


@pytest.fixture(scope="session")
def make_live(sweep: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], LiveDaemon]:
    """Make a daemon that can be started, asked and ended."""
    return lambda: LiveDaemon(tmp_path_factory.mktemp("live"), sweep)


@pytest.fixture
def live(make_live: Callable[[], LiveDaemon]) -> Iterator[LiveDaemon]:
    """A daemon, ended after the test."""
    daemon = make_live()
    yield daemon
    daemon.stop()


class Hill:
    """What a lens shows at each place, by formula: (score, contrast).

    Softness grows in proportion to the distance from the top; contrast falls as 1 / (1 + x^2).
    """

    def __init__(self, top: float, slope: float, floor: float = 0.6, contrast: float = 0.1) -> None:
        self.top, self.slope, self.floor, self.height = top, slope, floor, contrast

    def __call__(self, place: float) -> tuple[float, float]:
        away = self.slope * (place - self.top)
        softness = math.hypot(self.floor, away)
        return 1 / (1 + softness**2), self.height / (1 + 1.5 * away**2)


@pytest.fixture(scope="session")
def hill() -> type[Hill]:
    return Hill


CAN: dict[str, str | None] = dict.fromkeys(
    ("region", "threshold", "forget", "mute", "lock", "release", "resume", "keep")
) | {"zoom": "It has no crop."}


class Bench:
    """What a server is joined to in these tests, and what came out of it."""

    def __init__(self):
        self.queue = queue.SimpleQueue()
        self.commands = []
        self.allowed = True
        self.maps = 0
        self.number = 0
        self.facts = {"source": "bench", "region_name": "spot", "zoom": 1.0, "locked": False, "released": False}
        self.server = None
        self.luma = np.random.default_rng(0).integers(0, 256, (480, 640), np.uint8)

    def rules(self):
        return Rules(self.allowed, CAN)

    def open_maps(self):
        self.maps += 1
        score = np.array([[0.5, 0], [0.25, 1]], np.float32)
        return lambda frame: FocusMap(frame.number, score, np.array([[1, 0], [1, 1]], np.float32))

    def obey(self):
        """Take the commands out of the queue, as the loop does between two frames."""
        while not self.queue.empty():
            self.commands.append(self.queue.get())

    def show(self, reading, decided=None, commands=(), **rest):
        """One more frame through the loop; returns how long the loop was held up, s."""
        frame = Frame(self.number, self.number / 30, self.luma, self.luma, taken=time.monotonic())
        status = Status(reading(self.number, **rest), Light.ON, 0.5, 1.0, 0.9)
        status = replace(status, **(decided or {}))
        self.number += 1
        began = time.perf_counter()
        self.server.show(Event(self.number, frame, status, 1.0, self.facts, commands))
        return time.perf_counter() - began


class Talker:
    """A reader as another program would write it: lines out, lines in."""

    def __init__(self, connection):
        self.connection = connection
        self.connection.settimeout(10)
        self.file = connection.makefile("rb")

    def say(self, **message):
        self.connection.sendall(json.dumps(message).encode() + b"\n")

    def hear(self, kind=None):
        """The next line, of a kind; None at the end of the connection."""
        for text in self.file:
            message = json.loads(text)
            if kind is None or message["type"] == kind:
                return message
        return None

    def close(self):
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.file.close()
        self.connection.close()


@pytest.fixture
def bench():
    with ExitStack() as stack:
        made = Bench()
        made.end = stack.close
        made.server = stack.enter_context(
            Server(
                None,
                commands=made.queue,
                rules=made.rules,
                facts=lambda: made.facts,
                open_maps=made.open_maps,
                header=lambda: {"camera": "bench", "model": {}, "hold_s": 0.3},
            )
        )
        yield made


@pytest.fixture
def talker(bench):
    talkers = []

    def connect():
        theirs, ours = socket.socketpair()
        bench.server.adopt(theirs)
        talkers.append(Talker(ours))
        return talkers[-1]

    yield connect
    for each in talkers:
        each.close()
