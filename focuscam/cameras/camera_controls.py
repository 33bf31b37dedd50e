"""What a Raspberry Pi camera is set to when it starts, and what it tells, in libcamera's names and units. Pure."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from focuscam.errors import ConfigurationError

log = logging.getLogger(__name__)

Limits = tuple[Any, Any, Any]
"""Least, most, default."""

SLOWEST_AUTO_S = 1 / 12
"""The longest frame that automatic exposure may make in the dark: beyond, the light would lag behind the hand."""

METADATA = ("ExposureTime", "AnalogueGain", "Lux", "LensPosition", "FocusFoM")
"""What is kept with a frame."""


def told(metadata: Mapping[str, Any]) -> Mapping[str, float]:
    """What is kept with a frame of all that the camera says of it."""
    return MappingProxyType({name: float(metadata[name]) for name in METADATA if name in metadata})


def at_start(have: Mapping[str, Limits], frame_s: float, exposure: float | None, gain: float | None) -> dict[str, Any]:
    """Those of the controls that we want and that the camera has.

    have: what it has. frame_s: from frame to frame, s. exposure: s, and gain: times; None for automatic.
    Raises ConfigurationError where these are beyond its limits.
    """
    frame = round(1e6 * frame_s)
    slowest = frame if exposure else max(frame, round(1e6 * SLOWEST_AUTO_S))
    wanted: dict[str, Any] = {
        # The score must see what the lens does, not what the ISP makes of it.
        "Sharpness": 0.0,
        "NoiseReductionMode": 0,  # off
        "FrameDurationLimits": (frame, slowest),
    }
    if exposure:
        wanted["ExposureTime"] = _within(round(1e6 * exposure), have.get("ExposureTime"), "exposure", 1e-6)
    if gain:
        wanted["AnalogueGain"] = _within(gain, have.get("AnalogueGain"), "gain")
    for name in ("ExposureTime", "AnalogueGain"):
        if name in wanted and name not in have:
            log.warning("This camera has no %s to set: it keeps its own.", name)
    return {name: value for name, value in wanted.items() if name in have}


def _within(value: float, limits: Limits | None, key: str, unit: float = 1.0) -> float:
    """value, if it is within a control's limits, where known. Raises ConfigurationError."""
    least, most, _ = limits or (None, None, None)
    if least is not None and most and not least <= value <= most:
        raise ConfigurationError(
            f"[camera] {key} = {value * unit:g} can't be: this camera can do {least * unit:g} to {most * unit:g}."
        )
    return value
