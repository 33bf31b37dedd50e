"""The device of the contiguous memory, which not every kernel calls by the names that picamera2 looks for."""

from __future__ import annotations

import contextlib
from pathlib import Path

HEAPS = ("vidbuf_cached", "linux,cma")
"""Names below /dev/dma_heap under which picamera2 looks for it."""
OTHER_HEAPS = ("reserved", "default_cma_region", "default-pool")
"""What else kernels call it: the first with `cma=` on their command line, the second from Linux 6.17 on."""


def strange_heap(dev: Path = Path("/dev")) -> Path | None:
    """The heap where it has a name that picamera2 does not know; None where all is well, or there is none at all."""
    heaps = dev / "dma_heap"
    if any((heaps / name).exists() for name in HEAPS):
        return None
    return next((heaps / name for name in OTHER_HEAPS if (heaps / name).exists()), None)


def tell_picamera2(dev: Path = Path("/dev")) -> None:
    """Let picamera2 find a heap with another name, as libcamera does by itself; else it ends with "no dmaHeap"."""
    heap = strange_heap(dev)
    if heap is None:
        return
    with contextlib.suppress(ImportError, AttributeError):  # in another picamera2 they may be elsewhere, or known
        from picamera2 import dma_heap

        if str(heap) not in dma_heap.heapNames:
            dma_heap.heapNames.append(str(heap))
