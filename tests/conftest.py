"""What many tests share: real photos where they are, and pins that remember their history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

from focuscam.frame import Reading

PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Real photos and focus sweeps, beside the checkout; they are not ours to ship."""


@pytest.fixture(scope="session")
def photos() -> Path:
    if not PHOTOS.is_dir():
        pytest.skip("the real photos and sweeps (shared/data beside the checkout) are not here")
    return PHOTOS


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
