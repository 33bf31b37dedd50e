"""A loop on pictures that were made beforehand, with commands at chosen moments: recorded, and played again."""

import queue
from contextlib import ExitStack
from types import MappingProxyType

import cv2
import numpy as np
import pytest

from focuscam.cameras import Fixed
from focuscam.config import Settings
from focuscam.daemon.loop import Loop
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.indicators import Indicators
from focuscam.messages import Event, Frame
from focuscam.recorder.replay import Replay, Rescorer
from focuscam.recorder.source import Scored, source
from focuscam.recorder.writing import Recorder
from focuscam.session import LocalSession

LIMITS = {"AeEnable": (False, True, True), "ScalerCrop": ((0, 0, 64, 48), (0, 0, 4056, 3040), (0, 0, 4056, 3040))}


class Played(Fixed):
    """A camera that shows what it is told to, and has commands put in between.

    script: for each frame a picture and the commands that are wished before it. more: gives the frames after those,
    and None at the end; their commands are wished after them.
    """

    live = False
    description = "pictures made beforehand"

    def __init__(self, script, put=lambda command: None, own_coarse=False, fps=30.0, more=lambda: None):
        self.more = more
        self.script = script
        self.put = put
        self.own_coarse = own_coarse
        self.fps = fps
        self.box = LIMITS["ScalerCrop"][2]

    def __enter__(self):
        self.number = 0
        self._wish()
        return self

    def __exit__(self, *_):
        pass

    def controls(self):
        return LIMITS

    def set(self, controls):
        self.box = controls.get("ScalerCrop", self.box)
        return set()

    def _wish(self):
        if self.number < len(self.script):
            for command in self.script[self.number][1]:
                self.put(command)

    def newest(self):
        if self.number >= len(self.script):
            if (following := self.more()) is None:
                return None
            self.script.append(following)
        picture, _ = self.script[self.number]
        height, width = picture.shape
        x, y, w, h = (side / full for side, full in zip(self.box, (4056, 3040, 4056, 3040), strict=True))
        left, top = int(x * width), int(y * height)
        part = picture[top : top + max(1, int(h * height)), left : left + max(1, int(w * width))]
        size = max(1, part.shape[1] // 2), max(1, part.shape[0] // 2)
        # As an ISP does it, and as no code of ours does.
        coarse = cv2.resize(part, size, interpolation=cv2.INTER_CUBIC) if self.own_coarse else part
        number, self.number = self.number, self.number + 1
        self._wish()
        facts = MappingProxyType({"ExposureTime": 10_000.0 + number, "AnalogueGain": 2.0})
        return Frame(number, number / self.fps, part, coarse, taken=0.0, metadata=facts)


@pytest.fixture(scope="session")
def model():
    return FocusModel()


@pytest.fixture(scope="session")
def pictures(leaves):
    """From sharp to soft, and one in which nothing can be seen: 320 x 240."""
    small = leaves[240:, 320:]
    noise = np.random.default_rng(2).normal(0, 2, small.shape)
    made = []
    for radius in (0, 1, 2, 4, 8):
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)).astype(np.float32)
        soft = cv2.filter2D(small.astype(np.float32), -1, disc / disc.sum())
        made.append(np.clip(soft + noise, 0, 255).astype(np.uint8))
    return [*made, np.full_like(small, 3)]


def decided(frame, status):
    """All that was decided at a frame, and on what."""
    reading = status.reading
    return (
        frame.number, frame.time, dict(frame.metadata), reading.region, reading.score, reading.certainty, reading.blur,
        reading.contrast, reading.reason, reading.thumbnail, status.threshold, status.in_focus, status.light,
        status.closeness, status.best, status.hint, reading.blur_px, reading.blur_error,
    )  # fmt: skip


@pytest.fixture(name="decided")
def _decided():
    return decided


@pytest.fixture
def scripted():
    """Make a camera that shows what it is told to."""
    return Played


@pytest.fixture
def record(model):
    """Run the loop on a script and record it; what was decided at each frame."""

    def it(folder, script, settings=None, reread=Settings, using=model, **camera):
        settings = settings or Settings()
        seen = []
        scorer = Scorer(using, settings.focus.region)
        with ExitStack() as stack:
            commands = queue.SimpleQueue()
            played = Played(script, commands.put, **camera)
            loop = Loop(played, settings, scorer, Indicators(None, None), reread=reread, commands=commands)
            recorder = stack.enter_context(Recorder(folder, quiet=True))
            for item in source(stack.enter_context(LocalSession(loop))):
                recorder.take(item)
                if isinstance(item, Scored):
                    event = item.seen.event
                    seen.append(decided(event.frame, event.status))
        return seen

    return it


@pytest.fixture
def play(model):
    """Play a recording; what was decided at each frame."""

    def it(folder, using=model, paced=False, **rest):
        commands = queue.SimpleQueue()
        replay = Replay(folder, commands=commands, **rest)
        settings = replay.settings(Settings())
        scorer = Rescorer(using, settings.focus.region, replay)
        loop = Loop(
            replay, settings, scorer, Indicators(None, None), light=replay.script.light, commands=commands, paced=paced
        )
        return [decided(event.frame, event.status) for event in loop if isinstance(event, Event)]

    return it


@pytest.fixture
def turn_of(pictures):
    """A script of a turn through focus: soft, sharp, soft, so many frames each."""

    def it(frames=2):
        way = [4, 3, 2, 1, 0, 1, 2, 3, 4]
        return [(pictures[each], []) for each in way for _ in range(frames)]

    return it
