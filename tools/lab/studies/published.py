"""The experiments that were published with the seed network, run again: kernel, epochs, focused against unfocused."""

from __future__ import annotations

from typing import Any

import numpy as np

from lab.studies import pictures, runs
from lab.studies.arithmetic import multiply_adds
from lab.studies.options import Options
from lab.studies.report import Result
from lab.training import seed
from lab.training.photos import Losses

KERNEL = {3: 0.90625, 5: 0.859375, 7: 0.421875}
EPOCHS = {100: 0.90625, 1000: 0.9874}
KINDS = {"focused": 1.0, "unfocused": 0.8125}
LETTERS = {"focused": "S", "unfocused": "FM", "out of focus": "F", "shaken": "M"}
"""Which kinds of photo a figure is about; the last two make up the second."""
LEAST = {3: 22, 5: 36, 7: 50}
"""The smallest picture, px, that leaves something after three convolutions of this kernel."""


def share(answers: runs.Answers, letters: str = "SFM") -> float:
    """Share judged rightly among the photos of these kinds; NaN where there are none."""
    right, n = (sum(answers[letter][i] for letter in letters) for i in (0, 1))
    return right / n if n else float("nan")


def one_answer(answers: runs.Answers) -> bool:
    """Whether all photos got the same answer: a network that has learned nothing."""
    sharp = [answers["S"][0] == answers["S"][1], answers["S"][0] == 0]
    blurred = [sum(answers[k][0] for k in "FM") == 0, all(answers[k][0] == answers[k][1] for k in "FM")]
    return (sharp[0] and blurred[0]) or (sharp[1] and blurred[1])


def row(what: str, split: str, published: float | None, said: list[runs.Said], letters: str = "SFM") -> dict[str, Any]:
    """One line of a table, from what the networks of several runs said."""
    shares = [share(one["held_out"], letters) for one in said]
    shares = [value for value in shares if not np.isnan(value)]
    line: dict[str, Any] = {
        "what": what,
        "split": split,
        "published": published,
        "ours": round(float(np.mean(shares)), 4) if shares else None,
        "lowest": round(min(shares), 4) if shares else None,
        "highest": round(max(shares), 4) if shares else None,
        "runs": len(said),
        "n": sum(one["held_out"][letter][1] for one in said for letter in letters),
    }
    if letters == "SFM":
        line["runs with one answer"] = sum(one_answer(one["held_out"]) for one in said)
    unseen = [one["unseen"] for one in said if one["unseen"]]
    if unseen:
        line["unseen"] = round(float(np.mean([share(one, letters) for one in unseen])), 4)
        line["unseen n"] = sum(unseen[0][letter][1] for letter in letters)
    return line


def run(options: Options) -> Result:
    """The study that options.study names: kernel, epochs or kinds. Raises ValueError with a sentence for the user."""
    kernels = options.kernels if options.study == "kernel" else [3]
    for kernel in kernels:
        if not LEAST[kernel] <= options.side <= seed.SIDE:
            raise ValueError(f"--side must be {LEAST[kernel]} to {seed.SIDE} for a kernel of {kernel}.")
    losses = Losses()
    if options.data is None and not options.simulate:
        raise ValueError("give --data with the data set, or --simulate with folders of sharp photos.")
    folder = options.data or pictures.simulated(
        options.simulate or [], options.scenes, options.seed, options.work, losses
    )
    photos = pictures.load(folder, options.scenes, options.side, losses)
    unseen = pictures.load(options.unseen, None, options.side, losses) if options.unseen else None
    losses.tell()
    wanted = options.looks
    rows = []
    for split in options.split:
        for kernel in kernels:
            plan = [runs.Run(kernel, options.side, split, options.seed + i) for i in range(options.runs)]
            said = [runs.train(one, wanted, photos, unseen, options.work) for one in plan]
            if options.study == "kernel":
                line = row(f"kernel {kernel}", split, KERNEL.get(kernel), [one[wanted[0]] for one in said])
                rows.append({**line, "multiply-adds": multiply_adds(seed.network(kernel, options.side))})
            elif options.study == "epochs":
                for epochs in wanted:
                    rows.append(row(f"{epochs} epochs", split, EPOCHS.get(epochs), [one[epochs] for one in said]))
            else:
                last = [one[wanted[0]] for one in said]
                rows += [row(what, split, KINDS.get(what), last, letters) for what, letters in LETTERS.items()]
    learned, held_out = photos.split(options.split[0], options.seed)
    majority = float(np.mean(photos.kinds != "S"))
    size = {
        "photos": "as given" if options.data else "simulated from sharp ones",
        "scenes": photos.scenes,
        "photos to train with": len(learned),
        "photos held out in a run": len(held_out),
        "side": options.side,
        "epochs": wanted,
        "runs": options.runs,
        "seed": options.seed,
        "published size": "350 scenes, side 256, 100 epochs, 5 runs, split by file",
    }
    notes = [
        f'Always saying "blurred" would be right on {majority:.3f} of all photos.',
        "lowest and highest are single runs; n counts the held-out photos of all runs.",
    ]
    return Result(options.study, size, rows, notes)
