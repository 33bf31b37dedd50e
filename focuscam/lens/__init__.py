"""Motorised focus: what moves a lens, and the search for the place where it is sharp."""

from __future__ import annotations

from typing import Protocol

from focuscam.messages import Frame


class Lens(Protocol):
    """Something that can be moved to one of so many positions. Nothing of it waits.

    A position is always reached from the side of `range[0]`: play in gears and threads then never shows.
    """

    description: str
    """For people: what this is, such as "28BYJ-48 on GPIO 5, 6, 13 and 19"."""

    @property
    def range(self) -> tuple[int, int]:
        """The first and the last position, in steps."""
        ...

    @property
    def position(self) -> int:
        """Where it is, or will be when it is no longer busy."""
        ...

    @property
    def busy(self) -> bool:
        """Whether it moves, or still shakes from it."""
        ...

    def move(self, position: int) -> None:
        """Set off for a position; one outside of the range is brought to its end."""
        ...

    def see(self, frame: Frame) -> str | None:
        """What a frame tells of the lens, where it does: a sentence where it is not where it should be."""
        ...

    def close(self) -> None:
        """Let go of it, where it is."""
        ...
