"""A pointer on a servo, on GPIO 18: to one end where the picture is soft, to the other at the best focus."""

from signal import pause

from gpiozero import Servo
from gpiozero.tools import scaled

from focuscam import FocusSensor

pointer = Servo(18)
pointer.source_delay = 0.05  # faster than a servo turns would only make it hum
pointer.source = scaled(FocusSensor(), -1, 1)
pause()
