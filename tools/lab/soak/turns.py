"""The real loop by turns with nobody on its socket and with readers: frames a second, delay, memory."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from focuscam.config import Settings
from focuscam.daemon.loop import Loop
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.indicators import Indicators
from focuscam.ipc.listener import listening
from focuscam.ipc.protocol import Rules
from focuscam.ipc.server import Server
from focuscam.messages import Event, FocusMap, Frame
from focuscam.region import parse
from lab.soak.looped import FPS, Looped
from lab.soak.memory import resident

TURN_S = 15.0
"""Nobody looks, eight look, nobody looks, ...: so long each, so that what else the machine does hits both alike."""
SETTLE_S = 3.0
"""At the beginning of a turn, not counted: programs are being started."""


class Lookers(Protocol):
    """Those who look in every other turn."""

    def begin(self) -> None:
        """Let them look."""

    def mend(self) -> None:
        """Replace those that are gone."""

    def end(self) -> None:
        """Let none of them look."""


class Turns:
    """Watches the loop; begins and ends the turns, and counts."""

    def __init__(self, readers: Lookers, minutes: float) -> None:
        self._readers = readers
        self._ends = time.monotonic() + 60 * minutes
        self._looking = True  # so that the first turn is one without
        self._turn_ends = 0.0
        self._counted_from = 0.0
        self._mended = 0.0
        self.counts = {False: [0, 0.0], True: [0, 0.0]}
        self.delays: dict[bool, list[list[float]]] = {False: [], True: []}
        """Of each turn."""
        self.memory: dict[bool, list[float]] = {False: [], True: []}
        self.maps = 0
        """Focus maps made for those who look."""
        self.switches = 0
        self._lit = False

    def take(self, event: Event) -> bool:
        """Count this frame, after all that the loop did for its readers; whether it was the last."""
        now = time.monotonic()
        if now >= self._turn_ends:
            self._close(now)
            if now >= self._ends:
                return True
            self._looking = not self._looking
            self.delays[self._looking].append([])
            if self._looking:
                self._readers.begin()
            else:
                self._readers.end()
            self._turn_ends = now + TURN_S
            self._counted_from = now + SETTLE_S
            return False
        if self._looking and now - self._mended > 1:
            self._mended = now
            self._readers.mend()
        if now >= self._counted_from:
            self.counts[self._looking][0] += 1
            self.delays[self._looking][-1].append(now - event.frame.taken)
            self.switches += event.status.in_focus != self._lit
        self._lit = event.status.in_focus
        return False

    def counting(self, make_map: Callable[[Frame], FocusMap]) -> Callable[[Frame], FocusMap]:
        """What makes the same maps, and counts them."""

        def made(frame: Frame) -> FocusMap:
            self.maps += 1
            return make_map(frame)

        return made

    def _close(self, now: float) -> None:
        if self._turn_ends:
            self.counts[self._looking][1] += now - self._counted_from
            self.memory[self._looking].append(resident())
            took = sum(each[1] for each in self.counts.values())
            print(f"\r{took:5.0f} s counted, {self.memory[self._looking][-1]:.0f} MB", end="", file=sys.stderr)


def run(minutes: float, lookers: Callable[[Path], Lookers]) -> Turns:
    """Run the loop, by turns with and without those whom `lookers` makes for its socket."""

    def scorer() -> Scorer:
        return Scorer(FocusModel(None), parse("spot"))

    settings = Settings()
    camera = Looped(10)
    with tempfile.TemporaryDirectory() as folder, Indicators(None, None) as indicators:
        place = Path(folder) / "focuscam.sock"
        loop = Loop(camera, settings, scorer(), indicators)
        readers = lookers(place)
        turns = Turns(readers, minutes)
        with (
            listening(place, True) as listener,
            Server(
                listener,
                commands=loop.commands,
                rules=lambda: Rules(True, loop.can),
                facts=lambda: loop.facts,
                open_maps=lambda: turns.counting(scorer().map),
            ) as server,
        ):
            for event in loop:
                if not isinstance(event, Event):
                    continue
                # The server first: what it costs the loop is in what the turns measure.
                server.show(event)
                if turns.take(event):
                    break
            readers.end()
    return turns


def told(turns: Turns) -> bool:
    """Print what came out; returns whether the readers went unnoticed."""
    rate = {looking: count / seconds for looking, (count, seconds) in turns.counts.items()}
    print(f"\n{'':22}{'nobody':>10}{'readers':>12}")
    print(f"{'frames a second':22}{rate[False]:10.2f}{rate[True]:12.2f}   ratio {rate[True] / rate[False]:.3f}")
    late = {}
    for name, share in (("delay, median, ms", 50), ("delay, 99 of 100, ms", 99)):
        # Of the middle turn: another program that takes the processor for a while spoils one or two.
        value = {
            looking: 1000 * float(np.median([np.percentile(each, share) for each in delays if each]))
            for looking, delays in turns.delays.items()
        }
        late[share] = value[True] - value[False]
        print(f"{name:22}{value[False]:10.1f}{value[True]:12.1f}   {late[share]:+.1f}")
    # The first turn of each kind makes what stays, such as the network for the maps.
    kept = [*turns.memory[True][1:]] or turns.memory[True]
    grown = kept[-1] - kept[0]
    print(f"{'memory, MB':22}{turns.memory[False][-1]:10.0f}{turns.memory[True][-1]:12.0f}   grown by {grown:+.1f}")
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"the light switched {turns.switches} times; {turns.maps} maps were made; load of the machine {load}")
    if not turns.maps:
        print("Nobody looked: no focus map was made.")
        return False
    return rate[True] / rate[False] >= 0.97 and late[50] < 1000 / FPS and late[99] < 1000 / FPS and grown < 10
