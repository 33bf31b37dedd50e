"""Release a shutter, through an optocoupler on GPIO 22, each time the picture has come into focus and stayed so."""

from time import sleep

from gpiozero import DigitalOutputDevice

from focuscam import FocusSensor

SETTLE_S = 0.5  # until the hand has left the ring
PRESS_S = 0.3

shutter = DigitalOutputDevice(22)
sensor = FocusSensor()
while True:
    sensor.wait_for_active()
    sleep(SETTLE_S)
    if sensor.is_active:
        shutter.blink(on_time=PRESS_S, off_time=0, n=1, background=False)
        print("released at score", sensor.reading["score"], flush=True)
        sensor.wait_for_inactive()
