"""Which parts of a region have the most to say, at three scales, cut out for the network.

The same blur is judged at three widths: the fine luma, the coarse one, and half of that. Sharp at the
finest is what a good lens gives; a cheap one, a microscope or an enlarged picture never gets there,
however well it is focused; and a blur too wide for a fine patch to measure is a small one at the
coarser two, where noise is averaged away besides.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.focus.measures import halved
from focuscam.messages import Frame, Luma
from focuscam.region import Box

Floats = npt.NDArray[np.float32]
Sums = npt.NDArray[np.float64]
"""Energy above and left of each corner of a cell: (rows + 1, columns + 1)."""
Places = npt.NDArray[np.intp]
"""Top and left of each patch, px: (n, 2)."""

PER_LEVEL = 4
"""Patches of each scale; the finest has those that the others have no room for."""
EVEN = 1.3
"""Times the middle one that the strongest part of an even region may be, were the parts large."""


@dataclass(frozen=True, slots=True)
class Level:
    """One scale: the picture, and its size."""

    luma: Luma
    scale: float
    """Size of this picture over that of the fine luma; and of white noise, since that is averaged away."""


@dataclass(frozen=True, slots=True)
class Patches:
    """What the network is to look at."""

    luma: Luma
    """uint8, (n, patch, patch), n at least 1."""
    level: npt.NDArray[np.intp]
    """Index of the level of each: (n,)."""
    places: Places
    """Where each lies, px of its own level."""
    even: bool
    """Whether there is everywhere alike, so that what looks like texture may be the sensor's grain."""


def levels(frame: Frame, patch: int) -> list[Level]:
    """The scales at which a frame is judged, the finest first: three, or fewer for a small one."""
    found: list[npt.NDArray[Any]] = [frame.fine]
    if frame.coarse.shape != frame.fine.shape and min(frame.coarse.shape) >= patch:
        found.append(frame.coarse)
    if min(frame.coarse.shape) // 2 >= patch:
        found.append(halved(frame.coarse))
    return [Level(luma, max(luma.shape) / max(frame.fine.shape)) for luma in found]


def chosen(scales: list[Level], box: Box, patch: int, count: int) -> Patches:
    """The `count` patches of a box, or fewer where it is small, that have the most to say.

    By their gradients, not by fine detail: along the path of a shaken picture lines stay as sharp as
    they were, and detail would find just those.
    """
    energy = gradient_energy(scales[-1].luma)
    summed = cv2.integral(energy).astype(np.float64, copy=False)
    lumas, numbers, places = [], [], []
    left = count
    for number in range(len(scales) - 1, -1, -1):
        luma = scales[number].luma
        starts = _best(summed, luma, box, patch, left if number == 0 else min(left, PER_LEVEL))
        left -= len(starts)
        lumas.append(cut(luma, starts, patch))
        numbers += [number] * len(starts)
        places.append(starts)
    even = evenly(_part(energy, box))
    return Patches(np.concatenate(lumas), np.array(numbers, np.intp), np.concatenate(places), even)


CELL = 2
"""Side, px, of the cells whose energy is told, as `halved` makes them: what is chosen by them needs no more."""


def gradient_energy(luma: Luma) -> Floats:
    """Squared gradient of a small luma: how much structure is where. (height / CELL, width / CELL)."""
    x, y = (gradient.astype(np.float32) for gradient in cv2.spatialGradient(luma))
    x *= x
    cv2.accumulateSquare(y, x)
    return halved(x)


def evenly(energy: Floats) -> bool:
    """Whether no part of a region has more gradients than chance gives to grain.

    Measured on noise of every size of grain, the greatest of 48 parts is 1.2 times the middle one where
    a part has 1600 px, 1.75 times where it has 100; on real scenes, twice at least.
    """
    height, width = energy.shape
    columns, rows = max(2, min(8, width * CELL // 10)), max(2, min(6, height * CELL // 10))
    parts = cv2.resize(energy, (columns, rows), interpolation=cv2.INTER_AREA)
    pixels = energy.size * CELL**2 / parts.size
    return float(np.max(parts)) < (EVEN + 5 / math.sqrt(pixels)) * float(np.median(parts))


def _part(energy: Floats, box: Box) -> Floats:
    height, width = energy.shape
    top, left = min(int(box[1] * height), height - 1), min(int(box[0] * width), width - 1)
    return energy[top : math.ceil((box[1] + box[3]) * height), left : math.ceil((box[0] + box[2]) * width)]


@functools.lru_cache(maxsize=32)
def starts(low: float, high: float, side: int, patch: int) -> npt.NDArray[np.intp]:
    """Where patches may start along one axis, px: from `low` to `high` of a frame `side` px long, by half a patch.

    Where patches do not fit between the two, one in the middle of them that reaches beyond.
    """
    room = high - low - patch
    if room <= 0:
        middle = round((low + high - patch) / 2)
        return np.array([min(max(middle, 0), max(side - patch, 0))], np.intp)
    steps = np.linspace(low, low + room, math.ceil(room / (patch / 2)) + 1)
    result: npt.NDArray[np.intp] = np.minimum(np.rint(steps).astype(np.intp), side - patch)
    return result


def _best(summed: Sums, luma: Luma, box: Box, patch: int, count: int) -> Places:
    """The places of one scale that have the most energy: side by side while there is room, else half overlapping."""
    height, width = luma.shape
    tops = starts(box[1] * height, (box[1] + box[3]) * height, height, patch)
    lefts = starts(box[0] * width, (box[0] + box[2]) * width, width, patch)
    under = _under(summed, luma, tops, lefts, patch)
    # A patch shuts out its eight neighbours: so many of the best are enough to pick from.
    enough = min(9 * count, under.size)
    best = np.argpartition(under, under.size - enough, axis=None)[under.size - enough :]
    order = best[np.argsort(under.flat[best])[::-1]]
    rows, columns = (axis.tolist() for axis in np.unravel_index(order, under.shape))
    picked: list[tuple[int, int]] = []
    for apart in (2, 1):
        for place in zip(rows, columns, strict=True):
            if len(picked) == count:
                break
            if all(abs(place[0] - row) >= apart or abs(place[1] - column) >= apart for row, column in picked):
                picked.append(place)
    return np.array([(tops[row], lefts[column]) for row, column in picked], np.intp)


def _under(summed: Sums, luma: Luma, tops: npt.NDArray[np.intp], lefts: npt.NDArray[np.intp], patch: int) -> Floats:
    """Energy under each patch: (tops, lefts)."""
    top, bottom = (_place(edge, luma.shape[0], summed.shape[0]) for edge in (tops, tops + patch))
    left, right = (_place(edge, luma.shape[1], summed.shape[1]) for edge in (lefts, lefts + patch))
    strips = summed[bottom] - summed[top]
    result: Floats = (strips[:, right] - strips[:, left]).astype(np.float32)
    return result


def _place(edge: npt.NDArray[np.intp], side: int, sums: int) -> npt.NDArray[np.intp]:
    """Where edges, px of a luma of this side, lie among so many sums, of which there is one more than cells."""
    result: npt.NDArray[np.intp] = np.minimum(np.rint(edge * ((sums - 1) / side)).astype(np.intp), sums - 1)
    return result


def cut(luma: Luma, places: Places, patch: int) -> Luma:
    """Patches of a luma, uint8, (n, patch, patch); a luma smaller than a patch is mirrored at its edges."""
    height, width = luma.shape
    if height < patch or width < patch:
        below, right = max(patch - height, 0), max(patch - width, 0)
        luma = cv2.copyMakeBorder(luma, 0, below, 0, right, cv2.BORDER_REFLECT_101).astype(np.uint8, copy=False)
    return np.stack([luma[top : top + patch, left : left + patch] for top, left in places])
