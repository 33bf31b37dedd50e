"""Whose the camera is: one table of states, and the time until the next try to open it. Pure; it touches no camera."""

from __future__ import annotations

import enum
import math


class State(enum.Enum):
    """How we stand to the camera."""

    OPENING = "opening"
    """It was never open, and is about to be."""
    LOOKING = "looking"
    """It is open, and ours."""
    RELEASED = "released"
    """It is closed: somebody wants it for another program, until a time or until it is resumed."""
    WAITING = "waiting"
    """It is closed: it was busy when we tried to open it, and is tried again in a moment."""
    ENDED = "ended"
    """Its source has no more frames."""


class Happened(enum.Enum):
    """What moves us from one state to another."""

    OPENED = "opened"
    BUSY = "busy"
    RELEASE = "release"
    END = "end"


TABLE = {
    (State.OPENING, Happened.OPENED): State.LOOKING,
    (State.OPENING, Happened.BUSY): State.WAITING,
    (State.OPENING, Happened.RELEASE): State.RELEASED,
    (State.LOOKING, Happened.RELEASE): State.RELEASED,
    (State.LOOKING, Happened.END): State.ENDED,
    (State.RELEASED, Happened.OPENED): State.LOOKING,
    (State.RELEASED, Happened.BUSY): State.WAITING,
    (State.RELEASED, Happened.RELEASE): State.RELEASED,
    (State.WAITING, Happened.OPENED): State.LOOKING,
    (State.WAITING, Happened.BUSY): State.WAITING,
    (State.WAITING, Happened.RELEASE): State.RELEASED,
}


class Access:
    """The camera's session: its state, and when, time.monotonic() in s, a camera that is not ours is tried again."""

    def __init__(self) -> None:
        self.state = State.OPENING
        self.had = False
        """Whether it ever was open."""
        self._again_at = -math.inf

    def happened(self, what: Happened, again_at: float = -math.inf) -> None:
        """Go on by the table. again_at: when to try next, where it is closed now. Raises KeyError for what can't be."""
        self.state = TABLE[self.state, what]
        self._again_at = again_at
        self.had = self.had or what is Happened.OPENED

    def resume(self) -> None:
        """Try to open it at once, whatever was wished before."""
        self._again_at = -math.inf

    @property
    def away(self) -> bool:
        """Whether other programs may have it."""
        return self.state in (State.RELEASED, State.WAITING)

    def left(self, now: float) -> float:
        """How long until it is to be tried, s; 0 or less: now."""
        return self._again_at - now if self.away else 0.0
