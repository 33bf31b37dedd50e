"""`tools/train.py live`: folders of photos in, models/focus.tflite and focus.json out."""

from __future__ import annotations

import argparse
import shlex
import sys

from training import gathering
from training.photos import Losses

RADII = (1.0, 1.4, 2.0, 2.8, 4.0, 8.0)
"""Blur, px, that the network is asked about: is it less than this? Together the answers say how large it is."""
STEEPNESS = 4.0
"""An answer's target is 1 / (1 + (blur / radius) ** STEEPNESS)."""
FOCUS = 2
"""Which of RADII stands for "in focus" where only one answer is wanted."""
OUTPUTS = [
    *("focus" if k == FOCUS else f"within_{radius:.1f}" for k, radius in enumerate(RADII)),
    "motion",
    "shaken",
]


def run(options: argparse.Namespace) -> None:
    """Patches, training, int8, in place. Raises ValueError with a sentence for the user."""
    if options.resume and not (options.work / "live.keras").is_file():
        raise ValueError(f"there is nothing to resume in {options.work}: train without --resume first.")
    losses = Losses()
    work = gathering.jobs(
        options.photos, options.sweeps, options.stacks, options.invented, options.patches, options.seed, losses
    )
    if not work:
        raise ValueError("there is nothing to train on: give --photos, --sweeps, --stacks or --invented.")
    patches = gathering.gather(work, options.work, options.workers, losses)
    losses.tell()
    # Only now, when the patches are made: TensorFlow's threads and new processes do not mix.
    import keras

    from training import fitting, networks, shipping

    keras.utils.set_random_seed(options.seed)
    plan = fitting.Plan(RADII, STEEPNESS, FOCUS, options.epochs, options.seed)
    model = fitting.fit(networks.live(len(OUTPUTS)), patches, plan, options.work, options.resume)
    train, held_out = fitting.split(patches)
    figures = {name: round(value, 4) for name, value in fitting.assess(model, held_out, plan).items()}
    kinds = [job.kind for job in work]
    card = shipping.ship(
        model,
        OUTPUTS,
        train,
        held_out,
        options.out,
        {
            "radii": list(RADII),
            "steepness": STEEPNESS,
            "threshold": 0.5,
            "threshold_chosen": "not yet: one half is the allowed blur of focuscam.focus.blur; "
            "tools/evaluate.py --choose-threshold",
            "training": {
                "command": shlex.join(["tools/train.py", *sys.argv[1:]]),
                "seed": options.seed,
                "epochs": options.epochs,
                "sources": {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
                "patches": len(train),
                "patches_held_out": len(held_out),
                "passed_over": {reason: len(names) for reason, names in losses.reasons.items()},
            },
            "held_out": figures,
        },
    )
    print(f"{options.out / 'focus.tflite'}: {card['bytes']} bytes; held out {figures}; same {card['same_decision']}")
    print("Next: tools/evaluate.py --choose-threshold sets the score at which the light comes on.")
