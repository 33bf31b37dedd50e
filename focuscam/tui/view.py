"""The view, full screen: what comes from the loop, onto the terminal, as fast as the connection takes it."""

from __future__ import annotations

import select
import signal
import time
from collections import OrderedDict
from typing import Any

from focuscam.ipc.client import Message
from focuscam.region import Box
from focuscam.session import Session
from focuscam.tui.answers import IS_IT_DONE, Way
from focuscam.tui.curve import Curve
from focuscam.tui.drawing import Focus
from focuscam.tui.grid import Grid, changes, unknown
from focuscam.tui.interrupts import Interrupts
from focuscam.tui.keys import SPOT, ZOOMS, Keys
from focuscam.tui.layout import Area, Layout, arrange, fitted
from focuscam.tui.pace import MOST, Pace
from focuscam.tui.picture import Picture, Seen
from focuscam.tui.save import save
from focuscam.tui.screen import Painter, Shown
from focuscam.tui.terminal import ESCAPE_S, Terminal

TEXT_S = 0.1
"""From one drawing of the figures to the next: faster than anybody reads them."""
NOTICE_S = 5.0
NO_FRESH_S = 2.0
"""After so long without a reading the last one is no longer what is."""
KEPT_READINGS = 90
"""So that a picture finds the reading of its frame, s times frames a second."""

_TOGETHER, _TOGETHER_END = "\x1b[?2026h", "\x1b[?2026l"
"""Around what is to appear at once; terminals that do not know it pass over it."""


class View:
    """Shows a session in a terminal until `q` is pressed or one of the two goes."""

    def __init__(
        self,
        session: Session,
        terminal: Terminal,
        interrupts: Interrupts,
        way: Way | None,
    ) -> None:
        """way: how pictures are shown; None: the best way."""
        self._session = session
        self._link = session.link
        self._terminal = terminal
        self._interrupts = interrupts
        self._way = way
        self._keys = Keys()
        self._curve = Curve()
        self._shown = Shown(joined=session.joined)
        self._readings: OrderedDict[int, Message] = OrderedDict()
        self._seen: Seen | None = None
        self._new_picture = False
        self._focus: Message | None = None
        self.done = False
        """Set by whoever wants it to end, from any thread."""
        self._watching: dict[str, Any] = {}
        self._next_text = 0.0
        self._dirty = True
        self._heard = time.monotonic()
        self._notice_until = 0.0
        self._shape = 4 / 3
        self.ended = False
        """The source has ended; what is on the screen stays until `q`."""
        self._choose()

    def prepare(self) -> None:
        """Ask for what is to be shown, and wait until that was heard."""
        rows, columns = self._terminal.size()
        self._watch(arrange(rows, columns, self._shape * self._cell_shape()))
        self._link.ask("status")

    def run(self) -> None:
        """Show it. Raises FocuscamError where the daemon goes, OSError where the terminal does."""
        while not self.done:
            reads: list[Any] = [self._terminal, self._interrupts, self._link]
            writes = [self._terminal.out] if self._terminal.full else []
            readable, writable, _ = select.select(reads, writes, [], self._patience())
            if self._interrupts in readable:
                self._interrupted(self._interrupts.take())
            if writable:
                self._terminal.flush()
            if self._link in readable:
                for message in self._link.receive():
                    self._take(message)
            for key in self._terminal.typed():
                self._press(key)
            self._hear_terminal()
            self._draw(time.monotonic())

    def _patience(self) -> float:
        now = time.monotonic()
        if self._terminal.undecided:
            return ESCAPE_S
        until = self._next_text if self._dirty else now + 0.5
        if self._new_picture:
            until = min(until, max(now + 0.005, self._pace.due))
        return min(max(until - now, 0.0), 0.5)

    # What comes in.

    def _take(self, message: Message) -> None:
        match message.get("type"):
            case "reading":
                self._heard = now = time.monotonic()
                self._readings[message["frame"]] = message
                while len(self._readings) > KEPT_READINGS:
                    self._readings.popitem(last=False)
                self._shown.reading = message
                self._shown.source = str(message.get("source") or "")
                self._shown.fps = message.get("fps")
                self._curve.add(now, message.get("score"), bool(message.get("in_focus")))
                self._dirty = True
            case "picture":
                seen = Seen.from_message(message)
                if seen is not None:
                    self._seen = seen
                    self._new_picture = True
                    self._shape = seen.luma.shape[1] / seen.luma.shape[0]
            case "map":
                self._focus = message
            case "whole":
                self._say(save(message, self._readings.get(message["frame"]) or self._shown.reading or {}))
            case "notice":
                self._say(str(message.get("text")))
            case "answer":
                why = self._keys.refusal(message)
                if why:
                    self._say(why)

    def _hear_terminal(self) -> None:
        answers, self._terminal.answers = self._terminal.answers, []
        for kind in answers:
            if kind == "done":
                self._pace.answered(time.monotonic())

    def _interrupted(self, came: set[int]) -> None:
        if signal.SIGTSTP in came:
            self._session.suspend(lambda: self._terminal.stop(self._picture.clear()))
            self._link, self._watching = self._session.link, {}
            self._interrupts.take()
            self._heard = time.monotonic()
        elif signal.SIGCONT in came:
            self._terminal.take()
        self._clear()

    def _press(self, key: str) -> None:
        reading = self._shown.reading or {}
        if self._shown.question:
            self._shown.question = ""
            if key in ("y", "Y"):
                self._keys.ask(self._link, "keep")
        elif self._shown.help:
            self._shown.help = False
            self._clear()
            self.done = key == "q"
        elif key in ("q", "Q"):
            self.done = True
        elif key == "?":
            self._shown.help = True
            self._terminal.write(self._picture.clear())
        elif key == "m":
            self._shown.map = not self._shown.map
            self._focus = None
        elif key == "z":
            at = ZOOMS.index(self._shown.magnified)
            self._shown.magnified = ZOOMS[(at + 1) % len(ZOOMS)]
        elif self.ended:
            return
        elif key == "s":
            self._keys.ask(self._link, "picture")
        elif key == "w":
            self._shown.question = "Keep this region and threshold after a restart? y / n"
        else:
            self._keys.press(key, self._link, reading)
        self._dirty = True
        self._next_text = 0.0

    def _say(self, text: str) -> None:
        self._shown.notice = text
        self._notice_until = time.monotonic() + NOTICE_S
        self._dirty = True

    # What goes out.

    def _choose(self) -> None:
        """Choose how pictures are shown."""
        self._able = self._terminal.able
        try:
            self._picture = Picture(self._way or self._able.best_way(), self._able)
        except ImportError:  # sixel without chafa
            self._picture = Picture("blocks", self._able)
        self._painter = Painter(self._able.unicode)
        # Characters cost little enough to stay within a thin line's means; pixels go by the terminal's answers.
        self._pace = Pace(metered=not self._picture.pixels)
        self._clear()

    def _clear(self) -> None:
        """Begin with an empty screen."""
        self._screen = unknown(1, 1)
        self._picture.forget()
        self._dirty = True
        self._next_text = 0.0
        self._new_picture = self._seen is not None

    def _draw(self, now: float) -> None:
        if self._terminal.full:
            return
        picture = self._new_picture and self._pace.ready(now) and not (self._shown.help and self._picture.pixels)
        text = now >= self._next_text and (self._dirty or now - self._heard > NO_FRESH_S)
        if not picture and not text:
            return
        rows, columns = self._terminal.size()
        if self._terminal.able != self._able:
            # An answer came late, or the letters have another size: something better can be shown.
            self._terminal.write(self._picture.clear())
            self._choose()
        out = ""
        if (rows, columns) != (self._screen.rows, self._screen.columns):
            self._picture.forget()
            self._screen = unknown(rows, columns)
            out = self._picture.clear() + "\x1b[0m\x1b[2J"
        grid = Grid(rows, columns)
        layout = arrange(rows, columns, self._shape * self._cell_shape())
        self._watch(layout)
        self._freshen(now, layout)
        pixels = ""
        if picture:
            pixels = self._place(grid, layout.picture)
        else:
            self._picture.keep(grid)
        self._painter.paint(grid, layout, self._shown)
        out += changes(self._screen, grid, self._terminal.able.depth)
        grid.char[grid.char == 0] = self._screen.char[grid.char == 0]
        self._screen = grid
        if picture:
            self._new_picture = False
            if pixels or out:
                out = f"{_TOGETHER}{out}{pixels}{_TOGETHER_END}{IS_IT_DONE}"
                self._pace.sent(len(out.encode()), now, picture=True)
        elif out:
            self._pace.sent(len(out.encode()), now, picture=False)
        if out:
            self._terminal.write(out)
        self._dirty = False
        self._next_text = now + TEXT_S

    def _cell_shape(self) -> float:
        width, height = self._terminal.able.cell or (1, 2)
        return height / width

    def _freshen(self, now: float, layout: Layout) -> None:
        shown = self._shown
        shown.curve = self._curve.columns(now, layout.panel.columns)
        shown.pictures = self._pace.rate(now)
        shown.stale = now - self._heard > NO_FRESH_S and not self.ended and shown.reading is not None
        if now > self._notice_until:
            shown.notice = ""
        if self._seen is not None and self._seen.taken:
            delay = now - self._seen.taken + (self._pace.round_trip or 0.0)
            # The clocks are the same only on the daemon's own machine.
            shown.delay = delay if 0 <= delay < 60 and self._new_picture else shown.delay

    def _place(self, grid: Grid, room: Area) -> str:
        assert self._seen is not None
        reading = self._shown.reading or {}
        focus: Focus | None = None
        if self._shown.map and self._focus is not None:
            focus = self._focus["score"], float(reading.get("threshold") or 0.5)
        return self._picture.place(
            self._seen, grid, room, _box(reading.get("region")), bool(reading.get("in_focus")), focus,
            allowance=self._pace.allowance(), scale=self._pace.scale(),
        )  # fmt: skip

    def _watch(self, layout: Layout) -> None:
        """Ask the daemon for what can be shown just now."""
        if self.ended:
            return
        side = 1 / self._shown.magnified
        region = _box((self._shown.reading or {}).get("region")) or SPOT
        x = min(max(region[0] + region[2] / 2 - side / 2, 0.0), 1 - side)
        y = min(max(region[1] + region[3] / 2 - side / 2, 0.0), 1 - side)
        area = fitted(layout.picture, self._shape * self._cell_shape())
        wanted = {
            "readings": True,
            "pictures": 0 if self._picture.way == "none" else MOST,
            "box": [round(each, 3) for each in (x, y, side, side)],
            "width": -(-self._picture.wanted_width(area, self._pace.scale()) // 64) * 64,
            "map": self._shown.map,
        }
        if wanted != self._watching:
            self._link.send("watch", **wanted)
            self._watching = wanted


def _box(value: Any) -> Box | None:  # noqa: ANN401 - as it comes out of JSON
    if not isinstance(value, list) or len(value) != 4:
        return None
    return float(value[0]), float(value[1]), float(value[2]), float(value[3])
