"""`tools/train.py live`: folders of photos in, models/focus.tflite and focus.json out."""

from __future__ import annotations

import argparse
import importlib.util
import json
import shlex
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training import gathering
from training.patches import Patches
from training.photos import Losses

RADII = (1.0, 1.4, 2.0, 2.8, 4.0, 8.0)
"""Blur, px, that the network is asked about: is it less than this? Together the answers say how large it is."""
STEEPNESS = 6.0
"""An answer's target is 1 / (1 + (blur / radius) ** STEEPNESS)."""
FOCUS = 2
"""Which of RADII stands for "in focus" where only one answer is wanted."""
AXES = (0, 45, 90, 135)
"""Degrees of the axes along which it is asked."""
OUTPUTS = [
    *(f"within_{radius:.1f}_at_{axis}" for axis in AXES for radius in RADII),
    "motion",
    "shaken",
]


def focus(said: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Of each patch the answer that stands for "in focus", where only one is wanted: that of the worst axis."""
    result: npt.NDArray[np.float32] = said[:, FOCUS : len(AXES) * len(RADII) : len(RADII)].min(1)
    return result


EXAMPLES = 600, 2400
"""Patches kept for `ship`: those that int8 ranges are taken from, and those of other scenes that it is compared on."""


def run(options: argparse.Namespace) -> None:
    """Patches, training, int8, in place. Raises ValueError with a sentence for the user."""
    if options.resume and not (options.work / "live.keras").is_file():
        raise ValueError(f"there is nothing to resume in {options.work}: train without --resume first.")
    losses = Losses()
    work = gathering.jobs(
        options.photos,
        options.sweeps,
        options.stacks,
        options.invented,
        options.patches,
        options.seed,
        losses,
        options.licences,
        options.without,
    )
    if not work:
        raise ValueError("there is nothing to train on: give --photos, --sweeps, --stacks or --invented.")
    patches = gathering.gather(work, options.work, options.workers, losses)
    losses.tell()
    # Only now, when the patches are made: the threads of what trains and new processes do not mix.
    import keras

    from training import fitting, networks

    train, held_out = fitting.split(patches)
    kinds = [job.kind for job in work]
    _keep(options.work, train, held_out, {
        "command": shlex.join(["tools/train.py", *sys.argv[1:]]),
        "backend": keras.backend.backend(),
        "seed": options.seed,
        "epochs": options.epochs,
        "sources": {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
        "patches": len(train),
        "patches_held_out": len(held_out),
        "passed_over": {reason: len(names) for reason, names in losses.reasons.items()},
    })  # fmt: skip
    keras.utils.set_random_seed(options.seed)
    plan = fitting.Plan(options.epochs, options.seed)
    teacher = None
    if options.teacher:
        wide = networks.live(len(OUTPUTS), networks.TEACHER, fold=1, padding="valid")
        teacher = fitting.fit(wide, train, held_out, plan, options.work, name="teacher")
    network = networks.live(len(OUTPUTS), networks.CHANNELS)
    fitting.fit(network, train, held_out, plan, options.work, options.resume, teacher=teacher)
    if importlib.util.find_spec("tensorflow") is None:
        print(f"{options.work / 'live.keras'}: trained. TensorFlow makes it int8, where it is: tools/train.py ship")
    else:
        ship(options)


def ship(options: argparse.Namespace) -> None:
    """The network that `run` left in the work folder as int8, in place. Raises ValueError, OSError."""
    if not (options.work / "live.keras").is_file():
        raise ValueError(f"there is no trained network in {options.work}: tools/train.py live makes one.")
    from training import fitting, shipping

    model = fitting.kept(options.work / "live.keras")
    with np.load(options.work / "examples.npz") as file:
        calibration, luma, spread, motion = (file[name] for name in ("calibration", "luma", "spread", "motion"))
    told = json.loads((options.work / "training.json").read_text())
    figures = json.loads((options.work / "live.json").read_text())["held_out"]
    figures = {name: round(value, 4) for name, value in figures.items()}
    held_out = Patches(luma, spread, motion, np.zeros(len(luma), np.int32))
    card = shipping.ship(
        model,
        OUTPUTS,
        calibration,
        held_out,
        options.out,
        {
            "axes": list(AXES),
            "radii": list(RADII),
            "steepness": STEEPNESS,
            "threshold": 0.5,
            "training": told,
            "held_out": figures,
        },
    )
    print(f"{options.out / 'focus.tflite'}: {card['bytes']} bytes; held out {figures}; same {card['same_decision']}")


def _keep(work: Path, train: Patches, held_out: Patches, told: dict[str, Any]) -> None:
    """What `ship` needs besides the network."""
    rng = np.random.default_rng(0)
    chosen = rng.choice(len(train), min(EXAMPLES[0], len(train)), replace=False)
    asked = held_out.where(rng.choice(len(held_out), min(EXAMPLES[1], len(held_out)), replace=False))
    work.mkdir(parents=True, exist_ok=True)
    calibration = train.luma[chosen]
    np.savez_compressed(
        work / "examples.npz", calibration=calibration, luma=asked.luma, spread=asked.spread, motion=asked.motion
    )
    (work / "training.json").write_text(json.dumps(told, indent=2), encoding="utf-8")
