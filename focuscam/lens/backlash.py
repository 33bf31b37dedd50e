"""The way to a position: backlash is always taken up from the same side."""

from __future__ import annotations


def way(here: int, there: int, backlash: int, slack: int = 0) -> list[int]:
    """The motor positions to go to, one after the other, so that on arriving there the play is taken up from below.

    here, there: of the motor, steps; `there` lies at `backlash` or above, else there would be no room below it.
    slack: steps upwards that the motor would make now before the ring follows, at most `backlash`.
    """
    if there == here and slack == 0:
        return []
    return [there] if there >= here + slack and there > here else [there - backlash, there]


def slack_after(step: int, backlash: int, slack: int) -> int:
    """The slack after a motor step, 1 or -1."""
    return min(slack + 1, backlash) if step < 0 else max(slack - 1, 0)
