"""From a frame to a Reading: choose patches that tell, let the network judge them, sum up.

The coarse luma says where there is something to see; the patches are cut there from the fine luma.
"""

from __future__ import annotations

import math
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.focus import measures
from focuscam.focus.model import BATCH, FocusModel
from focuscam.focus.region import Region
from focuscam.focus.thumbnail import thumbnail
from focuscam.frame import Blur, Box, Frame, Luma, Reading

Floats = npt.NDArray[np.float32]
Reason = Literal["dark", "bright", "flat", "small"]

LEAST_SIDE = 16
"""A picture narrower than this, px, holds too little to be judged."""


class Scorer:
    """Scores the region of one frame after another. Keeps nothing of them."""

    def __init__(self, model: FocusModel, region: Region) -> None:
        """`region` may be replaced at any time; the next frame is scored with it."""
        self.model = model
        self.region = region

    def score(self, frame: Frame) -> Reading:
        """What this frame says by itself. Never raises, whatever the pixels and their number."""
        box = self.region.box
        if min(frame.fine.shape) < LEAST_SIDE:
            return _reading(frame, box, None, 0.0, "unknown", 0.0, "small")
        noise, contrast = measures.noise_and_contrast(measures.tiles(crop(frame.fine, box)))
        patches = cut(frame.fine, places(frame, box, self.model.patch), self.model.patch)
        weight = telling(patches, noise)
        reason = None if weight.any() else blank(crop(frame.coarse, box), noise)
        if reason:
            return _reading(frame, box, None, 0.0, "unknown", contrast, reason)
        columns = dict(zip(self.model.outputs, self.model.judge(measures.normalised(patches)).T, strict=True))
        score, motion = self._summed(columns, weight)
        certainty = abs(2 * score - 1) * min(1.0, float(weight.sum()) / 3)
        blur: Blur = "none" if score >= self.model.threshold else "motion" if motion >= 0.5 else "defocus"
        return _reading(frame, box, score, certainty, blur, contrast, None)

    def _summed(self, columns: dict[str, Floats], weight: Floats) -> tuple[float, float]:
        """Score and probability of motion blur of the region, from those of its patches."""
        focus = columns["focus"]
        motion = columns.get("motion", np.zeros_like(focus))
        if not weight.any():
            return 0.0, 0.0
        best = np.argsort(-focus * weight)[: max(1, round(np.count_nonzero(weight) * 0.5))]
        score = float(np.average(focus[best], weights=weight[best] + 1e-6))
        return min(max(score, 0.0), 1.0), float(np.average(motion, weights=weight))


def _reading(
    frame: Frame, box: Box, score: float | None, certainty: float, blur: Blur, contrast: float, reason: Reason | None
) -> Reading:
    small = thumbnail(crop(frame.coarse, box))
    return Reading(
        frame.number, frame.time, frame.name, score, certainty, blur, contrast, reason, box, frame.taken, small
    )


def crop(luma: Luma, box: Box) -> Luma:
    """The pixels of a box: a view, at least one pixel."""
    height, width = luma.shape
    left, top = min(int(box[0] * width), width - 1), min(int(box[1] * height), height - 1)
    right, bottom = math.ceil((box[0] + box[2]) * width), math.ceil((box[1] + box[3]) * height)
    return luma[top : max(bottom, top + 1), left : max(right, left + 1)]


def _starts(low: float, high: float, side: int, patch: int) -> npt.NDArray[np.intp]:
    """Where patches may start along one axis, px: `low` to `high` of a frame `side` px long, by half a patch.

    Where patches do not fit between the two, one in the middle of them that reaches beyond.
    """
    room = high - low - patch
    if room <= 0:
        middle = round((low + high - patch) / 2)
        return np.array([min(max(middle, 0), max(side - patch, 0))], np.intp)
    count = math.ceil(room / (patch / 2)) + 1
    return np.rint(np.linspace(low, low + room, count)).astype(np.intp)


def places(frame: Frame, box: Box, patch: int) -> npt.NDArray[np.intp]:
    """Top and left, fine px, of the at most BATCH patches of the box that have the most to say: (n, 2).

    They may overlap by half, but stand side by side while there is room.
    """
    height, width = frame.fine.shape
    tops = _starts(box[1] * height, (box[1] + box[3]) * height, height, patch)
    lefts = _starts(box[0] * width, (box[0] + box[2]) * width, width, patch)
    if len(tops) * len(lefts) <= BATCH:
        return np.stack(np.meshgrid(tops, lefts, indexing="ij"), -1).reshape(-1, 2)
    energy = _energy(frame, tops, lefts, patch)
    chosen: list[tuple[int, int]] = []
    # Side by side first; where the region has no more room for that, overlapping.
    for reach in (1, 0):
        left = energy.copy()
        for row, column in chosen:
            left[max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1] = -1
        while len(chosen) < BATCH:
            row, column = divmod(int(left.argmax()), left.shape[1])
            if left[row, column] < 0:
                break
            chosen.append((row, column))
            left[max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1] = -1
    return np.array([(tops[row], lefts[column]) for row, column in chosen], np.intp)


def _energy(frame: Frame, tops: npt.NDArray[np.intp], lefts: npt.NDArray[np.intp], patch: int) -> Floats:
    """Gradient energy under each patch, from the coarse luma: (tops, lefts)."""
    coarse, fine = frame.coarse, frame.fine
    scale = coarse.shape[0] / fine.shape[0], coarse.shape[1] / fine.shape[1]
    top, bottom = int(tops[0] * scale[0]), math.ceil((tops[-1] + patch) * scale[0])
    left, right = int(lefts[0] * scale[1]), math.ceil((lefts[-1] + patch) * scale[1])
    view = coarse[top:bottom, left:right]
    half = cv2.resize(view, (max(view.shape[1] // 2, 1), max(view.shape[0] // 2, 1)), interpolation=cv2.INTER_AREA)
    x, y = cv2.Sobel(half, cv2.CV_32F, 1, 0), cv2.Sobel(half, cv2.CV_32F, 0, 1)
    square = cv2.multiply(x, x)
    square += cv2.multiply(y, y)
    # Cells of half a patch; a patch is two by two of them.
    cells = cv2.resize(square, (len(lefts) + 1, len(tops) + 1), interpolation=cv2.INTER_AREA)
    return cells[:-1, :-1] + cells[1:, :-1] + cells[:-1, 1:] + cells[1:, 1:]


def cut(fine: Luma, starts: npt.NDArray[np.intp], patch: int) -> Luma:
    """Patches of the fine luma, uint8, (n, patch, patch); a frame smaller than a patch is mirrored at its edges."""
    height, width = fine.shape
    if height < patch or width < patch:
        fine = cv2.copyMakeBorder(
            fine[: max(patch, height)], 0, max(patch - height, 0), 0, max(patch - width, 0), cv2.BORDER_REFLECT_101
        )
    return np.stack([fine[top : top + patch, left : left + patch] for top, left in starts])


def telling(patches: Luma, noise: float) -> Floats:
    """How much each patch has to say, 0 or 1: whether there is structure that noise does not explain."""
    structure = np.array(
        [cv2.meanStdDev(cv2.resize(p, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA))[1][0, 0] for p in patches]
    )
    # Averaging four by four divides white noise by four; noise of a colour sensor is less white.
    return (structure > 1.5 + 0.5 * noise).astype(np.float32)


def blank(view: Luma, noise: float) -> Reason | None:
    """Why nothing can be told of a region none of whose patches tell; None when it is only soft."""
    small = cv2.resize(view, (32, 24), interpolation=cv2.INTER_AREA).astype(np.float32)
    mean = float(small.mean())
    y, x = np.mgrid[-1:1:24j, -1:1:32j]
    shading = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], -1).reshape(-1, 6)
    residual = small.ravel() - shading @ np.linalg.lstsq(shading, small.ravel(), rcond=None)[0]
    if float(residual.std()) > 2.0 + 0.25 * noise:
        return None
    return "dark" if mean < 24 else "bright" if mean > 245 else "flat"
