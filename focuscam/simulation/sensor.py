"""What the simulated sensor makes of light: exposure, noise, grey levels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.messages import Luma
from focuscam.simulation.defocus import Light

_FULL_WELL = 32000.0
"""Electrons of a white pixel at gain 1: four pixels of 1.55 um, binned."""
_READ_NOISE = 6.0
"""Electrons, standard deviation, of four pixels read and added."""
_GREY = 0.18
"""Share of white that the exposure brings the mean of the scene to."""
_NORMAL_TIME = 1 / 100
"""Exposure in s, at gain 1, that the scene needs at light 1."""
_MOST_GAIN = 16.0
_STRIP = 128
"""Rows that are worked out at a time."""
_SPARE = 128
"""px by which the noise is larger than the frame: each frame takes its own cut of it."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """How long and how strongly a frame is exposed."""

    time: float
    """s"""
    gain: float
    """times"""


class AutoExposure:
    """Follows the light of the scene, a moment late, as automatic exposure does.

    The light drifts a little all the time, as under clouds; the exposure starts too dark. All of it is
    a function of the time alone: the logarithm of the exposure follows that of the light as a first
    order lag does, whose answer to a sine is known.
    """

    lag = 0.25
    """s, time constant"""
    drift = 0.15
    """Amplitude of the logarithm of the light."""
    period = 13.0
    """s, of the drift"""
    late = 0.5
    """Logarithm by which the first frame is too dark."""

    def __init__(self, light: float, longest: float, random: np.random.Generator) -> None:
        """light: of the scene, 1 for a bright room; longest: exposure time in s."""
        self._light = light
        self._longest = longest
        self._phase = random.uniform(0, 2 * math.pi)

    def light(self, seconds: float) -> float:
        """Light of the scene; its mean over time is about the one given."""
        return self._light * math.exp(self.drift * math.sin(self._angle(seconds)))

    def exposure(self, seconds: float) -> Exposure:
        """What the automatic exposure has arrived at."""
        if self._light <= 0:
            return Exposure(self._longest, _MOST_GAIN)
        per_lag = 2 * math.pi / self.period * self.lag
        behind = math.sin(self._angle(seconds) - math.atan(per_lag)) / math.hypot(1, per_lag)
        wanted = -self.drift * behind - self.late * math.exp(-seconds / self.lag)
        total = _NORMAL_TIME / self._light * math.exp(wanted)
        time = min(total, self._longest)
        return Exposure(time, min(max(total / time, 1.0), _MOST_GAIN))

    def _angle(self, seconds: float) -> float:
        return 2 * math.pi * seconds / self.period + self._phase


class Sensor:
    """Turns light into luma of the same shape."""

    def __init__(self, width: int, height: int, mean: float, random: np.random.Generator) -> None:
        """width, height: px. mean: of the light of the scene, as a share of white."""
        self._noise = random.standard_normal((height + _SPARE, width + _SPARE), dtype=np.float32)
        self._key = _GREY / mean

    def luma(self, seen: Light, light: float, exposure: Exposure, random: np.random.Generator) -> Luma:
        """The grey levels of one frame. light: as of AutoExposure; random: the chance of this frame.

        Photons come by chance, with a variance equal to their number (shot noise); reading adds its
        own. Their square root (Anscombe 1948, here with the read noise within) has the same noise
        everywhere, so one sheet of noise serves all grey levels. The curve to grey levels is sRGB's.
        """
        height, width = seen.shape
        white = _FULL_WELL / exposure.gain
        floor = (_READ_NOISE**2 + 3 / 8) / white
        strength = self._key * light * exposure.time * exposure.gain / _NORMAL_TIME
        y, x = random.integers(0, _SPARE + 1, 2)
        noise = self._noise[y : y + height, x : x + width]
        curve, luma = _curve(floor), np.empty((height, width), np.uint8)
        # In strips: of the whole frame the numbers on the way would take four times what comes of them.
        for top in range(0, height, _STRIP):
            strip = slice(top, top + _STRIP)
            root = np.multiply(seen[strip], 255.0**2 * strength / 65535, dtype=np.float32)
            root += np.float32(255.0**2 * floor)
            cv2.sqrt(root, dst=root)
            # The square root of n electrons has a standard deviation of 1/2; white is 255.
            cv2.scaleAdd(noise[strip], 255 / 2 / math.sqrt(white), root, dst=root)
            np.maximum(root, 0, out=root)
            cv2.LUT(cv2.convertScaleAbs(root), curve, dst=luma[strip])
        return luma


def _curve(floor: float) -> npt.NDArray[np.uint8]:
    """From 255 times the root of the light to grey levels, 256 of each; IEC 61966-2-1."""
    light = np.clip((np.arange(256) / 255) ** 2 - floor, 0, 1)
    grey = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(grey * 255), np.uint8)
