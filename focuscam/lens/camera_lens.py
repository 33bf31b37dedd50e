"""A lens that the camera moves itself: libcamera's LensPosition (Camera Module 3, Arducam's with autofocus)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from focuscam.messages import Frame

STEPS = 256
"""Positions over the range, which is some ten dioptres: each is half a pixel of blur, about."""
SETTLE_S = 0.1
"""A voice coil swings for so long after it was told."""
LATE_S = 0.3
"""A control takes effect a few frames after it was set; waited for where the frames do not tell."""
LATEST_S, LATEST_FRAMES = 2.0, 10
"""After so many seconds, and frames, a lens that is still elsewhere does not obey."""
MANUAL = 0
"""libcamera's AfModeManual."""


class CameraLens:
    """The lens of the camera, through its controls. Position 0 is the far end."""

    def __init__(self, controls: Mapping[str, Any], put: Callable[[Mapping[str, Any]], object]) -> None:
        """controls: of the camera, LensPosition among them; put: sets some of them."""
        least, most, default = controls["LensPosition"]
        self._least = float(least)
        self._step = (most - self._least) / STEPS
        self._put = put
        self._has_mode = "AfMode" in controls
        self.description = f"lens of the camera, {self._least:g} to {most:g} dioptres"
        self.range = 0, STEPS
        self._commanded: int | None = None
        self._seen_at = self._nearest(least if default is None else default)  # libcamera may know no default
        self._told = 0.0
        self._frames = 0
        self._arrived: float | None = 0.0
        """When it got there, s of time.monotonic(); None while it is on its way."""

    @property
    def position(self) -> int:
        """Where it is, as the last frame said, or where it was sent."""
        return self._seen_at if self._commanded is None else self._commanded

    @property
    def busy(self) -> bool:
        """Whether it is on its way, or still swings."""
        return self._arrived is None or time.monotonic() < self._arrived + SETTLE_S

    def move(self, position: int) -> None:
        """Set off."""
        self._commanded = min(max(position, 0), STEPS)
        self._told, self._arrived, self._frames = time.monotonic(), None, 0
        wanted: dict[str, Any] = {"LensPosition": self._least + self._commanded * self._step}
        self._put(wanted | ({"AfMode": MANUAL} if self._has_mode else {}))

    def see(self, frame: Frame) -> str | None:
        """What a frame tells of the lens: a sentence where it does not get where it was sent."""
        now = time.monotonic()
        told = frame.metadata.get("LensPosition")
        if told is not None and self._commanded is None:
            self._seen_at = self._nearest(told)
        if self._arrived is not None or self._commanded is None:
            return None
        self._frames += 1
        if told is None:
            if now - self._told >= LATE_S:
                self._arrived = now
            return None
        if self._nearest(told) == self._commanded:
            self._arrived = frame.taken
            return None
        if now - self._told > LATEST_S and self._frames > LATEST_FRAMES:
            wanted = self._least + self._commanded * self._step
            return f"The lens does not obey: it was sent to {wanted:.2f} dioptres and says that it is at {told:.2f}."
        return None

    def close(self) -> None:
        """It stays where it is."""

    def _nearest(self, dioptres: float) -> int:
        return min(max(round((dioptres - self._least) / self._step), 0), STEPS) if self._step > 0 else 0
