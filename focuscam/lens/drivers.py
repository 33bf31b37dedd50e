"""From the settings to the driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from focuscam.errors import ConfigurationError
from focuscam.lens import Lens
from focuscam.lens.camera_lens import CameraLens
from focuscam.lens.coils import StepDir, Uln2003
from focuscam.lens.stepper import Stepper
from focuscam.lights_out import Off

if TYPE_CHECKING:
    from focuscam.config import LensSettings

PINS = {"uln2003": (4, "four: of IN1 to IN4"), "stepdir": (2, "two or three: of STEP, DIR and ENABLE")}


def motor(wanted: LensSettings) -> Lens | None:
    """The motor of these settings; None where they name none. Raises ConfigurationError."""
    if wanted.driver not in PINS:
        return None
    least, words = PINS[wanted.driver]
    pins = wanted.pins or ()
    if len(pins) not in (least, least + (wanted.driver == "stepdir")):
        raise ConfigurationError(f'[lens] driver = "{wanted.driver}" needs pins = [...], {words}.')
    if wanted.travel is None or wanted.travel <= wanted.backlash + 1:
        raise ConfigurationError(
            f'[lens] driver = "{wanted.driver}" needs travel: the steps from one end of the ring to the other, more '
            f"than backlash, which is {wanted.backlash}."
        )
    coils = (Uln2003 if wanted.driver == "uln2003" else StepDir)(pins)
    return Stepper(coils, wanted.travel, wanted.backlash, wanted.speed, find_stop=wanted.start == "find")


def pins(wanted: LensSettings) -> list[Off]:
    """The pins of the motor of these settings, each with the level at which it has no current."""
    if wanted.driver not in PINS:
        return []
    # STEP, DIR and ENABLE: the last is on when it is low.
    return [(pin, int(wanted.driver == "stepdir" and at == 2)) for at, pin in enumerate(wanted.pins or ())]


def of_camera(
    wanted: LensSettings, controls: Mapping[str, Any], put: Callable[[Mapping[str, Any]], object]
) -> Lens | None:
    """The lens that the camera moves itself; None where the settings want another, or it has none."""
    if wanted.driver != "camera" or "LensPosition" not in controls:
        return None
    return CameraLens(controls, put)
