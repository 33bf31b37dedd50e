"""One processor for this process and all its threads, as on the smallest Pi."""

from __future__ import annotations

import os
import sys


def hold_to_one_processor() -> None:
    """Begin again on one processor: libraries make threads as they are loaded, which would keep those of now."""
    allowed = os.sched_getaffinity(0)
    if len(allowed) > 1:
        os.sched_setaffinity(0, {max(allowed)})
        os.execv(sys.executable, [sys.executable, *sys.argv])
