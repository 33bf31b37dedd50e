"""How many pictures a connection takes: as many as are shown, and no more than a thin line can carry.

What is written to a terminal over ssh goes into buffers that hold seconds of it. So after each picture the
terminal is asked whether it is done, and only a few are on their way before an answer comes. Where something
nearer answers for it (tmux), or nothing does, a bucket of bytes alone keeps the rate.
"""

from __future__ import annotations

import math
from collections import deque

MOST = 15.0
"""Pictures a second."""
LEAST = 5.0
"""Pictures a second that there should be, if need be of less quality."""
BYTES_A_SECOND = 112_000
"""What blocks may take: 0.9 Mbit/s, so that 1 Mbit/s is never passed."""
SLOW_S, SLOW_BYTES, LEAST_LINE = 0.2, 1500, 2000.0
"""A round trip so much longer than the shortest, s, with so many bytes on their way, tells what the connection carries;
bytes a second, at least this."""
UNDER_WAY, UNDER_WAY_PIXELS = 4, 2
"""Pictures that may be on their way at a time: more than one, since the way there and back may be long."""
LATE_S, LOST_S = 2.0, 10.0
"""An answer that is not there by now will never be: from a terminal that never gave one, from one that did."""


class Pace:
    """Decides when the next picture goes, and how large it may be. Times are time.monotonic(), s."""

    def __init__(self, metered: bool) -> None:
        """metered: whether the bucket of bytes counts."""
        self._metered = metered
        self._line = float(BYTES_A_SECOND)
        """Bytes a second that the connection carries, as far as is known."""
        self._quickest = LATE_S
        """The shortest round trip, s: what is longer is for the bytes."""
        self._bucket = self._line / LEAST
        self._filled = 0.0
        self._next = 0.0
        self._open: deque[tuple[float, int]] = deque()
        """When the pictures were sent that are not answered for yet, and how many bytes were on their way then."""
        self._since = 0
        """Bytes that were sent since the last picture that was answered for."""
        self._under_way = UNDER_WAY if metered else UNDER_WAY_PIXELS
        self._answers = True
        """Whether the terminal answers at all, as far as is known."""
        self._patience = LATE_S
        self._shown: deque[float] = deque(maxlen=20)
        self.round_trip: float | None = None
        """From sending a picture to the answer that it is shown, s."""

    def ready(self, now: float) -> bool:
        """Whether a picture may be sent now."""
        self._fill(now)
        if self._open and now - self._open[0][0] >= self._patience:
            self._open.clear()
            self._answers = False
        if self._answers and len(self._open) >= self._under_way:
            return False
        return now >= self._next and (not self._metered or self._bucket > 0)

    @property
    def due(self) -> float:
        """When the next picture may be sent, as far as that is known."""
        if self._answers and len(self._open) >= self._under_way:
            return self._open[0][0] + self._patience
        return max(self._next, self._filled + max(-self._bucket, 0.0) / self._line if self._metered else 0.0)

    def allowance(self) -> int:
        """Bytes that the picture may take, so that there can be LEAST of them a second."""
        return int(min(max(self._bucket, 1000.0), self._line / LEAST)) if self._metered else 1 << 30

    def sent(self, count: int, now: float, picture: bool) -> None:
        """So many bytes were sent; picture: they were one, and were followed by the question whether it is shown."""
        self._fill(now)
        self._bucket -= count
        self._since += count
        if picture:
            # From when it was due, so that the rate is kept on the average.
            self._next = max(self._next, now - 0.05) + 1 / MOST
            self._open.append((now, self._since))
            self._shown.append(now)

    def answered(self, now: float) -> None:
        """The terminal says that it has shown all that it was sent."""
        self._answers = True
        self._patience = LOST_S
        if not self._open:
            return
        sent, count = self._open.popleft()
        self.round_trip = now - sent
        self._quickest = min(self._quickest, self.round_trip)
        self._since -= count
        self._open = deque((when, each - count) for when, each in self._open)
        took = self.round_trip - self._quickest
        if took > SLOW_S and count > SLOW_BYTES:
            self._line = max(LEAST_LINE, 0.7 * self._line + 0.3 * count / took)
        elif took < SLOW_S:
            self._line = min(BYTES_A_SECOND, 1.1 * self._line)

    def rate(self, now: float) -> float:
        """Pictures a second, over the last ones."""
        recent = [each for each in self._shown if now - each < 2.0]
        return (len(recent) - 1) / (recent[-1] - recent[0]) if len(recent) > 1 else 0.0

    def scale(self) -> float:
        """By how much pictures should be smaller than they could be, 1 to 1/4, for LEAST of them a second."""
        if self._metered or self.round_trip is None:
            return 1.0
        rate = self._under_way / max(self.round_trip, 1e-3)
        return min(1.0, max(0.25, math.sqrt(rate / LEAST)))

    def _fill(self, now: float) -> None:
        most = self._line / LEAST
        self._bucket = min(most, self._bucket + (now - self._filled) * self._line) if self._filled else most
        self._filled = now
