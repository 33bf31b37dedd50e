"""Medians of all jobs in one run, by runtime and threads."""

from __future__ import annotations

import os
import time
from pathlib import Path
from statistics import median

import cv2

from focuscam.focus import runtime
from focuscam.focus.model import BATCH, FocusModel
from lab.benchmark import first_score, seed_network
from lab.benchmark.jobs import Jobs, classical, frame_of_a_camera, ours

RUNTIMES = {"litert": "LiteRT", "tflite": "tflite-runtime"}
WARM_UP = 10
MACHINE = "this machine"
"""The column of what belongs to no runtime."""

Columns = dict[str, dict[str, float]]
"""Costs by column (runtime and threads) and row."""


def timed(jobs: Jobs, repeat: int) -> dict[str, float]:
    """Median time of each job, ms.

    They take turns, so that whatever else the machine does meets all of them alike; each runs once
    unseen before it is timed, as in a loop of its own, so that none pays for what another left in the caches.
    """
    spans: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(repeat + min(WARM_UP, repeat)):
        for name, job in jobs.items():
            job()
            start = time.perf_counter()
            job()
            if turn >= min(WARM_UP, repeat):
                spans[name].append(time.perf_counter() - start)
    return {name: median(each) * 1000 for name, each in spans.items()}


def run(chosen: Path | None, seed_model: Path, repeat: int) -> tuple[Columns, str]:
    """Costs, and a remark on the seed network. Raises FocuscamError.

    chosen: the model, None for the shipped one.
    """
    frame = frame_of_a_camera()
    found, remark = seed_network.found(seed_model)
    columns: Columns = {}
    everybody = os.cpu_count() or 1
    for name in runtime.installed():
        for threads in dict.fromkeys((1, everybody)):
            cv2.setNumThreads(threads)
            model = FocusModel(chosen, threads, name)
            jobs = ours(model, frame)
            jobs |= {
                f"seed network, {kind}": seed_network.step(content, name, threads) for kind, content in found.items()
            }
            cost = timed(jobs | classical(), repeat)
            for other in (*(f"seed network, {kind}" for kind in found), "variance of Laplacian", "Tenengrad"):
                cost[f"{other} / whole step"] = cost[other] / cost["whole step"]
            columns[f"{RUNTIMES[name]}, {threads} thread{'s' * (threads > 1)}"] = cost
    per_patch = int(model.card.get("multiply_adds_per_patch", 0))
    size = {
        "multiply-adds a frame, millions": per_patch * BATCH / 1e6,
        "of the seed network, millions": seed_network.MULTIPLY_ADDS / 1e6,
        "model file, kB": model.path.stat().st_size / 1000,
    }
    columns[MACHINE] = size | first_score.start_up(chosen, min(3, repeat))
    return columns, remark


def table(columns: Columns) -> str:
    """The costs as text."""
    single = columns[MACHINE]
    columns = {name: cost for name, cost in columns.items() if name != MACHINE}
    rows = list(next(iter(columns.values())))
    width = max(map(len, [*rows, *single]))
    lines = [" " * width + "".join(f"  {name:>26}" for name in columns)]
    lines += [f"{row:{width}}" + "".join(f"  {cost[row]:26.3f}" for cost in columns.values()) for row in rows]
    lines += [f"{row:{width}}  {value:26.2f}" for row, value in single.items()]
    return "\n".join(lines)
