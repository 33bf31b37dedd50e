"""A second light, on GPIO 27, beside the daemon's own: the nearer to focus, the brighter."""

from signal import pause

from gpiozero import PWMLED

from focuscam import FocusSensor

light = PWMLED(27)
light.source = FocusSensor()
pause()
