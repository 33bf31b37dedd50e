"""focuscam: a light that says when a Raspberry Pi camera is in focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from focuscam.sensor import FocusSensor as FocusSensor

__version__ = "0.2.0"
__all__ = ["FocusSensor", "__version__"]


def __getattr__(name: str) -> object:
    """FocusSensor, when it is asked for: the daemon does without, and gpiozero takes its time to be imported."""
    if name == "FocusSensor":
        from focuscam.sensor import FocusSensor

        return FocusSensor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
