"""The way to a position: backlash is always taken up from the same side."""

from __future__ import annotations


def way(here: int, there: int, backlash: int) -> list[int]:
    """The motor positions to go to, one after the other, so that the last move goes upwards by the backlash at least.

    What is asked for lies at `backlash` or above: else there would be no room below it.
    """
    if there == here:
        return []
    # On the way up the play is taken up already: it was at the end of the move before.
    return [there] if there > here else [there - backlash, there]
