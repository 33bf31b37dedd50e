#!/usr/bin/env -S tools/python
"""What a frame costs: our whole step, its parts, and what it replaces, in one run on this machine.

`tools/benchmark.py` prints medians in milliseconds and their ratios, on one thread and on all. With --pi it counts
instructions on an emulated Raspberry Pi 4 in their place, and fails where a step has grown.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2
import numpy as np

from focuscam.coach import Coach
from focuscam.errors import FocuscamError
from focuscam.focus import measures, patches, runtime
from focuscam.focus.model import BATCH, FocusModel
from focuscam.focus.scorer import Scorer, telling
from focuscam.messages import Frame
from focuscam.region import WHOLE, parse
from lab.pi import machine, report
from lab.places import SEED_MODEL

SEED_SIDE = 256
SEED_MULTIPLY_ADDS = 620_000_000
RUNTIMES = {"litert": "LiteRT", "tflite": "tflite-runtime"}
ROOTS = Path("/var/tmp/focuscam-arm64")
WARM_UP = 10


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/benchmark.py", description=__doc__)
    parser.add_argument("--repeat", type=int, default=100, metavar="N", help="runs of each, the median counts (100)")
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="PATH.tflite, with PATH.json beside it (the shipped one)"
    )
    parser.add_argument(
        "--seed-model", type=Path, default=SEED_MODEL, metavar="FILE", help="the seed network as int8 .tflite"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument("--pi", action="store_true", help="count instructions on an emulated Raspberry Pi 4 (as root)")
    parser.add_argument("--keep", action="store_true", help="with --pi: keep these figures, to compare the next with")
    parser.add_argument(
        "--roots", type=Path, default=ROOTS, metavar="FOLDER", help=f"with --pi: where it is made ({ROOTS})"
    )
    parser.add_argument("--first-score", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--make-seed", type=Path, help=argparse.SUPPRESS)
    return parser


def picture(height: int, width: int) -> np.ndarray:
    """Dead leaves with a little noise: as much to see as in an ordinary scene. uint8 luma."""
    rng = np.random.default_rng(0)
    canvas = np.full((height, width), 128, np.uint8)
    for _ in range(2000):
        radius = int(min(0.006 * width / (1 - rng.random()), 0.2 * width))
        cv2.circle(
            canvas, (int(rng.integers(width)), int(rng.integers(height))), radius, int(rng.integers(20, 236)), -1
        )
    noise = rng.normal(0, 3, canvas.shape)
    return np.clip(cv2.GaussianBlur(canvas, (3, 3), 0) + noise, 0, 255).astype(np.uint8)


def frame_of_a_camera() -> Frame:
    """2028x1520 and 640x480 luma, as the HQ Camera's two streams."""
    fine = picture(1520, 2028)
    return Frame(0, 0.0, fine, cv2.resize(fine, (640, 480), interpolation=cv2.INTER_AREA), 0.0)


Jobs = dict[str, Callable[[], object]]


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


def ours(model: FocusModel, frame: Frame) -> Jobs:
    """The whole step, frame in and decision out, and its parts."""
    scorer, spot, coach = Scorer(model, parse("whole")), Scorer(model, parse("spot")), Coach(model.threshold)
    assert model.patch is not None
    scales = patches.levels(frame, model.patch)
    chosen = patches.chosen(scales, WHOLE, model.patch, BATCH)
    normal = measures.normalised(chosen.luma)
    reduction = measures.reduction(max(frame.fine.shape))
    size = model.patch
    return {
        "whole step": lambda: coach.update(scorer.score(frame)),
        "whole step, spot": lambda: coach.update(spot.score(frame)),
        "  scales": lambda: patches.levels(frame, size),
        "  choice of patches": lambda: patches.chosen(scales, WHOLE, size, BATCH),
        "  normalising": lambda: measures.normalised(chosen.luma),
        "  is there anything": lambda: telling(chosen, scales, 3.0),
        "  network": lambda: model.judge(normal),
        "  contrast": lambda: measures.noise_and_contrast(frame.fine, reduction),
        "focus map": lambda: scorer.map(frame),
    }


def classical() -> Jobs:
    """What people write, on 1280x720."""
    colour = cv2.cvtColor(picture(720, 1280), cv2.COLOR_GRAY2BGR)
    grey = colour[:, :, 0].copy()
    return {
        "variance of Laplacian": lambda: cv2.Laplacian(cv2.cvtColor(colour, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var(),
        "Tenengrad": lambda: np.mean(cv2.Sobel(grey, cv2.CV_64F, 1, 0) ** 2 + cv2.Sobel(grey, cv2.CV_64F, 0, 1) ** 2),
    }


def seed_models(path: Path) -> tuple[dict[str, bytes], str]:
    """The seed network as int8 and as float, and a remark on where it is from.

    Needs TensorFlow for what is not there, in a process of its own: the runtimes do not bear it in theirs.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([sys.executable, __file__, "--make-seed", folder], capture_output=True, check=False)
        found = {file.stem: file.read_bytes() for file in sorted(Path(folder).glob("*.tflite"))}
    if path.exists():
        found["int8"] = path.read_bytes()
    if made.returncode:
        return found, "seed network: needs TensorFlow to be made, `pip install '.[train]'`."
    return found, "" if path.exists() else "seed network: with untrained weights, which cost the same."


def make_seed(folder: Path) -> None:
    """In a process of its own: write the seed network, untrained, as int8.tflite and float.tflite."""
    import tensorflow as tf

    from convert import convert
    from lab.training.seed import network

    model = network()
    noise = np.random.default_rng(0).integers(0, 255, (8, SEED_SIDE, SEED_SIDE, 3), dtype=np.uint8)
    (folder / "int8.tflite").write_bytes(convert(model, noise))
    model.export(folder / "saved", verbose=False)
    (folder / "float.tflite").write_bytes(tf.lite.TFLiteConverter.from_saved_model(str(folder / "saved")).convert())


def seed(content: bytes, name: str, threads: int) -> Callable[[], object]:
    """The seed network with its resize of a 640x480 colour frame."""
    interpreter = runtime.interpreter(content, threads, name)
    interpreter.allocate_tensors()
    given = interpreter.get_input_details()[0]
    out = interpreter.get_output_details()[0]["index"]
    colour = cv2.cvtColor(picture(480, 640), cv2.COLOR_GRAY2BGR)

    def step() -> object:
        small = cv2.resize(colour, (SEED_SIDE, SEED_SIDE))[None]
        if given["dtype"] is np.float32:
            small = small.astype(np.float32) / 255
        interpreter.set_tensor(given["index"], small)
        interpreter.invoke()
        return interpreter.get_tensor(out)

    return step


def first_score(model: Path | None) -> None:
    """In a process of its own: from the start of the interpreter to the first score, and the memory then."""
    Scorer(FocusModel(model), parse("whole")).score(frame_of_a_camera())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def start_up(options: argparse.Namespace) -> dict[str, float]:
    """Seconds to the first score of a fresh process, and its memory, MB; median of three or fewer."""
    command = [sys.executable, __file__, "--first-score"]
    if options.model:
        command += ["--model", str(options.model)]
    spans, memory = [], []
    for _ in range(min(3, options.repeat)):
        start = time.perf_counter()
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        spans.append(time.perf_counter() - start)
        memory.append(float(told))
    return {"start to first score, s": median(spans), "memory after it, MB": median(memory)}


def run(options: argparse.Namespace) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Costs by column (runtime and threads) and row, and remarks. Raises FocuscamError."""
    frame = frame_of_a_camera()
    found, remark = seed_models(options.seed_model)
    remarks = [remark] if remark else []
    columns: dict[str, dict[str, float]] = {}
    everybody = os.cpu_count() or 1
    for name in runtime.installed():
        for threads in dict.fromkeys((1, everybody)):
            cv2.setNumThreads(threads)
            model = FocusModel(options.model, threads, name)
            jobs = ours(model, frame)
            jobs |= {f"seed network, {kind}": seed(content, name, threads) for kind, content in found.items()}
            cost = timed(jobs | classical(), options.repeat)
            for other in (*(f"seed network, {kind}" for kind in found), "variance of Laplacian", "Tenengrad"):
                cost[f"{other} / whole step"] = cost[other] / cost["whole step"]
            columns[f"{RUNTIMES[name]}, {threads} thread{'s' * (threads > 1)}"] = cost
    per_patch = int(model.card.get("multiply_adds_per_patch", 0))
    size = {
        "multiply-adds a frame, millions": per_patch * BATCH / 1e6,
        "of the seed network, millions": SEED_MULTIPLY_ADDS / 1e6,
        "model file, kB": model.path.stat().st_size / 1000,
    }
    columns["this machine"] = size | start_up(options)
    return columns, remarks


def table(columns: dict[str, dict[str, float]]) -> str:
    """The costs as text."""
    columns = dict(columns)
    single = columns.pop("this machine")
    rows = list(next(iter(columns.values())))
    width = max(map(len, [*rows, *single]))
    lines = [" " * width + "".join(f"  {name:>26}" for name in columns)]
    lines += [f"{row:{width}}" + "".join(f"  {cost[row]:26.3f}" for cost in columns.values()) for row in rows]
    lines += [f"{row:{width}}  {value:26.2f}" for row, value in single.items()]
    return "\n".join(lines)


def on_a_pi(options: argparse.Namespace) -> int:
    """Count, print, and return the exit status: 1 where a step has grown. Raises pi.machine.NoPi."""
    found = report.counted(options.roots, frame_of_a_camera())
    print(json.dumps(found) if options.json else report.table(found))
    if options.keep:
        report.keep(found)
    grown = report.grown(found)
    for sentence in grown:
        print(sentence, file=sys.stderr)
    return 1 if grown else 0


def main(given: list[str] | None = None) -> int:
    """Run, print, and return the exit status."""
    options = arguments().parse_args(given)
    try:
        if options.first_score:
            first_score(options.model)
            return 0
        if options.make_seed:
            make_seed(options.make_seed)
            return 0
        if options.pi:
            return on_a_pi(options)
        columns, remarks = run(options)
    except FocuscamError as error:
        print(error, file=sys.stderr)
        return error.status
    except machine.NoPi as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(columns) if options.json else table(columns))
    for remark in remarks:
        print(remark, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
