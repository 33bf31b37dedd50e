"""Log the focus once a second as CSV, to stdout: `python csv_log.py > focus.csv`."""

import csv
import sys
from datetime import datetime
from time import sleep

from focuscam import FocusSensor

sensor = FocusSensor()
table = csv.writer(sys.stdout)
table.writerow(("time", "in_focus", "closeness", "score", "light", "frame"))
while True:
    if reading := sensor.reading:
        row = (reading["score"], reading["light"], reading["frame"])
        table.writerow((datetime.now().isoformat(timespec="seconds"), sensor.is_active, sensor.value, *row))
        sys.stdout.flush()
    sleep(1)
