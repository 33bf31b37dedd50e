"""The trained network into place: int8, compared with itself as float and between runtimes, described in focus.json."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from focuscam.focus import measures
from focuscam.focus.measures import folded
from lab.training import live, quantise, runtimes
from lab.training.networks import CENTRE, FOLD, logits, multiply_adds
from lab.training.patches import SIDE, Patches


def agreement(model: keras.Model, content: bytes, patches: Patches) -> dict[str, float]:
    """Share of patches on which int8 decides "focus" as float does, on each runtime; and one runtime as the other."""
    luma = patches.luma
    exact = live.focus(logits(model, luma)) >= 0
    decisions = {
        name: live.focus(runtimes.probabilities(content, folded(luma, FOLD), name)) >= 0.5
        for name in runtimes.installed()
    }
    figures = {f"{name} against float": float((said == exact).mean()) for name, said in decisions.items()}
    if len(decisions) == 2:
        one, other = decisions.values()
        figures[" against ".join(decisions)] = float((one == other).mean())
    return figures


def ship(
    model: keras.Model,
    outputs: list[str],
    calibration: npt.NDArray[np.uint8],
    held_out: Patches,
    out: Path,
    card: dict[str, Any],
) -> dict[str, Any]:
    """Write focus.tflite and focus.json to the folder `out`; returns what the json says.

    outputs: the names of the network's outputs. calibration: patches that the ranges of the int8 network are
    taken from. held_out: to compare int8 with float on. card: what else the json is to say.
    """
    convolutions = [layer for layer in model.layers if layer.name.startswith("conv")]
    channels = tuple(layer.filters for layer in convolutions)
    network = quantise.plain(quantise.folded(model), FOLD, convolutions[0].padding)
    content = quantise.to_int8(network, folded(calibration, FOLD), CENTRE)
    figures = {name: round(value, 4) for name, value in agreement(model, content, held_out).items()}
    card = {
        "kind": "patches",
        "patch": SIDE,
        "fold": FOLD,
        "input": {
            "type": f"uint8 luma (n, {SIDE // FOLD}, {SIDE // FOLD}, {FOLD**2})",
            "folded": "focuscam.focus.measures.folded",
            "normalised": "focuscam.focus.measures.normalised",
            "mean": measures.MEAN,
            "spread": measures.SPREAD,
            "most_gain": measures.MOST_GAIN,
        },
        "outputs": outputs,
        **card,
        "multiply_adds_per_patch": multiply_adds(channels, outputs=len(outputs)),
        "same_decision": figures,
        "date": datetime.date.today().isoformat(),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "focus.tflite").write_bytes(content)
    (out / "focus.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return card
