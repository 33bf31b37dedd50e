"""What many tests share: real photos where they are, and pins that remember their history."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin
from PIL import Image

from focuscam.frame import Luma, Reading

PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Real photos and focus sweeps, beside the checkout; they are not ours to ship."""


@pytest.fixture(scope="session")
def photos() -> Path:
    if not PHOTOS.is_dir():
        pytest.skip("the real photos and sweeps (shared/data beside the checkout) are not here")
    return PHOTOS


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """The command line sets up the log for its process; a test gives it back as it was."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:], logging.root.level = handlers, level


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
