"""The live network, narrower and wider, on larger and smaller patches: what accuracy costs in multiply-adds."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from focuscam.focus.measures import normalised
from lab.evaluation.statistics import auc
from lab.studies.arithmetic import multiply_adds
from lab.studies.options import Options
from lab.studies.report import Result
from lab.training import fitting, gathering, kaggle, live, networks
from lab.training.patches import SIDE, Patches
from lab.training.photos import Losses, cells, read

EACH = 12
"""Patches that a photo is judged by, as the light does."""
STRIDE = 32
"""Px between the places that they are chosen from."""


def middle(luma: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """The middle of patches (n, 64, 64), normalised anew: (n, side, side)."""
    rim = (SIDE - side) // 2
    return normalised(np.ascontiguousarray(luma[:, rim : rim + side, rim : rim + side]))


def telling(path: Path) -> npt.NDArray[np.uint8]:
    """The places of a photo with the most detail: (12 or fewer, 64, 64) uint8.

    Raises ValueError where the photo cannot be read or is smaller than a patch.
    """
    luma = read(path, 640)
    if min(luma.shape) < SIDE:
        raise ValueError(f"{path} is smaller than a patch of {SIDE} px.")
    detail, _ = cells(luma, SIDE, STRIDE)
    order = detail.ravel().argsort()[::-1][:EACH]
    corners = STRIDE * np.stack(np.unravel_index(order, detail.shape), axis=1)
    cuts = [luma[top : top + SIDE, left : left + SIDE] for top, left in corners]
    return np.asarray(np.clip(np.rint(np.stack(cuts)), 0, 255), np.uint8)


def sharpness(model: keras.Model, patches: npt.NDArray[np.uint8], side: int) -> float:
    """How sharp a photo is by its patches: the mean logit of "focus" over the better half of them."""
    said = np.sort(live.focus(networks.logits(model, middle(patches, side))))
    return float(said[len(said) // 2 :].mean())


def figures(model: keras.Model, held_out: Patches) -> dict[str, Any]:
    """On patches that were held out: accuracy, and AUC of sharp against defocus and against motion."""
    score = live.focus(networks.logits(model, held_out.luma))
    sharp = held_out.blur < live.RADII[live.FOCUS]
    against = {
        "AUC defocus": ~sharp & (held_out.motion == 0),
        "AUC motion": ~sharp & (held_out.motion == 1),
    }
    line: dict[str, Any] = {"accuracy": round(float(((score > 0) == sharp).mean()), 4)}
    for name, blurred in against.items():
        line[name] = round(auc(list(score[sharp]), list(score[blurred])).value, 4)
    return {**line, "n": len(held_out)}


def run(options: Options) -> Result:
    """Train each network, ask each. Raises ValueError with a sentence for the user."""
    for side in options.sides:
        if not 32 <= side <= SIDE or side % 2:
            raise ValueError(f"--sides must be even and from 32 to {SIDE}.")
    (epochs,) = options.looks
    losses = Losses()
    work = gathering.jobs(options.photos, [], [], options.invented, options.patches, options.seed, losses)
    if not work:
        raise ValueError("there is nothing to train on: give --photos or --invented.")
    patches = gathering.gather(work, options.work, 1, losses)
    asked: dict[str, list[npt.NDArray[np.uint8]]] = {}
    for photo in kaggle.photos(options.unseen, losses) if options.unseen else []:
        asked.setdefault(photo.kind, []).append(telling(photo.path))
    losses.tell()
    # One setting is varied at a time, around the network that is shipped.
    usual = (networks.CHANNELS, SIDE)
    settings = [(channels, SIDE) for channels in options.widths] + [(networks.CHANNELS, side) for side in options.sides]
    settings = sorted(set(settings), key=lambda one: (one[1] != SIDE, one))
    rows, held = [], {}
    for split in options.split:
        # By file: each patch is a scene of its own, so that its photo is on both sides.
        scene = patches.scene if split == "scene" else np.random.default_rng(options.seed).permutation(len(patches))
        for channels, side in settings:
            chosen = Patches(middle(patches.luma, side), patches.spread, patches.motion, scene.astype(np.int32))
            keras.utils.set_random_seed(options.seed)
            model = networks.live(len(live.OUTPUTS), channels, side=side)
            plan = fitting.Plan(epochs, options.seed)
            told = repr([channels, side, split, plan, hashlib.sha256(chosen.luma.tobytes()).hexdigest()])
            folder = options.work / f"live-{hashlib.sha256(told.encode()).hexdigest()[:8]}"
            train, held_out = fitting.split(chosen)
            model = fitting.fit(model, train, held_out, plan, folder, resume=(folder / "live.json").is_file())
            held[split] = (len(train), len(held_out))
            cost = multiply_adds(model)
            line = {
                "channels": " ".join(map(str, channels)) + (" (ours)" if (channels, side) == usual else ""),
                "patch": side,
                "split": split,
                "multiply-adds": cost,
                "of twelve": EACH * cost,
                **figures(model, held_out),
            }
            scores = {kind: [sharpness(model, one, side) for one in several] for kind, several in asked.items()}
            for name, kind in (("photos defocus", "F"), ("photos motion", "M")):
                if scores:
                    line[name] = round(auc(scores["S"], scores[kind]).value, 4)
            rows.append({**line, "photos n": sum(map(len, scores.values()))} if scores else line)
    size = {
        "photos": sum(job.kind == "photo" for job in work),
        "invented pictures": sum(job.kind == "invented" for job in work),
        "patches to train with": [held[split][0] for split in options.split],
        "epochs": epochs,
        "runs": 1,
        "seed": options.seed,
    }
    notes = [
        f"A patch is sharp where its blur is under {live.RADII[live.FOCUS]:g} px; AUC: of sharp ones against blurred.",
        "Float networks. A smaller patch is the middle of the 64 px one. The photos are judged by twelve patches each.",
    ]
    return Result("arithmetic", size, rows, notes)
