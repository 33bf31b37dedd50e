"""One training of the published network, asked at some epochs, kept on disk: a study that was stopped goes on."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypedDict

import keras
import numpy as np
from tqdm import tqdm

from lab.studies.pictures import Pictures
from lab.training import seed

EVERY = 50
"""A run is saved after so many epochs."""


@dataclass(frozen=True)
class Run:
    """What decides a run, besides the photos."""

    kernel: int
    side: int
    split: str
    seed: int
    """Of the split, the weights and the order."""

    def __str__(self) -> str:
        return f"kernel {self.kernel}, by {self.split}, run {self.seed}"


Answers = dict[str, list[int]]
"""For each kind of photo, S, F and M: how many were judged rightly, and of how many."""


class Said(TypedDict):
    """What a network made of photos that it was not trained on."""

    held_out: Answers
    unseen: Answers | None


class State(TypedDict):
    """How far a run has come, as it is kept."""

    epochs: int
    said: dict[str, Said]
    """By epoch."""


def asked(model: keras.Model, pictures: Pictures) -> Answers:
    """What the network, at one half, makes of the photos."""
    sharp = model.predict(pictures.x, seed.BATCH, verbose=0)[:, 0] >= 0.5
    kinds = pictures.kinds
    right = sharp == (kinds == "S")
    return {kind: [int(right[kinds == kind].sum()), int((kinds == kind).sum())] for kind in "SFM"}


def train(run: Run, epochs: list[int], pictures: Pictures, unseen: Pictures | None, work: Path) -> dict[int, Said]:
    """Train to the last of the epochs; what was said at each of them.

    What an earlier call has done is taken from `work`, and training goes on from there.
    """
    digest = hashlib.sha256(pictures.x.tobytes() + (unseen.x.tobytes() if unseen else b"")).hexdigest()[:8]
    name = f"seed-{digest}-" + "-".join(str(value) for value in asdict(run).values())
    told, checkpoint = work / f"{name}.json", work / f"{name}.keras"
    state: State = (
        json.loads(told.read_text()) if told.is_file() and checkpoint.is_file() else {"epochs": 0, "said": {}}
    )
    wanted = sorted(set(epochs))
    if all(str(epoch) in state["said"] for epoch in wanted):
        return {epoch: state["said"][str(epoch)] for epoch in wanted}
    if any(epoch <= state["epochs"] and str(epoch) not in state["said"] for epoch in wanted):
        state["epochs"] = 0  # it was not asked then: again from the start
    learned, held_out = pictures.split(run.split, run.seed)
    y = (learned.kinds == "S").astype(np.float32)
    keras.utils.set_random_seed(run.seed)
    first = state["epochs"]
    if first:
        model = keras.models.load_model(checkpoint)
    else:
        model = seed.network(run.kernel, run.side)
        model.compile(keras.optimizers.Adam(), loss="binary_crossentropy")
    work.mkdir(parents=True, exist_ok=True)
    rare = 0.1 if sys.stderr.isatty() else 20
    with tqdm(total=wanted[-1], initial=first, desc=str(run), unit="epoch", leave=False, mininterval=rare) as bar:
        for stop in sorted({*wanted, *range(EVERY, wanted[-1], EVERY)}):
            if stop <= first:
                continue
            keras.utils.set_random_seed(run.seed * 10_000 + first)  # the same whether resumed or not
            tick = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: bar.update())
            model.fit(learned.x, y, seed.BATCH, stop - first, verbose=0, callbacks=[tick])
            first = stop
            if stop in wanted:
                state["said"][str(stop)] = {
                    "held_out": asked(model, held_out),
                    "unseen": asked(model, unseen) if unseen else None,
                }
            state["epochs"] = stop
            # Neither file is ever half written: a run that is killed here is taken up again.
            partial = work / f"{name}.part.keras"
            model.save(partial)
            partial.replace(checkpoint)
            told.write_text(json.dumps(state))
    return {epoch: state["said"][str(epoch)] for epoch in wanted}
