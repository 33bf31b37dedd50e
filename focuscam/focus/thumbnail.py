"""A picture so small that defocus leaves it almost alone: what tells one scene from another."""

from __future__ import annotations

import cv2

from focuscam.focus.measures import halved
from focuscam.messages import THUMBNAIL_HEIGHT, THUMBNAIL_WIDTH, Luma


def thumbnail(luma: Luma) -> bytes:
    """Means of luma over a grid of THUMBNAIL_WIDTH by THUMBNAIL_HEIGHT cells: grey levels, row by row from the top."""
    while luma.shape[1] >= 16 * THUMBNAIL_WIDTH:  # four times cheaper than at once
        luma = halved(luma)
    return cv2.resize(luma, (THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT), interpolation=cv2.INTER_AREA).tobytes()
