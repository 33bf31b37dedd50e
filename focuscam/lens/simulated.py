"""A lens made of arithmetic: a ring driven through play, by a motor that may slip or stand still."""

from __future__ import annotations

from focuscam.lens.backlash import way
from focuscam.messages import Frame


class SimulatedLens:
    """A ring of so many steps. Moves at once.

    steps: of the ring. take_up: the backlash it reckons with, steps. play: the backlash that it has. start: position.
    slips: steps that are lost in each move downwards. stuck: whether it stands still from now on.
    """

    description = "simulated lens"
    busy = False

    def __init__(self, steps: int, take_up: int = 0, play: int = 0, start: int = 0, slips: int = 0) -> None:
        self.stuck = False
        self.slips = slips
        self.travelled = 0
        """Steps, all moves together."""
        self._steps = steps
        self._take_up = take_up
        self._play = play
        self.position = max(start, take_up)
        self._motor = float(self.position)
        self.place = self._motor - play
        """Where the ring is."""

    @property
    def range(self) -> tuple[int, int]:
        """The first and the last position."""
        return self._take_up, self._steps - 1

    def move(self, position: int) -> None:
        """Go to a position."""
        low, high = self.range
        position = min(max(position, low), high)
        for there in way(self.position, position, self._take_up):
            moved = there - self.position
            self.travelled += abs(moved)
            self.position = there
            if self.stuck:
                continue
            self._motor += moved + (min(self.slips, -moved) if moved < 0 else 0)
            self.place = min(max(self.place, self._motor - self._play), self._motor)

    def see(self, frame: Frame) -> str | None:  # noqa: ARG002
        """Nothing: a motor without a sensor does not know where it is."""
        return None

    def close(self) -> None:
        """Nothing to let go of."""
