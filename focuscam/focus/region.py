"""The pixels of a region."""

from __future__ import annotations

import math

from focuscam.messages import Luma
from focuscam.region import Box
from focuscam.region import Region as Region
from focuscam.region import parse as parse


def crop(luma: Luma, box: Box) -> Luma:
    """The pixels of a box: a view, at least one pixel."""
    height, width = luma.shape
    left, top = min(int(box[0] * width), width - 1), min(int(box[1] * height), height - 1)
    right, bottom = math.ceil((box[0] + box[2]) * width), math.ceil((box[1] + box[3]) * height)
    return luma[top : max(bottom, top + 1), left : max(right, left + 1)]
