"""A stepping motor on a focusing ring: a thread that makes one step after another, so that nobody waits for them."""

from __future__ import annotations

import threading
import time
from typing import Protocol

from focuscam.lens.backlash import slack_after, way
from focuscam.messages import Frame
from focuscam.system.threads import NoThreadError, started

OVERSHOOT = 1.1
"""To find its end stop, the ring is turned by so much more than its travel: further it can't have been away."""
GENTLY = 0.5
"""Of the speed, against the end stop: the motor stalls there, and a slow one does no harm."""
SETTLE_S = 0.1
"""A ring and a lens on a light tripod shake for so long after the last step."""
COST = 0.2
"""Of an interval: writing to the pins takes less."""
PATIENCE_S = 5.0
"""A thread that has not ended by then hangs in a pin."""


class Coils(Protocol):
    """What makes a step of a motor."""

    description: str

    def step(self, up: bool) -> None:
        """One step."""
        ...

    def rest(self) -> None:
        """There is nothing to do for a while."""
        ...

    def close(self) -> None:
        """Currents off; the pins are given back."""
        ...


class Stepper:
    """A motor with limits, whose backlash is taken up from below.

    travel: steps from one end of the ring to the other; backlash: steps; speed: steps a second. find_stop: whether the
    ring is first turned against its lower end, which then is position 0; else it is there already.
    """

    def __init__(self, coils: Coils, travel: int, backlash: int, speed: float, find_stop: bool) -> None:
        self.description = f"{coils.description}, {travel} steps"
        self.range = backlash, travel
        self._coils = coils
        self._backlash = backlash
        self._interval = 1 / speed
        self._find_stop = find_stop
        self._wake = threading.Condition()
        self._motor = 0
        """Where the motor is, steps from the end stop."""
        self._slack = backlash
        self._goal: int | None = None
        self._still_since = 0.0
        self._failed: str | None = None
        self._ending = False
        self._thread: threading.Thread | None = None

    @property
    def position(self) -> int:
        """Where it is, or will be; the first position before it has ever moved."""
        with self._wake:
            where = self._motor if self._goal is None else self._goal
        return max(where, self.range[0])

    @property
    def busy(self) -> bool:
        """Whether it moves, or still shakes from it."""
        with self._wake:
            return self._goal is not None or time.monotonic() < self._still_since

    def move(self, position: int) -> None:
        """Set off for a position; from another way it turns at once."""
        low, high = self.range
        with self._wake:
            self._goal = min(max(position, low), high)
            if self._thread is None:
                try:
                    self._thread = started(self._run, "lens")
                except NoThreadError as error:
                    self._failed, self._goal = f"The motor of the lens can't be moved. {error}", None
                    return
                self._failed = None
            self._wake.notify()

    def see(self, frame: Frame) -> str | None:  # noqa: ARG002
        """Why it moves no more, where it does not; a frame tells nothing of a motor."""
        return self._failed

    def close(self) -> None:
        """Stop where it is, and give the pins back."""
        with self._wake:
            self._ending = True
            self._wake.notify()
        try:
            if self._thread is not None:
                self._thread.join(PATIENCE_S)
        finally:  # a signal must not leave the current on
            self._coils.close()

    # From here on: the motor's thread.

    def _run(self) -> None:
        try:
            if self._find_stop:
                self._to_the_stop()
            while (goal := self._wait()) is not None:
                self._go(goal)
        except Exception as error:  # each pin back end has errors of its own
            with self._wake:
                self._failed = f"The motor of the lens can't be moved: {error}."
                self._goal = None

    def _wait(self) -> int | None:
        """The next goal; None at the end."""
        with self._wake:
            while not self._ending and self._goal is None:
                self._wake.wait()
            return None if self._ending else self._goal

    def _to_the_stop(self) -> None:
        for _ in range(round(OVERSHOOT * self.range[1])):
            if self._ending:
                return
            self._step(False, self._interval / GENTLY)
        self._motor, self._slack = 0, self._backlash

    def _go(self, goal: int) -> None:
        for there in way(self._motor, goal, self._backlash, self._slack):
            while self._motor != there:
                # Another goal may have come, or the end: what is done so far counts, the rest is not owed.
                if self._ending or self._goal != goal:
                    return
                step = 1 if there > self._motor else -1
                self._step(step > 0, self._interval)
                self._motor += step
                self._slack = slack_after(step, self._backlash, self._slack)
        self._coils.rest()
        with self._wake:
            if self._goal == goal:
                self._goal = None
                self._still_since = time.monotonic() + SETTLE_S

    def _step(self, up: bool, interval: float) -> None:
        began = time.monotonic()
        self._coils.step(up)
        # What the pins usually take is taken off; a step that came late must not be followed by an early one.
        time.sleep(interval - min(time.monotonic() - began, COST * interval))
