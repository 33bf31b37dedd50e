"""The arithmetic of looking closer: which part of the sensor to read, and where a region then lies.

Pure. Boxes are in fractions of the whole field of view.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from focuscam.region import Box


def part(times: float, box: Box, seen: Box) -> Box:
    """The part of the field of view that shows it `times` as large, around the middle of a region.

    box: the region, in fractions of what is seen now; seen: the part that is seen now.
    """
    side = 1 / max(times, 1.0)
    x = seen[0] + (box[0] + box[2] / 2) * seen[2]
    y = seen[1] + (box[1] + box[3] / 2) * seen[3]
    return _between(x - side / 2, 1 - side), _between(y - side / 2, 1 - side), side, side


def moved(box: Box, seen: Box, now: Box) -> Box:
    """A region of the same size on the screen, around the same place of the scene, after another part is seen."""
    x = (seen[0] + (box[0] + box[2] / 2) * seen[2] - now[0]) / now[2]
    y = (seen[1] + (box[1] + box[3] / 2) * seen[3] - now[1]) / now[3]
    return _between(x - box[2] / 2, 1 - box[2]), _between(y - box[3] / 2, 1 - box[3]), box[2], box[3]


def scaler_crop(controls: Mapping[str, Any], now: Box) -> tuple[int, int, int, int] | None:
    """Libcamera's ScalerCrop for a part of the field of view, in native pixels; None where it has none.

    controls: (least, most, default) by name; the default is the whole field of view of the sensor's mode.
    """
    if "ScalerCrop" not in controls:
        return None
    x, y, width, height = (int(each) for each in controls["ScalerCrop"][2])
    return round(x + now[0] * width), round(y + now[1] * height), round(now[2] * width), round(now[3] * height)


def _between(value: float, most: float) -> float:
    return min(max(value, 0.0), max(most, 0.0))
