"""The score of the last seconds as a curve of little bars."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

SECONDS = 20.0

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_PLAIN = " ..::||##"


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of the curve stands for."""

    score: float | None
    """The mean of its time, 0 to 1; None where it could not be told, or nothing was seen."""
    lit: bool
    """Whether the light was on in it."""


class Curve:
    """Remembers scores for SECONDS."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float | None, bool]] = deque()

    def add(self, now: float, score: float | None, lit: bool) -> None:
        """A score, at a time in s."""
        self._seen.append((now, score, lit))
        while self._seen[0][0] < now - SECONDS:
            self._seen.popleft()

    def columns(self, now: float, count: int) -> list[Column]:
        """The last SECONDS in so many columns, the newest at the right."""
        sums = [[0.0, 0.0, 0.0] for _ in range(count)]
        # Columns stand still and move on together, so that only the last one changes between two of them.
        step = SECONDS / count
        newest = int(now / step)
        for when, score, lit in self._seen:
            place = count - 1 - (newest - int(when / step))
            if 0 <= place < count:
                sums[place][2] = max(sums[place][2], lit)
                if score is not None:
                    sums[place][0] += score
                    sums[place][1] += 1
        return [Column(total / n if n else None, bool(lit)) for total, n, lit in sums]


def bars(columns: list[Column], rows: int, unicode: bool = True) -> list[str]:
    """The columns as rows of characters, the top one first. A score of 0 still shows; what can't be told does not."""
    steps = _EIGHTHS if unicode else _PLAIN
    lines = []
    for row in reversed(range(rows)):
        line = ""
        for column in columns:
            height = 0 if column.score is None else max(1, round(column.score * rows * 8))
            line += steps[min(max(height - 8 * row, 0), 8)]
        lines.append(line)
    return lines
