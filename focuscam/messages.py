"""What flows: a Frame from the camera, a Reading of it, the Status of the light. `commands.py` has what flows back.

All are frozen. Every stage can be run alone: give it one of these and look at what comes out.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

from focuscam.commands import Command
from focuscam.region import WHOLE, Box

Luma = npt.NDArray[np.uint8]
"""The Y plane of a picture: uint8, shape (height, width). May be a view with a stride of its own."""

Blur = Literal["none", "defocus", "motion", "unknown"]
"""What is wrong with the picture: `none` when sharp, `unknown` when it cannot be told."""

FINE_SIDE = 2028
"""Longest side of the fine luma, px: the width of the HQ Camera's 2x2 binned mode."""

COARSE_SIDE = 640
"""Longest side of the coarse luma, px."""

CONTRAST_OFFSET = 24.0
"""Grey levels added to the mean brightness that a Reading's contrast is divided by: black frames must not win."""

THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 8, 6
"""Cells of a Reading's thumbnail: each as wide as the widest blur disc of an ordinary lens, or wider."""


_NORMAL = NormalDist()


def _nothing() -> Mapping[str, float]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture at the two scales.

        Frame(number=0, time=0.0, fine=luma, coarse=small, taken=time.monotonic())

    `fine` and `coarse` may be views of the camera's own memory: they hold until the next frame is
    asked for or the camera is closed. Whoever keeps a picture longer copies it.
    """

    number: int
    """Counts the frames of this source from 0; gaps where frames were passed over."""
    time: float
    """Seconds since the source began: of exposure for a camera, number / fps for files."""
    fine: Luma
    """(height, width), at most FINE_SIDE px on its longest side."""
    coarse: Luma
    """(height, width), the same picture at no more than COARSE_SIDE px on its longest side."""
    taken: float
    """time.monotonic() in seconds when the exposure ended, or when a file was shown: for delays and deadlines."""
    name: str | None = None
    """File name, without its folder; None for a camera."""
    metadata: Mapping[str, float] = field(default_factory=_nothing)
    """What the camera says, in libcamera's names and units, where it says it:
    ExposureTime (us), AnalogueGain (times), Lux (lx), LensPosition (dioptres), FocusFoM (no unit)."""


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """A picture to keep. Its pixels are its own: they stay what they are, whatever the camera does next."""

    luma: Luma
    """(height, width), as many as the camera can give."""
    chroma: tuple[Luma, Luma] | None = None
    """Cb and Cr, each (height // 2, width // 2); None: a grey picture."""
    to_jpeg: npt.NDArray[np.float64] | None = None
    """(3, 4): what makes JPEG's Y, Cb, Cr of the camera's Y, Cb, Cr, 1, in grey levels; None: they are the same."""
    metadata: Mapping[str, float] = field(default_factory=_nothing)
    """As Frame.metadata."""
    model: str = ""
    """Of the camera, such as "imx477"."""
    taken: float = 0.0
    """As Frame.taken, s."""
    frame: Frame | None = None
    """The still at the two scales, where it is another exposure than the frame that it was asked for with."""
    dng: Callable[[], bytes] | None = None
    """Makes a DNG of what the sensor gave, before the ISP; None where there is no raw."""


@dataclass(frozen=True, slots=True, eq=False)
class FocusMap:
    """Score and certainty of each cell of a grid laid over the whole frame: (rows, columns), 0 to 1.

    Made for whoever looks; the light does not need it.
    """

    frame: int
    """Frame.number"""
    score: npt.NDArray[np.float32]
    """As Reading.score; 0 where it can't be told."""
    certainty: npt.NDArray[np.float32]
    """As Reading.certainty; 0 where it can't be told."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one frame says by itself. Knows nothing of the frames before it."""

    frame: int
    """Frame.number"""
    time: float
    """Frame.time, s"""
    name: str | None
    """Frame.name"""
    score: float | None
    """Probability, 0 to 1, that the region is in focus; None when it can't be told."""
    certainty: float
    """0 (a guess) to 1."""
    blur: Blur
    contrast: float
    """Classical contrast of the region at the fine scale, relative: to find the top of the hill. No unit, >= 0."""
    reason: Literal["dark", "bright", "flat", "small"] | None = None
    """Why it can't tell; None when it can."""
    region: Box = WHOLE
    """What was looked at."""
    taken: float = 0.0
    """Frame.taken, s"""
    blur_px: float | None = None
    """How blurred the region is, px of the fine luma, as the network estimates it; None when it can't be told."""
    blur_error: float = 1.0
    """Standard deviation of the natural logarithm of blur_px: at 0.3 it is right within a third or so."""
    thumbnail: bytes = b""
    """Mean grey level of each of THUMBNAIL_WIDTH by THUMBNAIL_HEIGHT cells of the region, row by row: whether it is
    still the same scene. Empty where nobody made one."""

    @property
    def by_blur(self) -> float | None:
        """A score that falls all the way: 1 / (1 + (blur / the blur that may be) ** 2), one half where `score` is.

        For whoever searches: `score` is a probability, and flat far from one half. None when it can't be told.
        """
        if self.score is None or self.blur_px is None:
            return self.score
        return 1 / (1 + math.exp(2 * self.excess(0.5)))

    def excess(self, threshold: float) -> float:
        """How much more blur there is than the threshold allows, as a natural logarithm; below 0: less.

        The score is the probability that the blur is no more than may be, given its uncertainty. So both tell how far
        the two are apart. Where nothing can be told it is that of a score of 0.
        """
        score, limit = (min(max(each, 1e-9), 1 - 1e-9) for each in (self.score or 0.0, threshold))
        if self.blur_px is None:
            return (math.log(limit / (1 - limit)) - math.log(score / (1 - score))) / 2
        return self.blur_error * (_NORMAL.inv_cdf(limit) - _NORMAL.inv_cdf(score))


class Light(enum.Enum):
    """What the light says, and so the language that the indicators speak."""

    OFF = "off"
    """soft"""
    ON = "on"
    """in focus: the only steady light"""
    CANNOT_TELL = "can't tell"
    """slow double blip"""
    READY = "ready"
    """three blinks, once"""
    FAULT = "fault"
    """fast blinking"""
    RELEASED = "released"
    """a single short blip every four seconds: another program may have the camera"""


class Phase(enum.Enum):
    """Where the hand is on its way to focus, as far as readings can tell."""

    LOOKING = "looking"
    """It has not moved yet, and what is seen is soft, or nobody knows yet."""
    SHARP = "sharp"
    """What is seen is in focus by itself, whatever the way to it."""
    COLDER = "colder"
    """It gets worse; a top was not passed."""
    CLIMBING = "climbing"
    """It has been getting better, pauses included, and the top was not passed."""
    TOP = "at the top"
    """At a top that was passed."""
    PASSED = "past the top"
    """On the way down from it."""
    RETURNING = "back to the top"
    """On the way up to it."""
    SHAKEN = "shaken"
    """A jolt, a moment ago."""
    ELSEWHERE = "elsewhere"
    """It looks like another scene; that is not sure yet."""
    BLIND = "blind"
    """Nothing can be told."""


class Hint(enum.StrEnum):
    """What the hand should do next, in one word; or, where nothing can be told, why: the reasons of a Reading."""

    SEARCH = "search"
    """Turn, and see."""
    WARMER = "warmer"
    """Go on."""
    COLDER = "colder"
    """Turn back."""
    PASSED = "passed"
    """The top has gone by: turn back a little."""
    BEST = "best"
    """Hold it there."""
    STILL = "still"
    """Hold still: the picture shakes."""
    DARK = "dark"
    BRIGHT = "bright"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Status:
    """The decision after a frame: what the light says, and why."""

    reading: Reading
    light: Light
    threshold: float
    """The score at which the light comes on, 0 to 1."""
    closeness: float | None
    """contrast over the best contrast of this region since the scene last changed, 0 to 1; None when there is none."""
    best: float | None
    """The best score since it was last forgotten, 0 to 1."""
    hint: Hint | None = None
    """What the hand should do next; None while there is nothing to say."""
    phase: Phase = Phase.LOOKING
    """Where the hand is."""
    scene: int = 0
    """Counts the scenes: another number for another scene, and whenever the best was forgotten."""
    rested_s: float = 0.0
    """For how long the picture has been the same, s: the ring rests, or was never turned. Blind: for how long it is."""
    top: float | None = None
    """Contrast of the top that was passed in this scene, as reading.contrast would have it now; None until one was."""

    @property
    def in_focus(self) -> bool:
        """Whether the light is on."""
        return self.light is Light.ON


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """A frame that was scored, with all that holds for that very frame: what the loop gives to whoever iterates it."""

    sequence: int
    """Counts the scored frames, from 1."""
    frame: Frame
    status: Status
    level: float
    """What the LED was given, 0 to 1."""
    facts: Mapping[str, object]
    """What no reading tells, of the camera, the lens and the stills, as JSON has it: docs/reference/protocol.md."""
    commands: tuple[Command, ...] = ()
    """Those that were obeyed since the frame before, others that they were made of included."""
    said: tuple[str, ...] = ()
    """What came of commands and of the camera since the event before, in sentences for people."""


@dataclass(frozen=True, slots=True, eq=False)
class Away:
    """Nothing is seen: other programs may have the camera."""

    said: tuple[str, ...] = ()
    """As Event.said."""
