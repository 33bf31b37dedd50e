"""Any picture brought to the two scales, by area averaging, as a camera's ISP does."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.messages import COARSE_SIDE, FINE_SIDE, Luma


def size_within(side: int, width: int, height: int) -> tuple[int, int]:
    """(width, height) in px with the longest at most `side`: aspect kept, never enlarged, at least 1 px."""
    longest = max(width, height)
    if longest <= side:
        return width, height
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))


def two_scales(luma: npt.NDArray[Any]) -> tuple[Luma, Luma]:
    """(fine, coarse) of luma of shape (height, width): uint8, or uint16 with its white at 65535.

    The coarse one is made from the fine one, as a Raspberry Pi makes its lores stream from the
    picture of the sensor mode. They are one array where the fine one is small enough for both.
    """
    fine = _shrunk(luma, FINE_SIDE)
    if fine.dtype == np.uint16:  # only now: averaging first keeps what the lower 8 bits know
        fine = cv2.convertScaleAbs(fine, alpha=255 / 65535)
    return fine, _shrunk(fine, COARSE_SIDE)


def not_enlarged(luma: Luma, pixels: float) -> Luma:
    """The luma with no more columns than the sensor had pixels for: a magnifier's enlarged pixels are no detail.

    Itself where that makes less than a twentieth of difference.
    """
    height, width = luma.shape
    if pixels >= 0.95 * width:
        return luma
    size = max(1, round(pixels)), max(1, round(height * pixels / width))
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.uint8)


def _shrunk(picture: npt.NDArray[Any], side: int) -> npt.NDArray[Any]:
    height, width = picture.shape
    size = size_within(side, width, height)
    return picture if size == (width, height) else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
