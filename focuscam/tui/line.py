"""The view in one line: redrawn in place on a terminal, else one plain line a second."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import deque
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from focuscam.system.saying import redraw, say
from focuscam.tui.grid import printable
from focuscam.tui.words import advice

_REDRAW_S = 1 / 15  # faster than the eye reads, slow enough for a thin connection
_LINE_S = 1.0
_WIDEST_BAR = 40  # cells


class PreviewLine:
    """Draws what a loop sees. Leaves the terminal on a line of its own."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._plain = not (sys.stdout.encoding or "").lower().startswith("utf")
        self._drawn = float("-inf")
        self._times: deque[float] = deque(maxlen=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._terminal and kind is not BrokenPipeError:
            say("")

    def show(self, reading: Mapping[str, Any]) -> None:
        """Draw a reading, by its fields, unless the last one was drawn only just now."""
        now = time.monotonic()
        self._times.append(now)
        if now - self._drawn < (_REDRAW_S if self._terminal else _LINE_S):
            return
        self._drawn = now
        columns = shutil.get_terminal_size((100, 24)).columns
        text = self._text(reading, columns)
        if self._terminal:
            redraw(text[: columns - 1])
        else:
            say(text)

    def _text(self, reading: Mapping[str, Any], columns: int) -> str:
        score, light, reason = reading["score"], reading["light"], reading["reason"]
        why = reason or advice(reading)
        words = [
            " -- " if score is None else f"{score:4.2f}",
            f"best {_number(reading['best'])}",
            "LED " + (("#" if self._plain else "●") if reading["led"] else ("." if self._plain else "○")),
            f"{light}: {why}" if why and light != "on" else light,
            reading["blur"] if reading["blur"] not in ("none", "unknown") else "",
            f"{self._rate():.0f} fps",
            printable(reading["name"] or ""),
        ]
        tail = "  ".join(word for word in words if word)
        return (
            self._bar(score or 0.0, reading["threshold"], min(_WIDEST_BAR, max(10, columns - len(tail) - 4)))
            + " "
            + tail
        )

    def _bar(self, score: float, threshold: float, cells: int) -> str:
        """The score as a bar, `|` where the light comes on."""
        full, empty = ("#", ".") if self._plain else ("█", "░")
        filled = round(score * cells)
        mark = min(cells - 1, int(threshold * cells))
        bar = full * filled + empty * (cells - filled)
        return bar[:mark] + "|" + bar[mark + 1 :]

    def _rate(self) -> float:
        """Frames a second over the last ones."""
        span = self._times[-1] - self._times[0]
        return (len(self._times) - 1) / span if span > 0 else 0.0


def _number(value: float | None) -> str:
    return "--" if value is None else f"{value:.2f}"
