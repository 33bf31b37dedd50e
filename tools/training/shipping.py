"""The trained network into place: int8, compared with itself as float and between runtimes, described in focus.json."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np

from focuscam.focus import measures
from training import quantise, runtimes
from training.networks import logits, multiply_adds
from training.patches import SIDE, Patches

CALIBRATION = 600
"""Patches that the ranges of the int8 network are taken from."""


def agreement(model: keras.Model, outputs: list[str], content: bytes, patches: Patches) -> dict[str, float]:
    """Share of patches on which int8 decides "focus" as float does, on each runtime; and one runtime as the other."""
    focus = outputs.index("focus")
    chosen = np.linspace(0, len(patches) - 1, min(len(patches), 4000)).astype(int)
    luma = patches.luma[chosen]
    exact = logits(model, luma)[:, focus] >= 0
    decisions = {name: runtimes.probabilities(content, luma, name)[:, focus] >= 0.5 for name in runtimes.installed()}
    figures = {f"{name} against float": float((said == exact).mean()) for name, said in decisions.items()}
    if len(decisions) == 2:
        one, other = decisions.values()
        figures[" against ".join(decisions)] = float((one == other).mean())
    return figures


def ship(
    model: keras.Model, outputs: list[str], patches: Patches, held_out: Patches, out: Path, card: dict[str, Any]
) -> dict[str, Any]:
    """Write focus.tflite and focus.json to the folder `out`; returns what the json says.

    outputs: the names of the network's outputs. patches: to calibrate with. held_out: to compare int8
    with float on. card: what else the json is to say.
    """
    rng = np.random.default_rng(0)
    calibration = patches.luma[rng.choice(len(patches), min(CALIBRATION, len(patches)), replace=False)]
    network = quantise.plain(quantise.folded(model))
    content = quantise.to_int8(network, calibration)
    figures = {name: round(value, 4) for name, value in agreement(model, outputs, content, held_out).items()}
    card = {
        "kind": "patches",
        "patch": SIDE,
        "input": {
            "type": "uint8 luma (n, 64, 64, 1)",
            "normalised": "focuscam.focus.measures.normalised",
            "mean": measures.MEAN,
            "spread": measures.SPREAD,
            "most_gain": measures.MOST_GAIN,
        },
        "outputs": outputs,
        **card,
        "multiply_adds_per_patch": multiply_adds(outputs=len(outputs)),
        "same_decision": figures,
        "date": datetime.date.today().isoformat(),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "focus.tflite").write_bytes(content)
    (out / "focus.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return card
