"""How often to look while nothing changes: a camera that rests need not warm the Pi and empty its battery.

Pure: statuses in, a pause out; the only clock is the time written on the readings.
"""

from __future__ import annotations

from focuscam.messages import Light, Status

STILL_S = 5.0
"""Nothing must have changed for so long, s: a hand that has let go of the ring for good."""


class Idle:
    """Finds that nothing changes, and then asks for fewer frames."""

    def __init__(self, fps: float) -> None:
        """fps: frames a second that are enough while nothing changes."""
        self._pause = 1 / fps
        self.start_over()

    def start_over(self) -> None:
        """Somebody did something: look at every frame again."""
        self._since: float | None = None
        self._last: tuple[Light, int] | None = None

    def pause(self, status: Status) -> float:
        """How long after this frame the next one need not be looked at, s; 0: at once."""
        time, now = status.reading.time, (status.light, status.scene)
        if self._since is None or now != self._last or time < self._since:
            self._since, self._last = time, now
        return self._pause if min(status.rested_s, time - self._since) >= STILL_S else 0.0
