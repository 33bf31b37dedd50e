"""Planes at several distances, each blurred by its own disc, laid over one another from far to near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.system.memory import give_back

Light = npt.NDArray[np.uint16]
"""(height, width), linear light: 65535 is a white surface."""

_FINEST = 0.5
"""Radius in px of the smallest disc of the ladder: it lies within its own pixel."""
_STEP = 1.3
"""Each disc of the ladder is larger than the one before by this factor; between two, their blurs are mixed."""
_KEPT = 8_000_000
"""Bytes of blurs that are kept of a plane. At 640x480 those are all; of the largest pictures two and a few small ones,
and one is made anew, in about the time of a frame, whenever the hand has turned by a step of the ladder."""
_LARGEST = 4.0
"""Radius in px from which on a plane is halved before it is blurred: the disc stays small, and so does the work."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Something flat, at one distance."""

    distance: float
    """m"""
    light: Light
    """(height, width) of the whole scene; black where `cover` is 0 (premultiplied)."""
    cover: Light | None
    """The same shape: 65535 where the plane hides what is behind it, 0 where it is not; None: it fills the scene."""


class Blurred:
    """One plane, seen through a disc of any size up to a limit.

    The blurs of a ladder of discs are made when they are needed, and kept while there is room and the hand is near.
    """

    def __init__(self, plane: Plane, largest: float) -> None:
        """largest: radius in px of the largest disc that will be asked for."""
        self.distance = plane.distance
        self.box = _box(plane.cover, int(largest) + 2) if plane.cover is not None else (slice(None), slice(None))
        whole = plane.cover is None
        layers = [layer for layer in (plane.light, plane.cover) if layer is not None]
        # Of a few leaves in a corner the rest would be kept by a view.
        self._layers = layers if whole else [layer[self.box].copy() for layer in layers]
        self._steps = [_Step(0.0)]
        radius = _FINEST
        while self._steps[-1].variance < largest**2 / 4:
            self._steps.append(_Step(radius))
            radius *= _STEP
        self._made: dict[int, list[Light]] = {}

    def at(self, radius: float) -> list[Light]:
        """[light, cover] or [light], cut to `box`, through a disc of that radius in px; the caller's own.

        Mixed from the next smaller and the next larger disc so that the variance is that of the disc
        asked for: radius^2 / 4 along each axis.
        """
        wanted = radius**2 / 4
        larger = next((n for n, step in enumerate(self._steps) if step.variance >= wanted), len(self._steps) - 1)
        if larger == 0:
            return [layer.copy() for layer in self._layers]
        low, high = self._steps[larger - 1].variance, self._steps[larger].variance
        share = min((wanted - low) / (high - low), 1.0)
        pairs = zip(self._through(larger - 1), self._through(larger), strict=True)
        return [np.asarray(cv2.addWeighted(few, 1 - share, more, share, 0), np.uint16) for few, more in pairs]

    def _through(self, number: int) -> list[Light]:
        if number not in self._made:
            self._made[number] = [self._steps[number].blur(layer) for layer in self._layers]
            self._forget_beside(number)
            give_back()
        height, width = self._layers[0].shape
        return [
            layer if layer.shape == (height, width) else np.asarray(cv2.resize(layer, (width, height)), np.uint16)
            for layer in self._made[number]
        ]

    def _forget_beside(self, number: int) -> None:
        """Make room: the blurs farthest from this one go first, and its neighbours never do."""
        far = sorted((each for each in self._made if abs(each - number) > 1), key=lambda each: abs(each - number))
        while far and sum(layer.nbytes for layers in self._made.values() for layer in layers) > _KEPT:
            del self._made[far.pop()]


class _Step:
    """One disc of the ladder."""

    def __init__(self, radius: float) -> None:
        self._scale = 1
        while radius / self._scale > _LARGEST:
            self._scale *= 2
        # Halving (a box) and enlarging again (a triangle) blur too, by scale^2 / 4 - 1 / 12 together.
        added = self._scale**2 / 4 - 1 / 12 if self._scale > 1 else 0.0
        self._disc = _disc(2 * np.sqrt(radius**2 / 4 - added) / self._scale)
        self.variance = added + _variance(self._disc) * self._scale**2
        """px^2, along each axis, of the blur that this step really makes."""

    def blur(self, layer: Light) -> Light:
        """The layer through this disc, at 1 / scale of its size."""
        if self._scale > 1:
            height, width = layer.shape
            size = max(1, round(width / self._scale)), max(1, round(height / self._scale))
            layer = np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_AREA), np.uint16)
        if self._disc.size == 1:
            return layer
        blurred = cv2.filter2D(layer.astype(np.float32), -1, self._disc, borderType=cv2.BORDER_REPLICATE)
        np.rint(blurred, out=blurred)
        return np.clip(blurred, 0, 65535, out=blurred).astype(np.uint16)


def composed(planes: list[Blurred], radii: list[float]) -> Light:
    """What a sensor sees: planes from far to near, each through a disc of its own radius in px.

    The far one fills the scene. Where a nearer plane is blurred its edge is half transparent: it
    spreads over what is behind, which a photograph shows as well.
    """
    [seen] = planes[0].at(radii[0])
    for plane, radius in zip(planes[1:], radii[1:], strict=True):
        light, cover = plane.at(radius)
        behind = cv2.multiply(seen[plane.box], cv2.bitwise_not(cover, dst=cover), scale=1 / 65535)
        seen[plane.box] = cv2.add(behind, light, dst=light)
    return seen


def _disc(radius: float) -> npt.NDArray[np.float32]:
    """The share of each pixel that a disc covers, summing to 1; shape (n, n), n odd."""
    fine: Final = 16
    reach = int(np.ceil(radius - 0.5)) if radius > 0.5 else 0
    along = (np.arange((2 * reach + 1) * fine) + 0.5) / fine - reach - 0.5
    inside = (along[:, None] ** 2 + along[None, :] ** 2 <= radius**2) if reach else np.ones((fine, fine))
    share = inside.reshape(2 * reach + 1, fine, 2 * reach + 1, fine).mean(axis=(1, 3))
    return np.asarray(share / share.sum(), np.float32)


def _variance(disc: npt.NDArray[np.float32]) -> float:
    along = np.arange(len(disc)) - len(disc) // 2
    return float((disc.sum(axis=0) * along**2).sum())


def _box(cover: Light, margin: int) -> tuple[slice, slice]:
    """Rows and columns of what is covered, with room for the blur to spread."""
    found = []
    for axis, length in ((1, cover.shape[0]), (0, cover.shape[1])):
        where = np.flatnonzero(cover.any(axis=axis))
        found.append(slice(max(0, int(where[0]) - margin), min(length, int(where[-1]) + 1 + margin)))
    return found[0], found[1]
