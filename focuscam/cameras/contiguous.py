"""The contiguous memory that a camera's pictures need, of which a Pi has little: who has it, and how to have more."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from focuscam.cameras.holders import named

MORE = (
    "for more, add `,cma-256` (on a Pi with 512 MB in all `,cma-128`) to the line `dtoverlay=vc4-kms-v3d` of "
    "/boot/firmware/config.txt, and reboot"
)
"""What gives a Pi more of it. `cma=` on the kernel's command line would, too, but gives the heap another name."""

FRAMES_MB = 40
"""What our frames take: four of 4.6 MB, their small ones, and four of the sensor's; from the sizes of the formats."""
FINEST_MB = 75
"""What reading the list of an HQ Camera's modes takes for a moment: four buffers of 4056x3040 at 12 bit."""

LEAST_MB = 1.0
"""Who holds less is not named."""


def is_short(error: BaseException | None) -> bool:
    """Whether an error says that there is too little of it."""
    while error is not None:
        if isinstance(error, OSError) and error.errno == errno.ENOMEM:
            return True
        if "cannot allocate memory" in str(error).lower() or "failed to allocate" in str(error).lower():
            return True
        error = error.__cause__ or error.__context__
    return False


def total_and_free(proc: Path = Path("/proc")) -> tuple[float, float] | None:
    """How much there is, and how much of it is free, MB (2**20); None where the kernel does not tell."""
    sizes = {}
    with contextlib.suppress(OSError, ValueError):
        for line in (proc / "meminfo").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in ("CmaTotal", "CmaFree"):
                sizes[name] = int(rest.split()[0]) / 1024
    return (sizes["CmaTotal"], sizes["CmaFree"]) if len(sizes) == 2 else None


def account(proc: Path = Path("/proc")) -> str:
    """How much is free, and what else holds it, as far as it may be seen; ends without a full stop."""
    said = "there is too little contiguous memory"
    sizes = total_and_free(proc)
    if sizes is not None:
        said += f" ({sizes[1]:.0f} MB free of {sizes[0]:.0f})"
    others = [f"{name} has {size:.0f} MB of it" for name, size in _holders(proc)]
    see = "`sudo cat /sys/kernel/debug/dma_buf/bufinfo` shows who has it, such as a desktop and its browser"
    return f"{said}; {', '.join(others) or see}; {MORE}"


def _holders(proc: Path) -> list[tuple[str, float]]:
    """Other programs that hold buffers of devices, with MB (2**20), the most first; root sees all, others their own."""
    found = []
    for folder in proc.glob("[0-9]*/fdinfo"):
        pid = int(folder.parent.name)
        if pid == os.getpid():
            continue
        buffers: dict[str, int] = {}
        with contextlib.suppress(OSError, ValueError):
            for info in folder.iterdir():
                told = dict(line.split(":", 1) for line in info.read_text().splitlines() if ":" in line)
                if "exp_name" in told:  # of a dma-buf alone; the inode tells two descriptors of one buffer
                    buffers[told.get("ino", info.name)] = int(told["size"])
        megabytes = sum(buffers.values()) / 2**20
        if megabytes >= LEAST_MB:
            found.append((named([pid], proc)[0], megabytes))
    return sorted(found, key=lambda each: -each[1])
