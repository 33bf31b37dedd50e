"""A camera made of arithmetic: a lens one can believe, a scene in depth, and a hand on the ring."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Any, Self

import cv2
import numpy as np

from focuscam.cameras import grey
from focuscam.cameras.scales import two_scales
from focuscam.messages import Frame, Still
from focuscam.simulation.defocus import Blurred, Light, composed
from focuscam.simulation.hand import HANDS, Hand
from focuscam.simulation.optics import ThinLens
from focuscam.simulation.scene import make_scene
from focuscam.simulation.sensor import AutoExposure, Exposure, Sensor
from focuscam.simulation.shake import Shake

_SENSOR_WIDTH_MM = 6.287
"""The HQ Camera's (IMX477)."""


class Simulated:
    """A camera whose every frame is a function of its seed and its number.

    seed: decides scene, distances, hand, shake, drift of the light and noise.
    size: (width, height) of the fine luma in px, from 64 x 48 up; the sensor stays as wide as the HQ Camera's.
    hand: one of HANDS, or a function from seconds to ring position, 0 to 1.
    shake: displacement of the picture by the hands that hold the camera, px of the fine luma, root mean square.
    light: of the scene; 1 is a bright room, 0.35 a dim one, 0 the lens cap.
    fps: frames a second.
    paced: True: frames come by the clock, and those not asked for in time are passed over; False: each
    frame at once, none passed over.

    `lens` and `hand` tell how the frames came about.
    """

    deadline = 2.0
    still_delay = 0.0

    def __init__(
        self,
        seed: int = 0,
        size: tuple[int, int] = (2028, 1520),
        hand: str | Hand = "hunt",
        shake: float = 0.0,
        light: float = 1.0,
        fps: float = 30.0,
        paced: bool = True,
    ) -> None:
        self.live = paced
        self.frame_s = 1 / fps
        self.lens = ThinLens()
        self.description = f"simulated {self.lens.focal_mm:g} mm f/{self.lens.f_number:g} lens, {size[0]}x{size[1]}"
        self._seed = seed
        self._size = size
        self._fps = fps
        # One source of chance for each part, so that changing one leaves the others as they were.
        scene, turning, shaking, drifting, noise = (np.random.default_rng([seed, 0, part]) for part in range(5))
        self._shake = Shake(shake, shaking)
        margin = self._shake.reach
        planes = make_scene(scene, size[0] + 2 * margin, size[1] + 2 * margin)
        self._planes = [Blurred(plane, self._largest_radius(plane.distance)) for plane in planes]
        self.best = self.lens.ring(self._planes[1].distance)
        """Ring position, 0 to 1, at which the middle of the frame is sharp."""
        self.hand = HANDS[hand](self.best, turning) if isinstance(hand, str) else hand
        self._seen_at, self._seen = self.best, self._compose(self.best)
        self._exposing = AutoExposure(light, 1 / fps, drifting)
        self._sensor = Sensor(*size, mean=float(self._seen.mean()) / 65535, random=noise)
        self._next = 0
        self._began = 0.0
        self._locked: Exposure | None = None
        self._motor: float | None = None
        """Ring position, once a motor has taken it out of the hand."""
        self._part = (0, 0, *size)
        """What of the sensor is read: left, top, width, height, px."""

    def __enter__(self) -> Self:
        """Start, or start again, at frame 0."""
        self._next = 0
        self._began = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""

    def newest(self) -> Frame:
        """Wait for the next frame of the clock, or, without pace, make the next one at once."""
        number, taken = self._next, time.monotonic()
        if self.live:
            time.sleep(max(0.0, self._began + number / self._fps - taken))
            number = max(number, math.floor((time.monotonic() - self._began) * self._fps))
            taken = self._began + number / self._fps
        self._next = number + 1
        return self.frame(number, taken)

    def controls(self) -> Mapping[str, tuple[Any, Any, Any]]:
        """The controls that it has, in libcamera's names: (least, most, default)."""
        whole = (0, 0, *self._size)
        return {
            "AeEnable": (False, True, True),
            "ScalerCrop": ((0, 0, 64, 48), whole, whole),
            "LensPosition": (0.0, self.lens.dioptres(1.0), 0.0),
        }

    def set(self, controls: Mapping[str, Any]) -> set[str]:
        """Set those of the controls that it has, from the next frame on; returns the names of the others."""
        if "AeEnable" in controls:
            automatic = self._exposing.exposure(max(self._next - 1, 0) / self._fps)
            self._locked = None if controls["AeEnable"] else automatic
        if "ScalerCrop" in controls:
            self._part = controls["ScalerCrop"]
        if "LensPosition" in controls:
            dioptres = controls["LensPosition"]
            self._motor = min(self.lens.ring(1 / dioptres), 1.0) if dioptres > 0 else 0.0
        return set(controls) - set(self.controls())

    def still(self, frame: Frame, finer: bool = True, raw: bool = False) -> Still:  # noqa: ARG002
        """The frame itself, grey."""
        return grey(frame, "simulated lens")

    def frame(self, number: int, taken: float = 0.0) -> Frame:
        """Frame `number`, the same ever again while nothing is set. taken: time.monotonic() in s of its exposure."""
        seconds = number / self._fps
        ring = self._ring(seconds)
        exposure = self._locked or self._exposing.exposure(seconds)
        if ring != self._seen_at:
            self._seen_at, self._seen = ring, self._compose(ring)
        seen = self._held(seconds, exposure)
        chance = np.random.default_rng([self._seed, 1, number])
        luma = self._sensor.luma(seen, self._exposing.light(seconds), exposure, chance)
        left, top, width, height = self._part
        fine, coarse = two_scales(luma[top : top + height, left : left + width])
        facts = {
            "ExposureTime": exposure.time * 1e6,
            "AnalogueGain": exposure.gain,
            "LensPosition": self.lens.dioptres(ring),
        }
        return Frame(number, seconds, fine, coarse, taken=taken, metadata=MappingProxyType(facts))

    def blur_at(self, number: int) -> float:
        """Diameter, in px of the fine luma, of the circle of confusion in the middle of that frame."""
        return 2 * self._radius(self._planes[1].distance, self._ring(number / self._fps))

    def _ring(self, seconds: float) -> float:
        return self.hand(seconds) if self._motor is None else self._motor

    def _radius(self, distance: float, ring: float) -> float:
        return self.lens.circle_of_confusion(distance, ring) / 2 * self._size[0] / _SENSOR_WIDTH_MM

    def _largest_radius(self, distance: float) -> float:
        return max(self._radius(distance, 0.0), self._radius(distance, 1.0))

    def _compose(self, ring: float) -> Light:
        return composed(self._planes, [self._radius(plane.distance, ring) for plane in self._planes])

    def _held(self, seconds: float, exposure: Exposure) -> Light:
        """The frame's cut of the scene: the mean over the way that it moves while it is exposed."""
        width, height = self._size
        mean = self._seen
        for count, (x, y) in enumerate(self._shake.way(seconds, exposure.time), start=1):
            cut = self._seen[y : y + height, x : x + width]
            mean = cut if count == 1 else np.asarray(cv2.addWeighted(mean, 1 - 1 / count, cut, 1 / count, 0), np.uint16)
        return mean
