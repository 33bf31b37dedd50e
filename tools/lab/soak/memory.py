"""What a process has in memory. The standard library is all it takes: those who look are small processes."""

from __future__ import annotations

import os
from pathlib import Path


def resident(pid: int | str = "self") -> float:
    """Resident memory of a process, MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
