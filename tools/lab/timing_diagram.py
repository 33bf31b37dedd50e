"""The levels of mock pins while the demo of the indicators plays, in every mode, as a picture."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin
from matplotlib import pyplot as plt

from focuscam.config import BuzzerSettings, LedSettings
from focuscam.indicators import demo, opening
from focuscam.messages import Light

BEAT_S = 0.01
PIN, RED, SOUND = 17, 27, 22
ROWS = {
    "LED, threshold": (LedSettings(), BuzzerSettings(), PIN),
    "LED, bright": (LedSettings(mode="bright"), BuzzerSettings(), PIN),
    "LED, blink": (LedSettings(mode="blink"), BuzzerSettings(), PIN),
    "two colours, green": (LedSettings(red=RED), BuzzerSettings(), PIN),
    "two colours, red": (LedSettings(red=RED), BuzzerSettings(), RED),
    "brightness 0.3": (LedSettings(brightness=0.3), BuzzerSettings(), PIN),
    "buzzer, chirp": (LedSettings(pin=None), BuzzerSettings(pin=SOUND), SOUND),
    "buzzer, beep": (LedSettings(pin=None), BuzzerSettings(pin=SOUND, mode="beep"), SOUND),
    "buzzer, tone (kHz)": (LedSettings(pin=None), BuzzerSettings(pin=SOUND, mode="tone"), SOUND),
}


def played(led: LedSettings, buzzer: BuzzerSettings, number: int) -> tuple[list[float], list[float]]:
    """Times (s) and levels of a mock pin while the demo plays; of a tone its frequency (kHz)."""
    Device.pin_factory = MockFactory(pin_class=MockPWMPin)
    indicators, failed = opening.indicators(led, buzzer)
    if failed is not None:
        raise failed
    times: list[float] = []
    levels: list[float] = []
    with indicators:
        indicators.demonstrate(0.0)
        pin = Device.pin_factory.pin(number)
        for beat in range(round(demo.LENGTH_S / BEAT_S)):
            times.append(beat * BEAT_S)
            indicators.say(Light.OFF, beat * BEAT_S)
            level = float(pin.state or 0.0)
            levels.append((pin.frequency or 0.0) / 1000 if buzzer.mode == "tone" and level else level)
    Device.pin_factory.reset()
    return times, levels


def draw(file: Path) -> None:
    """Write the diagram."""
    figure, axes = plt.subplots(len(ROWS), sharex=True, figsize=(14, 1.1 * len(ROWS) + 1.5))
    for axis, (name, row) in zip(axes, ROWS.items(), strict=True):
        times, levels = played(*row)
        axis.step(times, levels, where="post", color="black", linewidth=0.9)
        axis.fill_between(times, levels, step="post", alpha=0.25)
        axis.set_ylim(-0.08, 1.12)
        axis.set_yticks([0, 1])
        axis.set_ylabel(name, rotation=0, ha="right", va="center")
        began = 0.0
        for scene in demo.SCENES:
            axis.axvline(began, color="tab:red", linewidth=0.7)
            began += scene.seconds
    began = 0.0
    for scene in demo.SCENES[:-1]:
        axes[0].text(
            began + 0.05, 1.2, scene.says.split(".")[0].split(":")[0].split("(")[0].split(",")[0].strip(), fontsize=8
        )
        began += scene.seconds
    axes[-1].set_xlabel("seconds")
    figure.tight_layout()
    figure.savefig(file, dpi=90)
