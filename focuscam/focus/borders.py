"""Masks and borders: an all-sky camera's black ring, a letterbox. Their edge is always there, hard and in focus.

So only what they leave free is looked at: between the bars of a letterbox, and of a circle the largest
rectangle of the region's shape inside it.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.focus.region import crop
from focuscam.messages import Luma
from focuscam.region import Box

FLAT = 4
"""Grey levels by which a mask may differ from itself: it is drawn, not seen, but JPEG passes by."""
CORNER = 6
"""Side, px of the coarse luma, of the corners that a circle leaves dark."""
LEAST = 0.3
"""Share of the region's sides that must be left, else it is a dark picture and no mask."""
FULL = 0.94
"""Share of its circle that a round picture fills, at least; and of what is outside that the mask fills."""
CUT, CUT_SHARE = 12, 0.7
"""Grey levels by which the picture differs from a bar right beside it, and along what share of their edge, at least: a
bar is cut off, where a dark ground ends here and there."""
RIM = 3
"""Rim, px of the coarse luma, that goes as well: the edge itself."""


def inside(coarse: Luma, box: Box) -> Box:
    """The part of a region that no mask or border covers; the region itself where there is none."""
    view = crop(coarse, box)
    height, width = view.shape
    if min(height, width) < 8 * CORNER:
        return box
    free = _round(view) or _bars(view)
    if free is None:
        return box
    left, top, right, bottom = free
    if right - left < LEAST * width or bottom - top < LEAST * height:
        return box
    x, y, wide, high = box
    return (
        x + wide * left / width,
        y + high * top / height,
        wide * (right - left) / width,
        high * (bottom - top) / height,
    )


def _bars(view: Luma) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of what bars of one grey leave free; None without bars."""
    height, width = view.shape
    top, bottom = _bar(view), _bar(view[::-1])
    left, right = _bar(view.T), _bar(view.T[::-1])
    if not top + bottom + left + right:
        return None
    return left, top, width - right, height - bottom


def _bar(view: Luma) -> int:
    """Rows at the top that a bar of one grey takes, its edge among them; 0 without one."""
    if np.ptp(view[0]) > FLAT:
        return 0
    grey = int(view[0, 0])
    differ = np.abs(view[:, ::3].astype(np.int16) - grey).max(1) > FLAT
    rows = int(np.argmax(differ)) if differ.any() else 0
    beside = np.abs(view[rows : rows + RIM].astype(np.int16) - grey).max(0) > CUT
    return rows + RIM if rows and float(beside.mean()) >= CUT_SHARE else 0


def _round(view: Luma) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of the largest rectangle of the view's shape in a round picture; None without one."""
    height, width = view.shape
    ends = slice(0, CORNER), slice(-CORNER, None)
    corners = np.stack([view[y, x] for y in ends for x in ends])
    if np.ptp(corners) > FLAT:
        return None
    grey = round(float(corners.mean()))
    shown: npt.NDArray[np.uint8] = (cv2.absdiff(view, np.full_like(view, grey)) > FLAT).astype(np.uint8)
    points = cv2.findNonZero(shown)
    if points is None:
        return None
    (x, y), radius = cv2.minEnclosingCircle(cv2.convexHull(points))
    disc = cv2.circle(np.zeros_like(shown), (round(x), round(y)), round(radius), (1.0,), cv2.FILLED)
    outside = height * width - cv2.countNonZero(disc)
    if (
        cv2.countNonZero(cv2.bitwise_and(shown, disc)) < FULL * cv2.countNonZero(disc)
        or outside < (1 - FULL) * shown.size
    ):
        return None
    reach = (radius - RIM) / math.hypot(width, height)
    left, right = max(round(x - reach * width), 0), min(round(x + reach * width), width)
    top, bottom = max(round(y - reach * height), 0), min(round(y + reach * height), height)
    return left, top, right, bottom
