"""Run a command when a fixed lens has lost its focus, for longer than somebody walks by, such as

python notify.py 60 notify-send focuscam 'The lens has lost its focus'
"""

import subprocess
import sys

from focuscam import FocusSensor

if len(sys.argv) < 3:
    sys.exit(__doc__)
patience = float(sys.argv[1])
sensor = FocusSensor()
while True:
    sensor.wait_for_active()
    sensor.wait_for_inactive()
    back = sensor.wait_for_active(timeout=patience)
    # In the dark, or without a daemon, nobody can tell: that is no news about the lens.
    if not back and sensor.reading["light"] == "off":
        subprocess.run(sys.argv[2:], check=False)
