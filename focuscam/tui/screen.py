"""Everything on the screen but the picture: drawn anew each time, onto a grid that finds out what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from focuscam.tui import digits
from focuscam.tui.curve import SECONDS, Column, bars
from focuscam.tui.grid import BOLD, DIM, GREEN, RED, REVERSE, YELLOW, Grid, style
from focuscam.tui.layout import Area, Layout
from focuscam.tui.words import advice

REASONS = {"dark": "too dark", "bright": "too bright", "flat": "nothing to see", "small": "too small"}
BLURS = {"none": "sharp", "defocus": "out of focus", "motion": "moved", "unknown": "can't tell"}

KEYS = (
    ("q", "quit"),
    ("?", "help"),
    ("←↑↓→", "move"),
    ("Tab", "size"),
    ("z", "magnify"),
    ("Z", "zoom"),
    ("e", "lock"),
    ("p", "forget"),
    ("+-", "level"),
    ("m", "map"),
    ("s", "save"),
    ("c", "still"),
    ("w", "keep"),
)
HELP = (
    "arrows   move the region that the light looks at",
    "Tab      its next size (Shift-Tab: the one before)",
    "z        magnify the picture for your eye only",
    "Z        magnify in the camera: the light looks closer",
    "e        lock the exposure, or let it go",
    "p        forget the best so far",
    "+ -      make the light harder or easier to please",
    "m        tint what is in focus (the focus map)",
    "s        save the frame and its reading here",
    "c        take a still, where the camera is",
    "w        keep region and threshold after a restart",
    "q        quit; Ctrl-Z suspends",
)


@dataclass(slots=True)
class Shown:
    """What there is to show."""

    reading: Mapping[str, Any] | None = None
    curve: list[Column] = field(default_factory=list)
    source: str = ""
    joined: bool = True
    fps: float | None = None
    delay: float | None = None
    """From exposure to screen, s."""
    pictures: float = 0.0
    """A second."""
    magnified: int = 1
    """The picture, for the eye only; times."""
    map: bool = False
    notice: str = ""
    question: str = ""
    help: bool = False
    stale: bool = False
    """Whether no reading has come for a while."""


class Painter:
    """Paints what is shown onto a grid."""

    def __init__(self, unicode: bool) -> None:
        self._unicode = unicode

    def paint(self, grid: Grid, layout: Layout, shown: Shown) -> None:
        """Paint all but the picture."""
        self._header(grid, shown)
        self._panel(grid, layout.panel, shown)
        self._bar(grid, layout.bar, shown.reading)
        self._foot(grid, shown)
        if shown.help:
            self._help(grid)

    def _plain(self, text: str) -> str:
        if self._unicode:
            return text
        for sign, plain in (("←↑↓→", "arrows"), ("●", "*"), ("○", "o"), ("◌", "?"), ("▲", "^"), ("·", "-")):
            text = text.replace(sign, plain)
        return text

    def _header(self, grid: Grid, shown: Shown) -> None:
        facts = [
            None if shown.fps is None else f"{shown.fps:.0f} fps",
            None if shown.delay is None else f"{1000 * shown.delay:.0f} ms",
            "daemon" if shown.joined else "own loop",
        ]
        tail = "  ".join(each for each in facts if each)
        grid.put(0, 0, "focuscam", style(attributes=BOLD))
        start = grid.columns - len(tail)
        grid.put(0, 10, shown.source, width=max(start - 11, 0))
        grid.put(0, max(start, 9), tail, style(attributes=DIM))

    def _panel(self, grid: Grid, area: Area, shown: Shown) -> None:
        reading = shown.reading
        row, end = area.row, area.row + area.rows
        column, width = area.column, area.columns
        if reading is None:
            grid.put(row, column, "waiting for a frame ...", width=width)
            return
        score, light = reading.get("score"), str(reading.get("light"))
        colour = {"on": GREEN, "can't tell": YELLOW, "fault": RED}.get(light, 0)
        sign = {"on": "●", "can't tell": "◌"}.get(light, "○")
        words = {"on": "IN FOCUS", "off": "soft", "can't tell": "can't tell"}.get(light, light)
        reason = REASONS.get(str(reading.get("reason")), "")
        if shown.stale:
            sign, words, colour, reason = "○", "no fresh frame", RED, ""
        grid.put(row, column, self._plain(f"{sign} {words}"), style(colour, attributes=BOLD), width)
        if reason and len(words) + 4 + len(reason) <= width:
            grid.put(row, column + len(words) + 2, f": {reason}", width=width - len(words) - 2)
            reason = ""
        row += 1
        number = "-.--" if score is None else f"{min(score, 0.99) if score < 0.995 else 1.0:.2f}"
        # The largest digits that leave room for the words below them.
        words_below = 3 if area.rows < 14 else 8
        fits = [
            scale
            for scale in (6, 5, 4, 3, 2, 1)
            if digits.width(number, scale) <= width and digits.rows(scale) + words_below <= end - row
        ]
        if fits:
            for text in digits.large(number, fits[0], self._unicode):
                grid.put(row, column, text, style(colour, attributes=BOLD), width)
                row += 1
        else:
            grid.put(row, column, number, style(colour, attributes=BOLD), width)
            row += 1
        lines = [text for text in self._lines(reading, reason) if text]
        facts = self._facts(reading, shown, width)
        room = end - row
        curve_rows = max(0, min(room - len(lines) - len(facts) - 1, 8))
        if curve_rows < 2:
            curve_rows = 2 if room - len(lines) >= 3 else 0
        for text, attributes in lines:
            if row < end:
                grid.put(row, column, text, style(attributes=attributes), width)
                row += 1
        if curve_rows >= 2 and shown.curve:
            row = self._curve(grid, Area(row, column, curve_rows, width), shown)
        for text in facts[: max(end - row, 0)]:
            grid.put(row, column, text, style(attributes=DIM), width)
            row += 1

    def _lines(self, reading: Mapping[str, Any], reason: str) -> list[tuple[str, int]]:
        lines = []
        if reason:
            lines.append((reason, 0))
        lines.append((advice(reading), BOLD))
        blur = BLURS.get(str(reading.get("blur")), "")
        closeness = reading.get("closeness")
        if reading.get("score") is not None:
            lines.append((blur, 0))
        if closeness is not None:
            lines.append((f"contrast {closeness:.0%} of the best", DIM))
        return lines

    def _facts(self, reading: Mapping[str, Any], shown: Shown, width: int) -> list[str]:
        exposure, gain = reading.get("exposure"), reading.get("gain")
        lock = "locked" if reading.get("locked") else "auto"
        facts = []
        if exposure is not None:
            time = f"1/{1 / exposure:.0f} s" if 0 < exposure < 0.4 else f"{exposure:.1f} s"
            facts.append(f"{time}" + (f", gain {gain:.1f}" if gain else "") + f", {lock}")
        zoom = reading.get("zoom") or 1
        magnified = f", magnified {shown.magnified}x" if shown.magnified > 1 else ""
        region = reading.get("region") or (0, 0, 1, 1)
        named = str(reading.get("region_name"))
        if "," in named:
            named = f"{region[2]:.0%} by {region[3]:.0%}"
        facts.append(f"region {named}" + (f", camera {zoom:g}x" if zoom > 1 else "") + magnified)
        if reading.get("name"):
            facts.append(str(reading["name"]))
        facts.append(f"frame {reading.get('frame')}, {shown.pictures:.0f} pictures/s" + (", map" if shown.map else ""))
        return [each[:width] for each in facts]

    def _curve(self, grid: Grid, area: Area, shown: Shown) -> int:
        for offset, text in enumerate(bars(shown.curve, area.rows - 1, self._unicode)):
            grid.put(area.row + offset, area.column, text, width=area.columns)
        for place, column in enumerate(shown.curve[: area.columns]):
            if column.lit:
                grid.look[area.row : area.row + area.rows - 1, area.column + place] = style(GREEN)
        grid.put(area.row + area.rows - 1, area.column, f"-{SECONDS:.0f} s", style(attributes=DIM), area.columns)
        grid.put(area.row + area.rows - 1, area.column + area.columns - 3, "now", style(attributes=DIM))
        return area.row + area.rows

    def _bar(self, grid: Grid, area: Area, reading: Mapping[str, Any] | None) -> None:
        if reading is None:
            return
        score, threshold, best = reading.get("score"), reading.get("threshold") or 0.0, reading.get("best")
        cells = area.columns
        colour = style(GREEN if reading.get("in_focus") else 0)
        full, part = ("█", " ▏▎▍▌▋▊▉") if self._unicode else ("#", "        ")
        empty = "─" if self._unicode else "-"
        eighths = round((score or 0.0) * cells * 8)
        text = full * (eighths // 8) + (part[eighths % 8] if eighths % 8 else "")
        grid.put(area.row, 0, empty * cells, style(attributes=DIM))
        grid.put(area.row, 0, text, colour)
        on = min(cells - 1, int(threshold * cells))
        grid.put(area.row, on, "┃" if self._unicode else "|", style(YELLOW, attributes=BOLD))
        top = None if best is None else min(cells - 1, int(best * cells))
        if top is not None:
            grid.put(area.row, top, "◆" if self._unicode else "+", style(GREEN, attributes=BOLD))
        if area.rows > 1:
            self._mark(grid, area.row + 1, on, f"on at {threshold:.2f}", YELLOW)
            if top is not None and best is not None:
                # The two labels must not run into each other: the one that is further right starts at its mark.
                self._mark(grid, area.row + 1, top, f"best {best:.2f}", GREEN, beside=on)

    def _mark(self, grid: Grid, row: int, at: int, text: str, colour: int, beside: int | None = None) -> None:
        left = at - len(text) - 2 >= 0
        if beside is not None and abs(at - beside) < 14:
            # Close together: one to the left of its mark, one to the right.
            if at >= beside and at + len(text) + 2 <= grid.columns:
                grid.put(row, at, self._plain(f"▲ {text}"), style(colour))
            return
        if left:
            grid.put(row, at - len(text) - 1, self._plain(f"{text} ▲"), style(colour))
        else:
            grid.put(row, at, self._plain(f"▲ {text}"), style(colour))

    def _foot(self, grid: Grid, shown: Shown) -> None:
        row = grid.rows - 1
        if shown.question or shown.notice:
            look = style(attributes=REVERSE if shown.question else BOLD)
            grid.put(row, 0, (shown.question or shown.notice).ljust(grid.columns), look)
            return
        keys = [(self._plain(key), what) for key, what in KEYS]
        length = sum(len(key) + 1 + len(what) for key, what in keys) + len(keys) - 1
        # On a narrow screen the bare keys are better than half of them; the first two say what is behind.
        named = len(keys) if length <= grid.columns else 2
        gap = 2 if length + len(keys) <= grid.columns else 1
        column = 0
        for place, (key, what) in enumerate(keys):
            column = grid.put(row, column, key, style(attributes=BOLD))
            if place < named:
                column = grid.put(row, column + 1, what, style(attributes=DIM))
            column += gap

    def _help(self, grid: Grid) -> None:
        width = min(grid.columns, 58)
        lines = HELP[: max(grid.rows - 4, 1)]
        top, left = max((grid.rows - len(lines) - 2) // 2, 0), (grid.columns - width) // 2
        for offset, text in enumerate(("", *lines, "")):
            grid.put(top + offset, left, (" " + text).ljust(width)[:width], style(attributes=REVERSE))
