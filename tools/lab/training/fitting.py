"""Training a network, epoch by epoch: a bar to watch, a checkpoint to go on from, figures on scenes held out."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from tqdm import tqdm

from lab.training import live
from lab.training.networks import Batches, logits, masked_cross_entropy, targets
from lab.training.patches import Patches

HELD_OUT = 9
"""One scene of so many is kept from training, to see how the network does on scenes that it does not know."""

LEAST_BATCH = 64
"""A norm over fewer patches says little."""


def split(patches: Patches) -> tuple[Patches, Patches]:
    """Patches to train with and to validate with; never the same scene in both.

    Raises ValueError where there are fewer than two scenes.
    """
    known = np.unique(patches.scene)
    if len(known) < 2:
        raise ValueError(
            "two scenes are needed at least, one to train with and one to validate with: give more photos."
        )
    held_out = known[min(3, len(known) - 1) :: HELD_OUT]
    kept = np.isin(patches.scene, held_out)
    return patches.where(~kept), patches.where(kept)


@dataclass(frozen=True)
class Plan:
    """How to train."""

    epochs: int
    seed: int
    batch: int = 512
    rate: float = 3e-3


def fit(
    model: keras.Model,
    train: Patches,
    validation: Patches,
    plan: Plan,
    folder: Path,
    resume: bool = False,
    name: str = "live",
    teacher: keras.Model | None = None,
) -> keras.Model:
    """Train the model on the patches. `folder` keeps the checkpoint; with `resume` training goes on from there.

    name: of the checkpoint. teacher: a network whose answers count as much as the labels do.
    Raises ValueError where there are too few patches for one batch, OSError where nothing was kept to resume.
    """
    batch = max(LEAST_BATCH, min(plan.batch, len(train) // 40))
    if len(train) < batch:
        raise ValueError(f"only {len(train)} patches to train with, and a batch takes {batch}: give more photos.")
    checkpoint, state = folder / f"{name}.keras", folder / f"{name}.json"
    steps = len(train) // batch * plan.epochs
    first = 0
    if resume:
        first = int(json.loads(state.read_text())["epochs"])
        model = kept(checkpoint)
    else:
        warm = min(300, steps // 4 + 1)
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, max(steps - warm, 1), 0.01, warmup_target=plan.rate, warmup_steps=warm
        )
        model.compile(keras.optimizers.AdamW(rate, weight_decay=1e-3), loss=masked_cross_entropy)
    wanted = targets(train, list(live.RADII), live.STEEPNESS)
    if teacher is not None:
        wanted = np.asarray((wanted + 1 / (1 + np.exp(-logits(teacher, train.luma)))) / 2, np.float32)
    folder.mkdir(parents=True, exist_ok=True)
    bar = epochs(range(first, plan.epochs), first, plan.epochs, name)
    for epoch in bar:
        keras.utils.set_random_seed(plan.seed * 1000 + epoch)  # dropout too repeats when training is resumed
        loss = float(model.fit(Batches(train, wanted, batch, plan.seed, epoch), verbose=0).history["loss"][0])
        figures = assess(model, validation)
        bar.set_postfix_str(f"loss {loss:.3f}, held out: " + ", ".join(f"{k} {v:.3f}" for k, v in figures.items()))
        partial = folder / f"{name}.part.keras"
        model.save(partial)
        partial.replace(checkpoint)
        state.write_text(json.dumps({"epochs": epoch + 1, "loss": loss, "held_out": figures}))
    return model


def kept(checkpoint: Path) -> keras.Model:
    """A network from its checkpoint. Raises ValueError where there is none."""
    return keras.models.load_model(checkpoint, custom_objects={"masked_cross_entropy": masked_cross_entropy})


def epochs(numbers: range, first: int, total: int, name: str) -> tqdm:
    """A bar over the epochs; where nobody watches, a line now and then."""
    quiet = not sys.stderr.isatty()
    return tqdm(numbers, name, total, initial=first, unit="epoch", mininterval=20 if quiet else 0.1)


def assess(model: keras.Model, patches: Patches) -> dict[str, float]:
    """On patches of unknown scenes: the loss, the share right about focus, and about motion against defocus."""
    said = logits(model, patches.luma)
    wanted = targets(patches, list(live.RADII), live.STEEPNESS)
    blurred = ~np.isnan(patches.motion)
    return {
        "loss": float(keras.ops.convert_to_numpy(masked_cross_entropy(wanted, said)).mean()),
        "focus": float(((live.focus(said) > 0) == (patches.blur < live.RADII[live.FOCUS])).mean()),
        "motion": float(((said[:, -2] > 0) == (patches.motion > 0.5))[blurred].mean())
        if blurred.any()
        else float("nan"),
    }
