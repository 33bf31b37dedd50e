"""What a key does: the wishes that go to the daemon, and those that only the view itself follows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from focuscam.ipc.client import Link, Message
from focuscam.region import Box, text_of

STEP = 0.25
"""Of the region's side: how far an arrow moves it."""
SIZES = (0.125, 0.25, 0.5)
"""Sides of the region that Tab goes through, as fractions of the frame; then `whole` and `best`."""
THRESHOLD_STEP = 0.02
ZOOMS = (1, 2, 4)
SPOT: Box = (0.375, 0.375, 0.25, 0.25)
OWN_S = 1.0
"""For so long what was asked for counts, not what the last reading says: it may not have heard of it."""

_ARROWS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}


class Keys:
    """Turns keys into commands, and answers into notices."""

    def __init__(self) -> None:
        self._region: tuple[str, Box] = ("spot", SPOT)
        self._threshold = 0.5
        self._asked = 0.0
        self._pending: dict[int, str] = {}

    def press(self, key: str, link: Link, reading: Mapping[str, Any]) -> bool:
        """Send what a key stands for; False where it is no key for the daemon."""
        now = time.monotonic()
        if now - self._asked > OWN_S:
            box = reading.get("region") or SPOT
            self._region = str(reading.get("region_name")), (box[0], box[1], box[2], box[3])
            self._threshold = float(reading.get("threshold") or 0.5)
        if key in _ARROWS:
            self._look_at(link, moved(self._region[1], *_ARROWS[key]))
        elif key in ("c-i", "s-tab"):
            self._look_at(link, resized(*self._region, 1 if key == "c-i" else -1))
        elif key in ("+", "=", "-"):
            step = -THRESHOLD_STEP if key == "-" else THRESHOLD_STEP
            self._threshold = round(min(max(self._threshold + step, 0.0), 1.0), 2)
            self.ask(link, "threshold", self._threshold)
        elif key == "e":
            self.ask(link, "lock", not reading.get("locked"))
        elif key == "c":
            self.ask(link, "capture")
        elif key == "p":
            self.ask(link, "forget")
        elif key == "Z":
            zoom = reading.get("zoom") or 1
            self.ask(link, "zoom", next((each for each in ZOOMS if each > zoom + 0.01), 1))
        else:
            return False
        self._asked = now
        return True

    def ask(self, link: Link, do: str, value: object = None) -> None:
        """Send a command; its refusal will be told."""
        self._pending[link.send(do, value=value)] = do

    def refusal(self, answer: Message) -> str | None:
        """Why something that was asked for is not done; None where it is."""
        asked = self._pending.pop(answer.get("id") or 0, None)
        return str(answer.get("why")) if asked and not answer.get("ok") else None

    def _look_at(self, link: Link, region: str | Box) -> None:
        if isinstance(region, str):
            self._region = region, (0.0, 0.0, 1.0, 1.0)
            self.ask(link, "region", region)
        else:
            name = text_of(region)
            self._region = name, region
            self.ask(link, "region", name)


def moved(box: Box, right: int, down: int) -> Box:
    """The region, moved by a step; it stays inside the frame. The whole frame becomes a spot."""
    if box[2] >= 1 or box[3] >= 1:
        box = SPOT
    x = min(max(box[0] + right * STEP * box[2], 0.0), 1 - box[2])
    y = min(max(box[1] + down * STEP * box[3], 0.0), 1 - box[3])
    return x, y, box[2], box[3]


def resized(name: str, box: Box, step: int) -> str | Box:
    """The region's next size, around the same middle, or `whole`, or `best`."""
    order: list[float | str] = [*SIZES, "whole", "best"]
    if name in ("whole", "best"):
        at = order.index(name)
    else:
        at = min(range(len(SIZES)), key=lambda place: abs(SIZES[place] - box[2]))
    new = order[(at + step) % len(order)]
    if isinstance(new, str):
        return new
    x, y = box[0] + box[2] / 2 - new / 2, box[1] + box[3] / 2 - new / 2
    return min(max(x, 0.0), 1 - new), min(max(y, 0.0), 1 - new), new, new
