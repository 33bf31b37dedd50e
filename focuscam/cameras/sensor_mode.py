"""Which of a sensor's modes to run it in. Left to itself libcamera picks a narrow one for a small stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

HQ_CAMERA = ((2028, 1520), 12)
"""Size in px and bits of the HQ Camera's (IMX477) mode for us: its whole field, four pixels as one, 40 frames/s."""


def chosen(modes: Sequence[Mapping[str, Any]], fps: float) -> Mapping[str, Any] | None:
    """The mode to pin, from Picamera2.sensor_modes: size, bit_depth, fps, crop_limits (x, y, width, height, native px).

    The HQ Camera's own where it exists. Otherwise the widest field of view comes first: a magnified
    picture would hide what the photographer frames. Among those that see as much, one that keeps up
    with fps, with the most pixels; the fastest where none does. None where there is no mode to choose.
    """
    modes = [mode for mode in modes if "size" in mode and "bit_depth" in mode]
    for mode in modes:
        if (tuple(mode["size"]), mode["bit_depth"]) == HQ_CAMERA:
            return mode

    def worth(mode: Mapping[str, Any]) -> tuple[float, ...]:
        speed = mode.get("fps", 0.0)
        # 1 % of slack: drivers round their frame rates, and crops by a row or two.
        keeps_up = speed >= 0.99 * fps
        return (keeps_up, _area(mode["size"]) if keeps_up else speed, mode["bit_depth"])

    return max(_widest(modes), key=worth, default=None)


def finest(modes: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The mode with the most pixels among those with the widest field of view; None where there is none."""
    modes = [mode for mode in modes if "size" in mode and "bit_depth" in mode]
    return max(_widest(modes), key=lambda mode: (_area(mode["size"]), mode["bit_depth"]), default=None)


def _widest(modes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    widest = max((_field(mode) for mode in modes), default=0.0)
    return [mode for mode in modes if _field(mode) >= 0.99 * widest]


def stream_size(size: tuple[int, int], side: int) -> tuple[int, int]:
    """(width, height) of a stream shaped as `size`, at most `side` px on its longest side; even, as YUV420 must be."""
    width, height = size
    scale = min(1.0, side / max(width, height))
    return max(2, 2 * round(width * scale / 2)), max(2, 2 * round(height * scale / 2))


def _field(mode: Mapping[str, Any]) -> float:
    x_y_width_height = mode.get("crop_limits")
    return _area(x_y_width_height[2:]) if x_y_width_height else _area(mode["size"])


def _area(size: Sequence[int]) -> float:
    return float(size[0] * size[1])
