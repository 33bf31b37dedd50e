"""Training a network, epoch by epoch: a bar to watch, a checkpoint to go on from, figures on scenes held out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from tqdm import tqdm

from training.networks import Batches, logits, masked_cross_entropy, targets
from training.patches import Patches

HELD_OUT = 9
"""One scene of so many is kept from training, to see how the network does on scenes that it does not know."""


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

    radii: tuple[float, ...]
    """Blur, px, at which each of the first outputs turns (networks.targets)."""
    steepness: float
    focus: int
    """Which of the radii stands for "in focus" in the figures."""
    epochs: int
    seed: int
    batch: int = 128
    rate: float = 3e-3


def fit(model: keras.Model, patches: Patches, plan: Plan, folder: Path, resume: bool) -> keras.Model:
    """Train the model on the patches. `folder` keeps the checkpoint; with `resume` training goes on from there.

    Raises ValueError where there are too few patches for one batch, OSError where nothing was kept to resume.
    """
    train, validation = split(patches)
    if len(train) < plan.batch:
        raise ValueError(f"only {len(train)} patches to train with, and a batch takes {plan.batch}: give more photos.")
    checkpoint, state = folder / "live.keras", folder / "live.json"
    steps = len(train) // plan.batch * plan.epochs
    first = 0
    if resume:
        first = int(json.loads(state.read_text())["epochs"])
        model = keras.models.load_model(checkpoint, custom_objects={"masked_cross_entropy": masked_cross_entropy})
    else:
        warm = min(300, steps // 4 + 1)
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, max(steps - warm, 1), 0.01, warmup_target=plan.rate, warmup_steps=warm
        )
        model.compile(keras.optimizers.AdamW(rate, weight_decay=1e-3), loss=masked_cross_entropy)
    wanted = targets(train, list(plan.radii), plan.steepness)
    folder.mkdir(parents=True, exist_ok=True)
    bar = tqdm(range(first, plan.epochs), initial=first, total=plan.epochs, desc="epochs", unit="epoch")
    for epoch in bar:
        batches = Batches(train, wanted, plan.batch, plan.seed, epoch)
        keras.utils.set_random_seed(plan.seed * 1000 + epoch)  # dropout too repeats when training is resumed
        loss = float(np.mean([model.train_on_batch(*batches[i]) for i in within_one_epoch(batches)]))
        figures = assess(model, validation, plan)
        bar.set_postfix_str(f"loss {loss:.3f}, held out: " + ", ".join(f"{k} {v:.3f}" for k, v in figures.items()))
        model.save(checkpoint)
        state.write_text(json.dumps({"epochs": epoch + 1, "loss": loss, "held_out": figures}))
    return model


def within_one_epoch(batches: Batches):
    """The numbers of the batches, under a bar of their own that goes away."""
    return tqdm(range(len(batches)), desc="batches", unit="batch", leave=False)


def assess(model: keras.Model, patches: Patches, plan: Plan) -> dict[str, float]:
    """On patches of unknown scenes: the loss, the share right about focus, and about motion against defocus."""
    said = logits(model, patches.luma)
    wanted = targets(patches, list(plan.radii), plan.steepness)
    blurred = ~np.isnan(patches.motion)
    return {
        "loss": float(masked_cross_entropy(wanted, said).numpy().mean()),
        "focus": float(((said[:, plan.focus] > 0) == (patches.blur < plan.radii[plan.focus])).mean()),
        "motion": float(((said[:, len(plan.radii)] > 0) == (patches.motion > 0.5))[blurred].mean())
        if blurred.any()
        else float("nan"),
    }
