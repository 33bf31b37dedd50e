"""Spots: boxes of a quarter of width and height that have one depth, as a photographer points the camera.

A whole frame has subjects at several depths, and no single answer. A spot counts where its contrast, measured in two
ways, climbs to one top and falls again.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.cameras.photo import read_photo
from focuscam.messages import COARSE_SIDE, Luma
from focuscam.region import Box
from lab.evaluation.pictures import no_larger, sweep_folders

Pixel = TypeVar("Pixel", bound=np.generic)
SIDE, STEP = 0.25, 0.125
"""Of a box and from one to the next, in fractions of the frame."""
MOST = 4
"""Spots found in a series, those of the clearest tops first."""
LEAST_CONTRAST = 2.5
"""Grey levels of the best frame: with less there is nothing to see."""
LOWEST = 0.5
"""Of the best contrast: where some frame has no less, the spot never gets soft."""
SECOND_TOP, VALLEY = 0.8, 0.75
"""A second top of so much of the best contrast beyond a valley of less than that: two depths."""


@dataclass(frozen=True)
class Series:
    """One way of the ring from end to end: the pictures at both scales, and the boxes that are looked at."""

    name: str
    fine: list[Luma]
    coarse: list[Luma]
    boxes: list[Box]


def crop(picture: npt.NDArray[Pixel], box: Box) -> npt.NDArray[Pixel]:
    """The pixels of a box."""
    height, width = picture.shape
    x, y, w, h = box
    return picture[round(y * height) : round((y + h) * height), round(x * width) : round((x + w) * width)]


def contrast(luma: Luma, box: Box) -> float:
    """What a spot is judged by: RMS of the Laplacian after Gaussian smoothing (sigma 1), at 640 px."""
    smooth = cv2.GaussianBlur(no_larger(luma, COARSE_SIDE), (0, 0), 1)
    return float(crop(np.asarray(cv2.Laplacian(smooth, cv2.CV_32F)), box).std())


def closeness(series: Series, box: Box) -> npt.NDArray[np.float64]:
    """Contrast of each picture of a spot over the best of the series."""
    each = np.array([contrast(luma, box) for luma in series.fine])
    over_best: npt.NDArray[np.float64] = each / each.max()
    return over_best


def _gradient(luma: Luma) -> npt.NDArray[np.float32]:
    smooth = cv2.GaussianBlur(no_larger(luma, COARSE_SIDE), (0, 0), 1)
    x, y = (np.asarray(cv2.Sobel(smooth, cv2.CV_32F, *which), np.float32) for which in ((1, 0), (0, 1)))
    return x * x + y * y


def _one_top(c: npt.NDArray[np.float64]) -> bool:
    top = int(np.argmax(c))
    return not any(
        np.any((side > SECOND_TOP) & (np.minimum.accumulate(side) < VALLEY)) for side in (c[top:], c[: top + 1][::-1])
    )


def find(pictures: list[Luma]) -> list[Box]:
    """The spots of a series, at most MOST and apart from each other; none where the pictures differ in size."""
    if len({each.shape for each in pictures}) != 1:
        return []
    gradients = [_gradient(luma) for luma in pictures]
    found = []
    for y in np.arange(0, 1 - SIDE + 0.01, STEP):
        for x in np.arange(0, 1 - SIDE + 0.01, STEP):
            box = (float(x), float(y), SIDE, SIDE)
            laplacian = np.array([contrast(luma, box) for luma in pictures])
            tenengrad = np.array([float(crop(each, box).mean()) for each in gradients])
            c = laplacian / max(laplacian.max(), 1e-6)
            alike = abs(int(np.argmax(laplacian)) - int(np.argmax(tenengrad))) <= 1
            if laplacian.max() >= LEAST_CONTRAST and alike and c.min() < LOWEST and _one_top(c):
                found.append((float(c.min()), -float(laplacian.max()), box))
    kept: list[Box] = []
    for _, _, box in sorted(found):
        if len(kept) < MOST and all(max(abs(box[0] - b[0]), abs(box[1] - b[1])) >= SIDE for b in kept):
            kept.append(box)
    return kept


def read(folder: Path, boxes: list[Box] | None = None) -> Series:
    """The pictures of one series, and its spots: `boxes`, or found where they are None. Raises FocuscamError."""
    with (folder / "sweep.csv").open() as file:
        photos = [read_photo(folder / row["file"]) for row in csv.DictReader(file)]
    fine, coarse = [photo.fine.copy() for photo in photos], [photo.coarse.copy() for photo in photos]
    if boxes is None:
        boxes = find(fine)
    shape = fine[0].shape
    if any(each.shape != shape for each in fine):  # cropped by their author
        size = shape[1], shape[0]
        fine = [np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA), np.uint8) for each in fine]
        coarse = [no_larger(each, COARSE_SIDE) for each in fine]
    return Series(folder.name, fine, coarse, boxes)


def listed(folder: Path, most: int) -> list[tuple[Path, list[Box] | None]]:
    """The series in a folder, each with the first `most` spots that the folder's spots.csv lists, or None: to be found.

    Raises UsageError where there is no series.
    """
    folders = sweep_folders(folder)
    table = folder / "spots.csv"
    if not table.is_file():
        return [(each, None) for each in folders]
    boxes: dict[str, list[Box]] = defaultdict(list)
    with table.open() as file:
        for row in csv.DictReader(file):
            x, y, w, h = (float(row[key]) for key in "xywh")
            boxes[row["sweep"]].append((x, y, w, h))
    for each in folders:
        if each.name not in boxes:
            print(f"{each.name}: no spot of one depth; left out.", file=sys.stderr)
    return [(each, boxes[each.name][:most]) for each in folders if each.name in boxes]
