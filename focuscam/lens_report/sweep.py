"""What a sweep over a flat target says about a lens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from focuscam.errors import FocuscamError
from focuscam.lens_report.discs import growth
from focuscam.lens_report.statistics import Measured, student
from focuscam.lens_report.surface import Surface, surface
from focuscam.lens_report.tops import FEWEST, Curves, Top
from focuscam.lens_report.zones import COLUMNS, ROWS, boxes, contrasts, place, square_radius
from focuscam.messages import Luma

Floats = npt.NDArray[np.float64]

Place = Literal["inside", "before", "after", "unknown"]
_PLACES: tuple[Place, ...] = ("inside", "before", "after")

CONFUSION = 2.0
"""Diameter of the blur disc, px of the recorded frames, up to which a point is taken for sharp."""
LEAST_SIDE = 64
"""Of a frame, px: with fewer there is nothing to see in a zone."""
_MANY = 0.15
"""From this share on some zones are worth a word."""
_CHANCES = 2000
FREEDOM = 5
"""Degrees of freedom of one top: about so many frames see it."""


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """A sweep, measured. Positions are those of the sweep."""

    width: int
    """Of the frames, px."""
    height: int
    positions: Floats
    """(frames,)"""
    contrast: Floats
    """(frames, zones): see `zones.contrasts`."""
    tops: list[Top]
    """One a zone."""
    surface: Surface | None
    growth: Measured | None
    """Of the blur disc's diameter, px for one position."""

    @property
    def step(self) -> float:
        """Between two positions, usually."""
        return _step(self.positions)

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest position."""
        return float(np.min(self.positions)), float(np.max(self.positions))

    @property
    def width_of_top(self) -> float:
        """From the top of contrast to half of it, usually; infinite where no zone has a top."""
        inside = self.zones("inside")
        return float(np.median([self.tops[zone].width for zone in inside])) if inside else float("inf")

    def zones(self, *kinds: str) -> list[int]:
        """Those whose top is of these kinds."""
        return [zone for zone, top in enumerate(self.tops) if top.kind in kinds]

    @property
    def travel(self) -> Place:
        """Where focus lies in the middle of the picture: in the sweep, or at one of its ends or beyond."""
        # One that has no single top has a say as well: where most are so, the few tops are chance.
        seen = {zone: self.tops[zone].kind for zone in self.zones("inside", "before", "after", "several")}
        middle = [kind for zone, kind in seen.items() if zone in _MIDDLE]
        kinds = middle if len(middle) >= 3 else list(seen.values())
        most = max(_PLACES, key=kinds.count)
        return most if len(kinds) >= 3 and kinds.count(most) > len(kinds) / 2 else "unknown"

    @property
    def middle(self) -> Measured | None:
        """The position of focus of the middle zone alone."""
        top = self.tops[len(self.tops) // 2]
        return Measured(top.position, student(FREEDOM) * top.error) if top.kind == "inside" else None

    @property
    def flat(self) -> bool:
        """Whether the zones lie on a surface such as a flat target has; there must be one."""
        several = len(self.zones("several"))
        told = several + len(self.zones("inside"))
        return self.surface is not None and not self.surface.scattered and several <= 2 * _MANY * told

    @property
    def sharpest(self) -> int:
        """The frame that is best in the middle; where that is unknown, in the most zones."""
        if self.surface is not None:
            return int(np.argmin(np.abs(self.positions - self.surface.centre.value)))
        return int(np.argmax((self.contrast / np.maximum(self.contrast.max(0), 1e-12)).mean(1)))

    @property
    def depth(self) -> Measured | None:
        """Range of positions over which a point's disc stays within CONFUSION.

        Depth of focus (Ray, "Applied photographic optics", 2002): twice the largest disc allowed over its growth.
        """
        if self.growth is None:
            return None
        value = 2 * CONFUSION / self.growth.value
        return Measured(value, value * self.growth.uncertainty / self.growth.value)

    @property
    def compromise(self) -> tuple[float, Measured] | None:
        """The position whose worst place in the field is least blurred, and the diameter of the disc there, px."""
        found, grows = self.surface, self.growth
        if found is None or grows is None:
            return None
        parts = found.across, found.down, found.curvature
        values = np.array([part.value for part in parts])
        errors = np.array([part.uncertainty for part in parts])
        x, y = np.meshgrid(np.linspace(-0.5, 0.5, 9), np.linspace(-0.5, 0.5, 9))
        terms = np.stack([x, y, square_radius(x, y, self.height, self.width)]).reshape(3, -1)
        field = values @ terms
        # Half of the range is left at both of its ends. How far off that may be: by trying.
        chance = np.random.default_rng(0).standard_normal((_CHANCES, 4)) / 1.96
        ranges = np.ptp((values + chance[:, :3] * errors) @ terms, axis=1) / 2
        discs = ranges * np.maximum(grows.value + chance[:, 3] * grows.uncertainty, 0)
        worst = float(np.ptp(field)) / 2 * grows.value
        middle = found.centre.value + float(field.max() + field.min()) / 2
        return middle, Measured(worst, 1.96 * float(np.sqrt(np.mean((discs - worst) ** 2))))

    @property
    def tilt_degrees(self) -> Measured | None:
        """Angle of the tilt, on the sensor, times 1 over the f-number, degrees.

        A disc of diameter c on the sensor is N * c of defocus behind a lens of f-number N (the working one, which
        is N * (1 + magnification) near by: geometrical optics). So the size of the pixels drops out.
        """
        if self.surface is None or self.growth is None:
            return None
        px = self.growth.value
        across, down = self.surface.across.times(px / self.width), self.surface.down.times(px / self.height)
        slope = float(np.hypot(across.value, down.value))
        parts = np.array([across.value * across.uncertainty, down.value * down.uncertainty]) / max(slope, 1e-12)
        # At no tilt at all any direction may turn up.
        own = float(np.hypot(*parts)) if slope > 0 else 0.0
        own = max(own, min(across.uncertainty, down.uncertainty))
        share = self.growth.uncertainty / px
        angle = float(np.degrees(np.arctan(slope)))
        return Measured(angle, float(np.degrees(np.hypot(own, slope * share))))


_MIDDLE = frozenset(
    row * COLUMNS + column
    for row in range(ROWS // 2 - 1, ROWS // 2 + 2)
    for column in range(COLUMNS // 2 - 1, COLUMNS // 2 + 2)
)


def enough(positions: Floats) -> None:
    """Raises FocuscamError where a sweep has too few positions to tell anything."""
    apart = np.diff(np.unique(positions))
    different = len(apart) + 1
    if different > 1 and np.min(apart) < max(1e-6 * np.ptp(positions), 1e-9):
        raise FocuscamError("Some positions of the sweep are as good as the same: write them in steps of the ring.")
    if different < FEWEST:
        raise FocuscamError(
            f"The sweep has {different} position{'s' * (different != 1)}: at least {FEWEST} are needed, better 15 to "
            "40 from well before focus to well behind."
        )


def table(frames: Iterable[Luma]) -> Floats:
    """The contrast of each zone of each frame: (frames, zones). Raises FocuscamError for frames of different sizes."""
    rows: list[Floats] = []
    shape: tuple[int, ...] = ()
    for luma in frames:
        if rows and luma.shape != shape:
            raise FocuscamError("The frames of the sweep are of different sizes: record it in one go, in one size.")
        if min(luma.shape) < LEAST_SIDE:
            height, width = luma.shape
            raise FocuscamError(
                f"The frames of the sweep have {width}x{height} px: at least {LEAST_SIDE} each way are needed."
            )
        shape = luma.shape
        rows.append(contrasts(luma))
    return np.array(rows)


def measured(frames: Sequence[Luma], positions: Floats, contrast: Floats) -> Swept:
    """Measure a sweep. frames: uint8, (height, width), of one size, at the positions (n,); contrast: their `table`."""
    enough(positions)
    height, width = frames[0].shape
    curves = Curves(positions)
    tops = [curves.top(each) for each in contrast.T]
    inside = {zone: top for zone, top in enumerate(tops) if top.kind == "inside"}
    places: dict[int, Floats] = {}
    parts: dict[int, tuple[int, Luma]] = {}
    sharpest = {zone: int(np.argmin(np.abs(positions - top.position))) for zone, top in inside.items()}
    for frame in sorted(set(sharpest.values())):
        luma = frames[frame]
        for zone in (zone for zone, sharp in sharpest.items() if sharp == frame):
            places[zone] = place(luma, zone)
            parts[zone] = frame, luma[boxes(height, width)[zone]].copy()
    found = surface(inside, places, _step(positions))
    softest = frames[int(np.argmin(contrast.mean(1)))]
    grows = growth(parts, softest, positions, contrast, inside)
    swept = Swept(width, height, positions, contrast, tops, found, grows)
    return swept if swept.travel == "inside" else replace(swept, surface=None, growth=None)


def _step(positions: Floats) -> float:
    return float(np.median(np.diff(np.unique(positions))))
