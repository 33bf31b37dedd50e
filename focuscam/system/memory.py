"""Memory that was freed and is still ours."""

from __future__ import annotations

import contextlib
import ctypes


def give_back() -> None:
    """Give the system what was needed for a moment and freed; a C library that can't is left alone.

    glibc takes large arrays that come and go for a habit, and from then on keeps up to 64 MB for the next ones.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
