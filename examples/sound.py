"""A tone on a loudspeaker or passive buzzer, on GPIO 22: silent where it is soft, higher the nearer to focus."""

from signal import pause

from gpiozero import TonalBuzzer

from focuscam import FocusSensor

SOFT = 0.5  # closeness


def tones(sensor):
    """From -1, the lowest, to 1, the highest; None is silence."""
    for closeness in sensor.values:
        yield None if closeness < SOFT else 2 * (closeness - SOFT) / (1 - SOFT) - 1


buzzer = TonalBuzzer(22, octaves=2)
buzzer.source_delay = 0.05
buzzer.source = tones(FocusSensor())
pause()
