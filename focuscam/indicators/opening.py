"""From the settings to the devices: which pins, how they speak, and what can't be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from focuscam.errors import ConfigurationError
from focuscam.indicators import Indicators
from focuscam.indicators.buzzer import Buzzer
from focuscam.indicators.guard import Guard
from focuscam.indicators.led import Led
from focuscam.indicators.patterns import Lamp
from focuscam.indicators.sounds import Sound
from focuscam.lights_out import Off

if TYPE_CHECKING:
    from focuscam.config import BuzzerSettings, LedSettings


def indicators(led: LedSettings, buzzer: BuzzerSettings) -> tuple[Indicators, ConfigurationError | None]:
    """The light and the sound of these settings, with as many of their pins as can be had, and why not all.

    A guard watches over those that are had.
    """
    light: Led | None = None
    sound: Buzzer | None = None
    failed = None
    try:
        if led.pin is not None:
            dimmed = led.mode == "bright" or led.red is not None
            light = Led(led.pin, led.active_high, led.red, dimmed, led.brightness)
        if buzzer.pin is not None:
            sound = Buzzer(buzzer.pin, buzzer.active_high, tonal=buzzer.mode == "tone")
    except ConfigurationError as error:
        failed = error
    guard = Guard(pins(led, buzzer)) if light or sound else None
    return Indicators(light, sound, Lamp(led.mode, led.red is not None), Sound(buzzer.mode), guard), failed


def pins(led: LedSettings, buzzer: BuzzerSettings) -> list[Off]:
    """The pins of these settings, each with the level at which it is off."""
    lamp, sound = int(not led.active_high), int(not buzzer.active_high)
    wanted = [(led.pin, lamp), (led.red if led.pin is not None else None, lamp), (buzzer.pin, sound)]
    return [(pin, off) for pin, off in wanted if pin is not None]
